// What whoever runs a server sees of it: its metrics, and a line of the log for each call that failed or was slow.
#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <ctime>
#include <sstream>
#include <thread>

#include "tests/e2e/caller.h"
#include "tests/e2e/http_get.h"
#include "tests/e2e/server.h"
#include "tests/support/database.h"

namespace loyalty::test {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kScan[] = R"(grpc_method="Scan",grpc_service="loyalty.v1.TerminalService",grpc_type="unary"} )";
constexpr char kStream[] =
    R"(grpc_method="ScanStream",grpc_service="loyalty.v1.TerminalService",grpc_type="bidi_stream"} )";
constexpr char kTraceId[] = "4bf92f3577b34da6a3ce929d0e0e4736";

// The value of a line of the metrics, its labels included; nothing when there is no such line.
std::optional<double> ValueOf(const std::string& metrics, const std::string& line) {
  std::istringstream lines(metrics);
  for (std::string text; std::getline(lines, text);)
    if (text.rfind(line + " ", 0) == 0) return std::stod(text.substr(line.size() + 1));
  return std::nullopt;
}

using Fields = std::map<std::string, std::string>;
// The lines of the log that are about calls.
std::vector<Fields> CallsIn(const std::string& log) {
  std::vector<Fields> calls;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    google::protobuf::Struct json;
    if (!google::protobuf::util::JsonStringToMessage(line, &json).ok()) continue;
    Fields fields;
    for (const auto& [name, value] : json.fields())
      fields[name] = value.has_number_value() ? std::to_string(value.number_value()) : value.string_value();
    if (fields["message"] == "call") calls.push_back(std::move(fields));
  }
  return calls;
}

class Seen : public ::testing::TestWithParam<storage::Engine> {
 protected:
  Seen() { SetUpProgram(admin_, 1); }

  std::string Metrics() const { return Get(server_.http_port(), "/metrics"); }
  // Waits for a line that the server looks up now and then.
  void Await(const std::string& line, double value) const {
    for (int look = 0; look < 600 && ValueOf(Metrics(), line) != value; ++look)
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_EQ(ValueOf(Metrics(), line), value) << line;
  }
  // Sends scans on one stream and returns when all are answered.
  void Stream(const std::vector<v1::ScanRequest>& scans) const {
    grpc::ClientContext context;
    admin_.Prepare(context);
    context.AddMetadata("traceparent", std::string("00-") + kTraceId + "-00f067aa0ba902b7-01");
    const auto stub = v1::TerminalService::NewStub(admin_.channel());
    const auto stream = stub->ScanStream(&context);
    for (const auto& scan : scans) {
      v1::ScanStreamRequest request;
      *request.mutable_scan() = scan;
      stream->Write(request);
    }
    stream->WritesDone();
    v1::ScanStreamResponse response;
    int answers = 0;
    while (stream->Read(&response)) ++answers;
    EXPECT_EQ(answers, static_cast<int>(scans.size()));
    EXPECT_TRUE(stream->Finish().ok());
  }
  CallResult Scan(const v1::ScanRequest& scan) const {
    v1::ScanResponse response;
    return admin_.Call(&v1::TerminalService::Stub::Scan, scan, &response);
  }

  Installation installation_{GetParam()};
  Server server_{installation_, {.http = true}};
  Caller admin_{Connect(server_.address()), installation_.admin_key()};
};
INSTANTIATE_TEST_SUITE_P(Engines, Seen, kBothEngines, EngineName);

TEST_P(Seen, CallsAndEachMessageOfAStreamAreCountedByTheNamesOfTheEcosystem) {
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(Scan(PlainScan("scan-" + std::to_string(i) + "-alone", "2600000001")).ok());
  Stream({PlainScan("scan-1-of-stream", "2600000001"), PlainScan("scan-2-of-stream", "2600000002"),
          PlainScan("scan-3-of-stream", "2600000003"), PlainScan("scan-4-of-stream", "2600000004")});
  const std::string metrics = Metrics();
  for (const char* name : {"started", "msg_received", "msg_sent"})
    EXPECT_THAT(metrics, HasSubstr(std::string("grpc_server_") + name + "_total{" + kScan + "3\n")) << name;
  EXPECT_THAT(metrics, HasSubstr(std::string("grpc_server_handled_total{grpc_code=\"OK\",") + kScan + "3\n"));
  EXPECT_THAT(metrics, HasSubstr(std::string("grpc_server_started_total{") + kStream + "1\n"));
  EXPECT_THAT(metrics, HasSubstr(std::string("grpc_server_msg_received_total{") + kStream + "4\n"));
  EXPECT_THAT(metrics, HasSubstr(std::string("grpc_server_msg_sent_total{") + kStream + "4\n"));
  EXPECT_THAT(metrics, HasSubstr(std::string("grpc_server_handled_total{grpc_code=\"OK\",") + kStream + "1\n"));
}

