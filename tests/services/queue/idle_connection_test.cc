// Goal: after a quiet night behind a firewall that has forgotten our connections, the first scan is answered at once.
// Method: a proxy in front of a real MariaDB that loses what is said on old connections; it counts what they were
// asked.
#include <gtest/gtest.h>

#include "services/queue/write_queue.h"
#include "tests/support/batch_world.h"
#include "tests/support/proxy.h"

namespace loyalty {
namespace {

using test::BatchWorld;
using test::Outcome;

// How a client says goodbye; nobody waits for an answer to it.
constexpr int kGoodbyeBytes = 5;

class IdleConnectionTest : public ::testing::TestWithParam<int> {
 protected:
  std::unique_ptr<WriteQueue> Queue(std::chrono::milliseconds renew_after) {
    storage::DatabaseUrl url = world_.database().url();
    url.unix_socket.clear();
    url.host = "127.0.0.1";
    url.port = std::stoi(proxy_.address().substr(proxy_.address().rfind(':') + 1));
    return std::make_unique<WriteQueue>(
        url, snapshots_, test::TestKeys(),
        WriteQueueOptions{.lanes = GetParam(), .clock = [] { return test::kStart; }, .renew_after = renew_after});
  }
  // Lanes, and the router before several of them.
  static int sessions() { return GetParam() == 1 ? 1 : GetParam() + 1; }

  BatchWorld world_{storage::Engine::kMysql};
  test::Proxy proxy_{world_.database().url().unix_socket};
  SnapshotHolder snapshots_{world_.database().url(), [] { return test::kStart; }};
};
INSTANTIATE_TEST_SUITE_P(Lanes, IdleConnectionTest, ::testing::Values(1, 2));

TEST_P(IdleConnectionTest, AScanAfterALongRestAsksNothingOfAConnectionThatIsForgotten) {
  const auto queue = Queue(std::chrono::milliseconds(0));
  EXPECT_EQ(Outcome(queue->Execute(world_.Scan(1, 1'000))), "OK");
  proxy_.ForgetConnections();
  const int before = proxy_.connections();
  EXPECT_EQ(Outcome(queue->Execute(world_.Scan(1, 1'000))), "OK");
  EXPECT_GT(proxy_.connections(), before);
  EXPECT_LE(proxy_.bytes_forgotten(), sessions() * kGoodbyeBytes);
  EXPECT_EQ(world_.BalanceOf(1).available, 20);
}

TEST_P(IdleConnectionTest, ALaneAtWorkKeepsItsConnection) {
  const auto queue = Queue(storage::kRenewAfter);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Outcome(queue->Execute(world_.Scan(1, 1'000))), "OK");
  EXPECT_EQ(proxy_.connections(), sessions());
}

}  // namespace
}  // namespace loyalty
