// Who may connect, how often, and how long a server waits for those who say nothing.
#include <gmock/gmock.h>
#include <grpc/health/v1/health.grpc.pb.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <thread>

#include "tests/e2e/caller.h"
#include "tests/e2e/server.h"
#include "tests/support/http2_frames.h"
#include "tests/support/raw_connection.h"

namespace loyalty::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A minute, which nothing here takes.
constexpr int kLooksMax = 1'200;
constexpr milliseconds kBetweenLooks{50};

class ConnectionLimits : public ::testing::Test {
 protected:
  // Opens connections that say nothing.
  std::vector<std::unique_ptr<RawConnection>> Open(int count, const std::string& from = "127.0.0.2") const {
    return Open(server_, count, from);
  }
  static std::vector<std::unique_ptr<RawConnection>> Open(const Server& server, int count, const std::string& from) {
    std::vector<std::unique_ptr<RawConnection>> all;
    const int port = std::stoi(server.address().substr(server.address().find(':') + 1));
    for (int i = 0; i < count; ++i) all.push_back(std::make_unique<RawConnection>(Dial{.port = port, .from = from}));
    return all;
  }
  // Waits until so many of them are open, and answers how many are: the server looks at one after the other.
  static int AwaitOpen(const std::vector<std::unique_ptr<RawConnection>>& all, int expected) {
    int open = CountOpen(all);
    for (int look = 0; look < kLooksMax && open != expected; ++look) {
      std::this_thread::sleep_for(kBetweenLooks);
      open = CountOpen(all);
    }
    return open;
  }
  static int CountOpen(const std::vector<std::unique_ptr<RawConnection>>& all) {
    int open = 0;
    for (const auto& one : all) open += one->Drain() ? 1 : 0;
    return open;
  }
  // By a client that connects anew.
  grpc::StatusCode Check(seconds deadline = seconds(5)) const { return Check(server_, deadline); }
  grpc::StatusCode Check(const Server& server, seconds deadline) const {
    return Check(server.address(), installation_.certificate(), deadline);
  }
  static grpc::StatusCode CheckInPlainText(const Server& server) { return Check(server.address(), "", seconds(5)); }
  static grpc::StatusCode Check(const std::string& address, const std::string& certificate, seconds deadline) {
    const Caller caller(Connect(address, certificate), "");
    grpc::ClientContext context;
    caller.Prepare(context, deadline);
    grpc::health::v1::HealthCheckResponse health;
    return grpc::health::v1::Health::NewStub(caller.channel())
        ->Check(&context, grpc::health::v1::HealthCheckRequest(), &health)
        .error_code();
  }

  Installation installation_{storage::Engine::kSqlite, {.init = {"--self-signed"}}};
  Server server_{installation_, {.tls = true}};
};

TEST_F(ConnectionLimits, AnAddressCannotTakeWhatIsForOthers) {
  auto greedy = Open(700);
  EXPECT_EQ(AwaitOpen(greedy, 512), 512);
  const auto others = Open(10, "127.0.0.3");
  EXPECT_EQ(Check(), grpc::StatusCode::OK);  // taken behind them
  EXPECT_EQ(CountOpen(others), 10);
  EXPECT_EQ(CountOpen(greedy), 512) << "and no more of the first are sent away";
  greedy.clear();
  // Those that have gone no longer count: as many again are taken.
  int open = 0;
  for (int look = 0; look < kLooksMax && open < 512; ++look) {
    const auto again = Open(512);
    EXPECT_EQ(Check(), grpc::StatusCode::OK);
    open = CountOpen(again);
    if (open < 512) std::this_thread::sleep_for(kBetweenLooks);
  }
  EXPECT_EQ(open, 512);
}

TEST_F(ConnectionLimits, ATrustedProxyHasManyClientsBehindIt) {
  const Server server(installation_, {.tls = true, .more = {"--trusted-proxy", "127.0.0.2/32"}});
  const auto proxy = Open(server, 700, "127.0.0.2"), greedy = Open(server, 700, "127.0.0.3");
  EXPECT_EQ(Check(server, seconds(5)), grpc::StatusCode::OK);  // taken behind them
  EXPECT_EQ(CountOpen(proxy), 700);
  EXPECT_EQ(CountOpen(greedy), 512);
}

// gRPC's own listener gives up for good (CVE-2023-4785).
TEST_F(ConnectionLimits, WithoutFileDescriptorsTheServerWaitsUntilThereAreSome) {
  constexpr rlim_t kFiles = 100;
  const rlimit few{kFiles, kFiles};
  ASSERT_EQ(prlimit(server_.process().pid(), RLIMIT_NOFILE, &few, nullptr), 0);
  auto greedy = Open(200);
  EXPECT_NE(Check(seconds(1)), grpc::StatusCode::OK) << "there are more files than this test believes";
  greedy.clear();
  EXPECT_EQ(Check(), grpc::StatusCode::OK);
}

// Else gRPC makes a call of each, and keeps what it has no time to refuse.
TEST_F(ConnectionLimits, WhoIsRefusedWithoutEndIsHungUpOn) {
  constexpr std::uint32_t kCalls = 1'000;
  const Server server(installation_, {});
  const auto others = Open(server, 1, "127.0.0.3");
  std::string calls = http2::Hello();
  for (std::uint32_t stream = 1; stream < 2 * kCalls; stream += 2)
    calls += http2::Frame(http2::Type::kHeaders, http2::kEndHeaders, stream,
                          http2::RequestFields("/loyalty.v1.TerminalService/ScanStream"));
  auto greedy = Open(server, 1, "127.0.0.2");
  (void)greedy.front()->Send(calls);
  EXPECT_EQ(AwaitOpen(greedy, 0), 0);
  EXPECT_EQ(CountOpen(others), 1);
  // Soon there is room again, also for whoever shares the address.
  int taken = 0;
  for (int look = 0; look < kLooksMax && taken == 0; ++look) {
    const auto neighbours = Open(server, 1, "127.0.0.2");
    std::this_thread::sleep_for(kBetweenLooks);
    EXPECT_EQ(CheckInPlainText(server), grpc::StatusCode::OK);  // taken behind it
    taken = CountOpen(neighbours);
  }
  EXPECT_EQ(taken, 1);
}

TEST_F(ConnectionLimits, WhoSaysNothingIsNotWaitedFor) {
  const auto silent = Open(3);
  EXPECT_EQ(Check(), grpc::StatusCode::OK);
  EXPECT_EQ(CountOpen(silent), 3);
  EXPECT_EQ(AwaitOpen(silent, 0), 0);
}

}  // namespace
}  // namespace loyalty::test
