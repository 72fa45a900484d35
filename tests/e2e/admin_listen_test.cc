// --admin-listen: administration on a port of its own.
#include <gmock/gmock.h>
#include <grpc/health/v1/health.grpc.pb.h>
#include <gtest/gtest.h>

#include "tests/e2e/api_methods.h"
#include "tests/e2e/caller.h"
#include "tests/e2e/server.h"

namespace loyalty::test {
namespace {

constexpr const char* kChannelz = "/grpc.channelz.v1.Channelz/GetServers";
constexpr const char* kReflection = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

grpc::StatusCode CodeOf(const Caller& caller, const std::string& path) {
  return CallBytes(caller, path, "").status.error_code();
}

class AdminListen : public ::testing::Test {
 protected:
  Installation installation_{storage::Engine::kSqlite, {.init = {"--self-signed"}}};
};

TEST_F(AdminListen, WhatNoTillCallsIsOnlyThere) {
  const Server server(installation_, {.tls = true, .admin = true});
  const std::string key = installation_.admin_key();
  const Caller shop(Connect(server.address(), installation_.certificate()), key);
  const Caller office(Connect(server.admin_address(), installation_.certificate()), key);
  SetUpProgram(office, 1);
  v1::ScanResponse response;
  EXPECT_TRUE(
      shop.Call(&v1::TerminalService::Stub::Scan, PlainScan(NewRequestId("scan"), "2600000001"), &response).ok());
  int elsewhere = 0;
  for (const ApiMethod& method : ApiMethods()) {
    // Nobody's: what is there asks for a key first.
    const auto there = CodeOf(Caller(shop.channel(), ""), method.path);
    EXPECT_EQ(there, method.for_tills ? grpc::StatusCode::UNAUTHENTICATED : grpc::StatusCode::UNIMPLEMENTED)
        << method.path;
    EXPECT_EQ(CodeOf(Caller(office.channel(), ""), method.path), grpc::StatusCode::UNAUTHENTICATED) << method.path;
    elsewhere += method.for_tills ? 0 : 1;
  }
  EXPECT_GT(elsewhere, 20);
  for (const Caller* caller : {&shop, &office}) {
    grpc::ClientContext context;
    caller->Prepare(context);
    grpc::health::v1::HealthCheckResponse health;
    EXPECT_TRUE(grpc::health::v1::Health::NewStub(caller->channel())
                    ->Check(&context, grpc::health::v1::HealthCheckRequest(), &health)
                    .ok());
    EXPECT_EQ(health.status(), grpc::health::v1::HealthCheckResponse::SERVING);
  }
}

TEST_F(AdminListen, ReflectionAndChannelzAreOnlyThereAndChannelzOnlyForAdministrators) {
  const Server server(installation_, {.admin = true});
  const Caller shop(Connect(server.address()), installation_.admin_key());
  const Caller office(Connect(server.admin_address()), installation_.admin_key());
  SetUpProgram(office, 1);
  EXPECT_EQ(CodeOf(office, kChannelz), grpc::StatusCode::OK);
  EXPECT_EQ(CodeOf(Caller(office.channel(), EnrollTerminal(office, TerminalName(1))), kChannelz),
            grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(CodeOf(Caller(office.channel(), ""), kChannelz), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(CodeOf(office, kReflection), grpc::StatusCode::OK);
  EXPECT_EQ(CodeOf(Caller(office.channel(), ""), kReflection), grpc::StatusCode::UNAUTHENTICATED);
  for (const char* path : {kChannelz, kReflection}) EXPECT_EQ(CodeOf(shop, path), grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(AdminListen, WithoutItAllIsOnOnePortButChannelz) {
  const Server server(installation_);
  const Caller admin(Connect(server.address()), installation_.admin_key());
  EXPECT_EQ(CodeOf(admin, kChannelz), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(CodeOf(admin, kReflection), grpc::StatusCode::OK);
  EXPECT_EQ(CodeOf(Caller(admin.channel(), ""), "/loyalty.v1.AdminService/CreateStore"),
            grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(AdminListen, WithoutTlsItIsForThisMachineOnly) {
  const Ended serve = installation_.Loyaltyd(
      "serve", {"--listen", "127.0.0.1:0", "--admin-listen", "0.0.0.0:0", "--insecure"}, std::chrono::seconds(20));
  EXPECT_EQ(serve.code, 2);
  EXPECT_THAT(serve.err, ::testing::HasSubstr("--insecure"));
}

}  // namespace
}  // namespace loyalty::test
