// deploy/nginx.conf as a client sees it: what passes, and what nginx says in the words of gRPC.
#include <gmock/gmock.h>
#include <grpc/health/v1/health.grpc.pb.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/e2e/api_methods.h"
#include "tests/e2e/caller.h"
#include "tests/e2e/nginx.h"
#include "tests/e2e/server.h"
#include "tests/support/proxy.h"

namespace loyalty::test {
namespace {

class BehindNginx : public ::testing::Test {
 protected:
  grpc::Status Check() {
    grpc::ClientContext context;
    admin_.Prepare(context);
    grpc::health::v1::HealthCheckResponse health;
    return grpc::health::v1::Health::NewStub(admin_.channel())
        ->Check(&context, grpc::health::v1::HealthCheckRequest(), &health);
  }

  Installation installation_{storage::Engine::kSqlite, {.init = {"--self-signed"}}};
  Server server_{installation_};
  Nginx nginx_{installation_, server_.address()};
  Caller admin_{Connect(nginx_.address(), installation_.certificate()), installation_.admin_key()};
};

TEST_F(BehindNginx, CallsPassAndAStreamMayBeLargerThanAnyMessage) {
  SetUpProgram(admin_, 1);
  EXPECT_TRUE(Check().ok());
  grpc::ClientContext context;
  admin_.Prepare(context, std::chrono::seconds(60));
  const auto stream = v1::TerminalService::NewStub(admin_.channel())->ScanStream(&context);
  constexpr int kReceipts = 30;
  std::thread writer([&stream] {
    for (int i = 0; i < kReceipts; ++i) {
      v1::ScanStreamRequest request;
      v1::ScanRequest& scan = *request.mutable_scan();
      scan.set_request_id(NewRequestId("stream"));
      scan.set_terminal(TerminalName(1));
      scan.mutable_identifier()->set_card("2600000001");
      scan.mutable_receipt()->set_receipt_no(std::to_string(i));
      scan.mutable_receipt()->mutable_business_time()->set_seconds(std::time(nullptr));
      scan.mutable_receipt()->set_currency_code("EUR");
      for (int line = 0; line < 400; ++line) {
        auto* added = scan.mutable_receipt()->add_lines();
        added->set_line_id(std::to_string(line));
        added->set_sku(std::string(60, 's'));
        added->add_category_ids(std::string(60, 'c'));
        added->set_quantity_micros(1'000'000);
        added->set_amount_minor(100);
      }
      scan.mutable_receipt()->set_total_minor(40'000);
      stream->Write(request);
    }
    stream->WritesDone();
  });
  int answers = 0;
  for (v1::ScanStreamResponse response; stream->Read(&response);) ++answers;
  writer.join();
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(answers, kReceipts);
}

// An address has 64 calls open and not one more; half of the streams come over a connection of their own, which has a
// limit too.
TEST_F(BehindNginx, WhoHasTooManyCallsOpenIsToldToWait) {
  const Caller other(Connect(nginx_.address(), installation_.certificate()), installation_.admin_key());
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<grpc::ClientReaderWriter<v1::ScanStreamRequest, v1::ScanStreamResponse>>> streams;
  for (int i = 0; i < 64; ++i) {
    const Caller& caller = i % 2 == 0 ? admin_ : other;
    contexts.push_back(std::make_unique<grpc::ClientContext>());
    caller.Prepare(*contexts.back());
    streams.push_back(v1::TerminalService::NewStub(caller.channel())->ScanStream(contexts.back().get()));
  }
  grpc::Status status;
  for (int i = 0; i < 100 && status.ok(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    status = Check();
  }
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED) << status.error_message();
  for (const auto& context : contexts) context->TryCancel();
  for (const auto& stream : streams) (void)stream->Finish();
}

TEST_F(BehindNginx, AServerThatIsAwayIsUnavailable) {
  EXPECT_TRUE(Check().ok());
  EXPECT_EQ(server_.Stop(), 0);
  EXPECT_EQ(Check().error_code(), grpc::StatusCode::UNAVAILABLE);
  server_.Start();
  for (int i = 0; i < 100 && !Check().ok(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_TRUE(Check().ok()) << "nginx does not come back to it";
}

// Whatever no terminal may call, and only that, is denied to who does not come from a named network.
TEST_F(BehindNginx, AdministrationIsOnlyForNamedNetworks) {
  const Proxy elsewhere(nginx_.address(), "127.0.0.2");
  const Caller outside(Connect(elsewhere.address(), installation_.certificate()), "");  // loyaltyd says UNAUTHENTICATED
  const Caller inside(admin_.channel(), "");                                            // loyaltyd answers it
  int denied = 0;
  for (const ApiMethod& method : ApiMethods()) {
    const auto code = CallBytes(outside, method.path, "").status.error_code();
    EXPECT_EQ(code == grpc::StatusCode::PERMISSION_DENIED, !method.for_tills) << method.path << " " << code;
    EXPECT_EQ(CallBytes(inside, method.path, "").status.error_code(), grpc::StatusCode::UNAUTHENTICATED) << method.path;
    denied += method.for_tills ? 0 : 1;
  }
  EXPECT_GT(denied, 20);
  for (const char* path : {"/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                           "/grpc.channelz.v1.Channelz/GetServers", "/loyalty.v2.AdminService/CreateStore"})
    EXPECT_EQ(CallBytes(outside, path, "").status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << path;
}

TEST_F(BehindNginx, WhatIsNotForTheOutsideIsUnimplemented) {
  grpc::ClientContext context;
  admin_.Prepare(context);
  const auto watch =
      grpc::health::v1::Health::NewStub(admin_.channel())->Watch(&context, grpc::health::v1::HealthCheckRequest());
  grpc::health::v1::HealthCheckResponse health;
  EXPECT_FALSE(watch->Read(&health));
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

}  // namespace
}  // namespace loyalty::test