TEST_P(Seen, WhatIsRefusedIsCountedByItsReasonAlsoOnAStream) {
  EXPECT_EQ(ValueOf(Metrics(), R"(loyalty_refusals_total{reason="TERMINAL_UNKNOWN"})"), 0) << "there before it rises";
  auto foreign = PlainScan("scan-of-nowhere", "2600000001");
  foreign.set_terminal("stores/S1/terminals/T9");
  EXPECT_EQ(Scan(foreign).reason(), "TERMINAL_UNKNOWN");
  Stream({foreign, PlainScan("scan-of-stream", "2600000001")});
  const Caller nobody(admin_.channel(), "no-key-of-ours");
  v1::ScanResponse response;
  EXPECT_EQ(nobody.Call(&v1::TerminalService::Stub::Scan, foreign, &response).reason(), "UNAUTHENTICATED");
  EXPECT_EQ(ValueOf(Metrics(), R"(loyalty_refusals_total{reason="TERMINAL_UNKNOWN"})"), 2);
  EXPECT_EQ(ValueOf(Metrics(), R"(loyalty_refusals_total{reason="UNAUTHENTICATED"})"), 1);
}

TEST_P(Seen, WhatHasNoEffectInASaleThatIsRecordedIsCountedOnce) {
  const std::string unknown = R"(loyalty_rejections_total{reason="MEMBER_UNKNOWN"})";
  EXPECT_EQ(ValueOf(Metrics(), unknown), 0);
  const auto stranger = PlainScan("scan-of-a-stranger", "9900000001");
  EXPECT_TRUE(Scan(stranger).ok());
  EXPECT_TRUE(Scan(stranger).replayed);
  Stream({PlainScan("another-stranger", "9900000002")});
  EXPECT_EQ(ValueOf(Metrics(), unknown), 2);
}

TEST_P(Seen, TheStateOfTheProgramIsThereWithoutAskingTheDatabaseAtEachLook) {
  ASSERT_TRUE(Scan(PlainScan("scan-of-today", "2600000001")).ok());  // 10 points
  const std::string store = R"(loyalty_last_receipt_time_seconds{store="stores/S1"})";
  const auto recorded = ValueOf(Metrics(), store);
  ASSERT_TRUE(recorded) << "at once, by the server that recorded it";
  EXPECT_NEAR(*recorded, static_cast<double>(std::time(nullptr)), 60);
  (void)EnrollTerminal(admin_, TerminalName(1));
  Await(R"(loyalty_jobs{state="succeeded"})", 0);
  for (const char* line :
       {R"(loyalty_first_end_seconds{kind="certificate"})", R"(loyalty_first_end_seconds{kind="key"})",
        R"(loyalty_ends_soon{kind="key"})", "loyalty_snapshot_age_seconds", "loyalty_queue_waiting",
        "process_resident_memory_bytes", "process_start_time_seconds"})
    EXPECT_TRUE(ValueOf(Metrics(), line)) << line;
  EXPECT_THAT(Metrics(), HasSubstr("loyalty_build_info{commit="));
  EXPECT_LT(*ValueOf(Metrics(), "loyalty_snapshot_age_seconds"), 60);
  // What another server, or this one before, has recorded.
  admin_ = Caller(nullptr, "");  // hangs up: the server waits for nobody
  EXPECT_EQ(server_.Stop(), 0);
  server_.Start();
  Await(R"(loyalty_points_outstanding{kind="available"})", 10);
  Await(R"(loyalty_points_outstanding{kind="debt"})", 0);
  EXPECT_NEAR(ValueOf(Metrics(), store).value_or(0), *recorded, 1);
}

