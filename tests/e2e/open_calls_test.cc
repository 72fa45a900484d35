// Calls that somebody keeps open: they take no place that a till could need.
#include <gmock/gmock.h>
#include <grpc/health/v1/health.grpc.pb.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "tests/e2e/caller.h"
#include "tests/e2e/open_streams.h"
#include "tests/e2e/server.h"

namespace loyalty::test {
namespace {

using ::testing::AnyOf;

// As many as an address may have open.
constexpr int kStreams = 2'048;

class OpenCalls : public ::testing::Test {
 protected:
  OpenCalls() { SetUpProgram(admin_, 1); }

  std::string Scan(const Caller& till) {
    v1::ScanResponse response;
    return till.Call(&v1::TerminalService::Stub::Scan, PlainScan(NewRequestId("till"), "2600000001"), &response)
        .reason();
  }

  Installation installation_{storage::Engine::kSqlite};
  Server server_{installation_};
  Caller admin_{Connect(server_.address()), installation_.admin_key()};
};

TEST_F(OpenCalls, StreamsWithoutAKeyTakeNoPlaceOfATill) {
  const Caller till(Connect(server_.address()), EnrollTerminal(admin_, TerminalName(1)));
  OpenStreams strangers(server_.address(), "", kStreams);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(Scan(till), "OK") << i;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  // The first are refused, then they are hung up on.
  for (const grpc::Status& ended : strangers.Ends())
    EXPECT_THAT(ended.error_code(), AnyOf(grpc::StatusCode::UNAUTHENTICATED, grpc::StatusCode::RESOURCE_EXHAUSTED,
                                          grpc::StatusCode::UNAVAILABLE))
        << ended.error_message();
}

// A key may keep calls open, but not all that there are.
TEST_F(OpenCalls, SilentStreamsOfOneKeyTakeNoPlaceOfAnother) {
  const Caller till(Connect(server_.address()), EnrollTerminal(admin_, TerminalName(1)));
  const OpenStreams silent(server_.address(), installation_.admin_key(), kStreams);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Scan(till), "OK") << i;
}

TEST_F(OpenCalls, WhoSaysNothingOnAStreamIsNotWaitedFor) {
  TestClock clock;
  const Installation installation(storage::Engine::kSqlite);
  const Server server(installation, {.clock = &clock});
  const Caller admin(Connect(server.address()), installation.admin_key());
  SetUpProgram(admin, 1);
  grpc::ClientContext context;
  admin.Prepare(context, std::chrono::seconds(60));
  const auto stream = v1::TerminalService::NewStub(admin.channel())->ScanStream(&context);
  v1::ScanStreamRequest request;
  *request.mutable_scan() = PlainScan(NewRequestId("stream"), "2600000001");
  v1::ScanStreamResponse response;
  ASSERT_TRUE(stream->Write(request) && stream->Read(&response));
  OpenStreams silent(server.address(), installation.admin_key(), 3);
  // Twice: a stream may reach the server behind the first, but not behind the second, which waits for what follows it.
  for (int i = 0; i < 2; ++i) clock.Forward(std::chrono::seconds(31), {&admin});
  for (const grpc::Status& ended : silent.Ends()) {
    EXPECT_EQ(ended.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
    EXPECT_THAT(ended.error_message(), ::testing::HasSubstr("nothing was said"));
  }
  *request.mutable_scan() = PlainScan(NewRequestId("stream"), "2600000001");
  EXPECT_TRUE(stream->Write(request) && stream->Read(&response)) << "it has spoken, and may rest";
  EXPECT_FALSE(response.has_error()) << response.ShortDebugString();
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
}

// Health checks are open to everybody, for what a health check needs.
TEST_F(OpenCalls, WithoutAKeyAMessageHasFourKilobytes) {
  const auto check = [this](std::size_t bytes, const std::string& key) {
    grpc::health::v1::HealthCheckRequest request;
    request.set_service(std::string(bytes, 'x'));
    return CallBytes(Caller(admin_.channel(), key), "/grpc.health.v1.Health/Check", request.SerializeAsString())
        .status.error_code();
  };
  EXPECT_EQ(check(4'000, ""), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(check(4'200, ""), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(check(4'200, installation_.admin_key()), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(check(0, ""), grpc::StatusCode::OK);
  // Of ours nothing is read at all.
  for (const std::string& message : {std::string(), std::string(1'000'000, 'x')}) {
    const CallResult scan = CallBytes(Caller(admin_.channel(), "no-key"), "/loyalty.v1.TerminalService/Scan", message);
    EXPECT_EQ(scan.reason(), "UNAUTHENTICATED");
  }
}

// Behind a proxy all callers have its address, unless the server is told to believe what it says about them.
class TrustedProxy : public ::testing::Test {
 protected:
  // A server with these flags, and 200 watches of health without a key, as if each came by way of a proxy for another;
  // how many are refused. Of one address it takes 33.
  int Refused(const std::vector<std::string>& flags, const std::function<std::string(int i)>& forwarded_for) const {
    const Server server(installation_, {.more = flags});
    std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
    std::vector<std::unique_ptr<grpc::ClientReader<grpc::health::v1::HealthCheckResponse>>> watches;
    std::shared_ptr<grpc::Channel> channel;
    int refused = 0;
    for (int i = 0; i < 200; ++i) {
      if (i % 100 == 0) channel = Connect(server.address());
      contexts.push_back(std::make_unique<grpc::ClientContext>());
      contexts.back()->AddMetadata("x-forwarded-for", forwarded_for(i));
      contexts.back()->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
      watches.push_back(grpc::health::v1::Health::NewStub(channel)->Watch(contexts.back().get(),
                                                                          grpc::health::v1::HealthCheckRequest()));
      grpc::health::v1::HealthCheckResponse response;
      if (!watches.back()->Read(&response)) ++refused;
    }
    for (const auto& context : contexts) context->TryCancel();
    for (const auto& watch : watches) (void)watch->Finish();
    return refused;
  }

  Installation installation_{storage::Engine::kSqlite};
};

std::string Forty(int i) { return "203.0.113.9, 198.51.100." + std::to_string(i % 40); }
std::string FortyOfIpv6(int i) { return "2001:db8:0:" + std::to_string(i % 40) + "::1"; }

TEST_F(TrustedProxy, IsBelievedWhomItCallsFor) {
  const std::vector<std::string> here{"--trusted-proxy", "10.0.0.0/8", "--trusted-proxy", "127.0.0.0/8"};
  EXPECT_EQ(Refused(here, Forty), 0) << "five of each";
  EXPECT_EQ(Refused(here, FortyOfIpv6), 0);
  EXPECT_EQ(Refused(here, [](int) { return "198.51.100.1"; }), 167) << "all of one";
  EXPECT_EQ(Refused(here, [](int i) { return Forty(i) + ", 198.51.100.1"; }), 167)
      << "what stands left of it anybody wrote";
  EXPECT_EQ(Refused(here, [](int i) { return Forty(i) + ", 10.0.0.1"; }), 0) << "a second proxy";
}

TEST_F(TrustedProxy, NobodyElseIs) {
  EXPECT_EQ(Refused({"--trusted-proxy", "10.0.0.0/8,::1"}, Forty), 167);
  EXPECT_EQ(Refused({}, Forty), 167);
}

}  // namespace
}  // namespace loyalty::test
