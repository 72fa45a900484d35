#include "services/grpc/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace loyalty {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Metrics, CountACallByMethodTypeAndCode) {
  Metrics metrics;
  MethodMetrics& scan = metrics.Of("/loyalty.v1.TerminalService/Scan", "unary");
  scan.Started();
  scan.Received();
  scan.Handled(5, 0.003);
  scan.Handled(99, 0.003);
  EXPECT_EQ(&metrics.Of("/loyalty.v1.TerminalService/Scan", "unary"), &scan);
  const std::string labels = R"(grpc_method="Scan",grpc_service="loyalty.v1.TerminalService",grpc_type="unary"} )";
  const std::string text = metrics.Text({});
  EXPECT_THAT(text, HasSubstr("grpc_server_started_total{" + labels + "1\n"));
  EXPECT_THAT(text, HasSubstr("grpc_server_msg_received_total{" + labels + "1\n"));
  EXPECT_THAT(text, HasSubstr("grpc_server_msg_sent_total{" + labels + "0\n"));
  EXPECT_THAT(text, HasSubstr("grpc_server_handled_total{grpc_code=\"NotFound\"," + labels + "1\n"));
  EXPECT_THAT(text, HasSubstr("grpc_server_handled_total{grpc_code=\"Unknown\"," + labels + "1\n"));
  EXPECT_THAT(text, HasSubstr("grpc_server_handling_seconds_count{" + labels + "2\n"));
}

TEST(Metrics, HaveALineForEachReasonBeforeAnythingIsRefused) {
  Metrics metrics;
  for (const ReasonFacts& facts : kReasons)
    EXPECT_THAT(metrics.Text({}), HasSubstr("loyalty_refusals_total{reason=\"" + std::string(facts.name) + "\"} 0\n"));
  metrics.Refused(Reason::kQueueFull);
  metrics.RefusedForRoom();
  EXPECT_THAT(metrics.Text({}), HasSubstr("loyalty_refusals_total{reason=\"QUEUE_FULL\"} 1\n"));
  EXPECT_THAT(metrics.Text({}), HasSubstr("loyalty_refusals_total{reason=\"TOO_MANY_CALLS\"} 1\n"));
}

TEST(Metrics, SayWhatIsNotKnownByLeavingItOut) {
  Metrics metrics;
  StateNow now;
  EXPECT_THAT(metrics.Text(now), Not(HasSubstr("loyalty_points_outstanding")));
  EXPECT_THAT(metrics.Text(now), HasSubstr("loyalty_first_end_seconds{kind=\"key\"} +Inf\n"));
  now.points = PointTotals{.available = 7, .pending = 1, .held = 0, .debt = 2};
  now.keys = {.first_seconds = 60, .soon = 1};
  EXPECT_THAT(metrics.Text(now), HasSubstr("loyalty_points_outstanding{kind=\"available\"} 7\n"));
  EXPECT_THAT(metrics.Text(now), HasSubstr("loyalty_points_outstanding{kind=\"debt\"} 2\n"));
  EXPECT_THAT(metrics.Text(now), HasSubstr("loyalty_first_end_seconds{kind=\"key\"} 60\n"));
  EXPECT_THAT(metrics.Text(now), HasSubstr("loyalty_ends_soon{kind=\"key\"} 1\n"));
}

}  // namespace
}  // namespace loyalty