TEST_P(Seen, AKeyThatEndsSoonIsCounted) {
  const std::string soon = R"(loyalty_ends_soon{kind="key"})";
  EXPECT_EQ(ValueOf(Metrics(), soon), 0);
  (void)EnrollTerminal(admin_, TerminalName(1));
  const auto in_ten_days = (static_cast<std::int64_t>(std::time(nullptr)) + 10 * 86'400) * kSecond;
  installation_.Execute("UPDATE access_keys SET expire_time = " + std::to_string(in_ten_days) +
                        " WHERE id = (SELECT id FROM (SELECT MAX(id) AS id FROM access_keys) AS newest)");
  installation_.Execute("UPDATE program SET generation = generation + 1");
  Await(soon, 1);
  EXPECT_NEAR(ValueOf(Metrics(), R"(loyalty_first_end_seconds{kind="key"})").value_or(0), 10 * 86'400, 600);
}

TEST(SeenWithTls, TheFirstCertificateThatEndsIsTold) {
  const Installation installation(storage::Engine::kSqlite, {.init = {"--self-signed"}});
  const std::string till = MakeCertificate(installation, "till");  // for two days
  const Server server(installation, {.tls = true, .client_ca = till + ".crt", .http = true});
  const std::string metrics = Get(server.http_port(), "/metrics");
  EXPECT_NEAR(ValueOf(metrics, R"(loyalty_first_end_seconds{kind="certificate"})").value_or(0), 2 * 86'400, 600);
  EXPECT_EQ(ValueOf(metrics, R"(loyalty_ends_soon{kind="certificate"})"), 1);
}

TEST_P(Seen, ACallThatFailsLeavesOneLineThatSaysWhoAndWhyAndNothingOfPeople) {
  const std::string till_key = EnrollTerminal(admin_, TerminalName(1));
  const std::string card = "2600004242";
  auto foreign = PlainScan("scan-of-nowhere", card);
  foreign.set_terminal("stores/S1/terminals/T9");
  v1::ScanResponse response;
  EXPECT_EQ(Caller(admin_.channel(), till_key).Call(&v1::TerminalService::Stub::Scan, foreign, &response).reason(),
            "PERMISSION_DENIED");
  EXPECT_TRUE(Scan(PlainScan("scan-that-is-fine", card)).ok());
  auto unlucky = PlainScan("scan-of-stream", card);
  unlucky.set_terminal("stores/S1/terminals/T9");
  Stream({unlucky});
  auto crooked = PlainScan(card, card);  // digits are an id, too; with a blank it is none
  crooked.set_request_id("card " + card);
  EXPECT_EQ(Scan(crooked).reason(), "INVALID_ARGUMENT");
  v1::ScanResponse nothing;
  EXPECT_EQ(Caller(admin_.channel(), "key-canary").Call(&v1::TerminalService::Stub::Scan, foreign, &nothing).reason(),
            "UNAUTHENTICATED");
  admin_ = Caller(nullptr, "");
  EXPECT_EQ(server_.Stop(), 0);

  const auto calls = CallsIn(server_.Log());
  ASSERT_THAT(calls, SizeIs(4)) << server_.Log();
  EXPECT_EQ(calls[0].at("method"), "loyalty.v1.TerminalService.Scan");
  EXPECT_EQ(calls[0].at("code"), "PERMISSION_DENIED");
  EXPECT_EQ(calls[0].at("reason"), "PERMISSION_DENIED");
  EXPECT_EQ(calls[0].at("principal"), TerminalName(1));
  EXPECT_EQ(calls[0].at("request_id"), "scan-of-nowhere");
  EXPECT_EQ(calls[0].at("level"), "info");
  EXPECT_EQ(calls[0].count("trace_id"), 0U);
  EXPECT_EQ(calls[1].at("method"), "loyalty.v1.TerminalService.ScanStream");
  EXPECT_EQ(calls[1].at("reason"), "TERMINAL_UNKNOWN");
  EXPECT_EQ(calls[1].at("principal"), "keys/admin");
  EXPECT_EQ(calls[1].at("request_id"), "scan-of-stream");
  EXPECT_EQ(calls[1].at("trace_id"), kTraceId);
  EXPECT_EQ(calls[2].at("field"), "request_id");
  EXPECT_EQ(calls[2].count("request_id"), 0U) << "what is no request id stays out of the log";
  EXPECT_EQ(calls[3].at("reason"), "UNAUTHENTICATED");
  EXPECT_EQ(calls[3].count("principal"), 0U);
  for (const std::string& canary : {card, till_key, installation_.admin_key(), std::string("key-canary")})
    EXPECT_THAT(server_.Log(), Not(HasSubstr(canary)));
}

// What is slow is said by --slow-call-ms: nothing is slower than an hour, and everything than no time.
TEST_P(Seen, ACallThatIsSlowLeavesALineThoughItWentWell) {
  const auto calls_of = [this](const std::string& slow_ms, const std::string& request_id) {
    Server server(installation_, {.environment = {{"LOYALTY_SLOW_CALL_MS", slow_ms}}});
    Caller admin(Connect(server.address()), installation_.admin_key());
    v1::ScanResponse response;
    EXPECT_TRUE(admin.Call(&v1::TerminalService::Stub::Scan, PlainScan(request_id, "2600000001"), &response).ok());
    admin = Caller(nullptr, "");
    EXPECT_EQ(server.Stop(), 0);
    return CallsIn(server.Log());
  };
  EXPECT_THAT(calls_of("3600000", "scan-that-is-quick"), IsEmpty());
  EXPECT_THAT(calls_of("0", "scan-that-is-told"),
              Contains(AllOf(Contains(std::pair<const std::string, std::string>("code", "OK")),
                             Contains(std::pair<const std::string, std::string>("request_id", "scan-that-is-told")))));
}

}  // namespace
}  // namespace loyalty::test
