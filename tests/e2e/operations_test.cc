// Running a server: probes, metrics, logs, and the way it ends.
#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <grpc/health/v1/health.grpc.pb.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <sstream>
#include <thread>

#include "tests/e2e/caller.h"
#include "tests/e2e/http_get.h"
#include "tests/e2e/server.h"
#include "tests/support/database.h"

namespace loyalty::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

v1::ScanRequest Sale(const std::string& card, const std::string& receipt_no) {
  v1::ScanRequest scan;
  scan.set_request_id(NewRequestId("scan"));
  scan.set_terminal(TerminalName(1));
  scan.mutable_identifier()->set_card(card);
  scan.mutable_receipt()->set_receipt_no(receipt_no);
  scan.mutable_receipt()->mutable_business_time()->set_seconds(std::time(nullptr));
  scan.mutable_receipt()->set_currency_code("EUR");
  scan.mutable_receipt()->set_total_minor(1'000);
  return scan;
}

class Operations : public ::testing::Test {
 protected:
  Operations() { SetUpProgram(admin_, 1); }

  Installation installation_{storage::Engine::kSqlite};
  Server server_{installation_, {.http = true}};
  Caller admin_{Connect(server_.address()), installation_.admin_key()};
};

TEST_F(Operations, ProbesAndMetricsAnswerOverHttp) {
  EXPECT_THAT(Get(server_.http_port(), "/healthz"), StartsWith("HTTP/1.1 200"));
  v1::ScanResponse response;
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(admin_.Call(&v1::TerminalService::Stub::Scan, Sale("2600000001", std::to_string(i)), &response).ok());
  auto foreign = Sale("2600000001", "9");
  foreign.set_terminal("stores/S1/terminals/T9");
  EXPECT_EQ(admin_.Call(&v1::TerminalService::Stub::Scan, foreign, &response).reason(), "TERMINAL_UNKNOWN");
  const Caller till(admin_.channel(), EnrollTerminal(admin_, TerminalName(1)));
  auto dead_clock = Sale("2600000001", "10");
  dead_clock.mutable_receipt()->mutable_business_time()->set_seconds(0);
  EXPECT_EQ(till.Call(&v1::TerminalService::Stub::Scan, dead_clock, &response).reason(), "OK");
  const std::string metrics = Get(server_.http_port(), "/metrics");
  const std::string scan = R"(grpc_method="Scan",grpc_service="loyalty.v1.TerminalService",grpc_type="unary")";
  EXPECT_THAT(metrics, HasSubstr("grpc_server_handled_total{grpc_code=\"OK\"," + scan + "} 4"));
  EXPECT_THAT(metrics, HasSubstr("grpc_server_handled_total{grpc_code=\"NotFound\"," + scan + "} 1"));
  EXPECT_THAT(metrics, HasSubstr("grpc_server_handling_seconds_count{" + scan + "} 5"));
  EXPECT_THAT(metrics, HasSubstr("loyalty_batch_commands_count"));
  EXPECT_THAT(metrics, HasSubstr("loyalty_till_clock_off_total 1"));
  EXPECT_THAT(Get(server_.http_port(), "/else"), StartsWith("HTTP/1.1 404"));
}

grpc::health::v1::HealthCheckResponse::ServingStatus HealthOf(const Caller& caller, const std::string& service) {
  grpc::ClientContext context;
  caller.Prepare(context);
  grpc::health::v1::HealthCheckRequest request;
  request.set_service(service);
  grpc::health::v1::HealthCheckResponse response;
  EXPECT_TRUE(grpc::health::v1::Health::NewStub(caller.channel())->Check(&context, request, &response).ok()) << service;
  return response.status();
}

// A server that waits for what is not on its machine: a balancer sends tills to another one, and knows when it is back.
TEST_F(Operations, AServerThatDoesNotUnderstandItsProgramSaysSoUntilItDoes) {
  using Status = grpc::health::v1::HealthCheckResponse;
  constexpr char kTerminal[] = "loyalty.v1.TerminalService", kLedger[] = "loyalty.v1.LedgerService";
  const auto becomes = [&](Status::ServingStatus status) {
    for (int look = 0; look < 1'200 && HealthOf(admin_, kTerminal) != status; ++look)
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return HealthOf(admin_, kTerminal) == status && HealthOf(admin_, "") == status;
  };
  const auto change = [&](const std::string& zone) {
    installation_.Execute("UPDATE stores SET time_zone = '" + zone + "'");
    installation_.Execute("UPDATE program SET generation = generation + 1");
  };
  EXPECT_TRUE(becomes(Status::SERVING));
  change("Mars/Olympus");
  EXPECT_TRUE(becomes(Status::NOT_SERVING));
  EXPECT_EQ(HealthOf(admin_, kLedger), Status::SERVING);
  EXPECT_THAT(Get(server_.http_port(), "/healthz"), StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(Get(server_.http_port(), "/metrics"), HasSubstr("loyalty_healthy{part=\"snapshot\"} 0"));
  v1::ScanResponse response;
  const auto refused = admin_.Call(&v1::TerminalService::Stub::Scan, Sale("2600000001", "1"), &response);
  EXPECT_EQ(refused.reason(), "CATALOGUE_STALE");
  EXPECT_THAT(refused.status.error_message(), HasSubstr("Mars/Olympus"));
  change("UTC");
  EXPECT_TRUE(becomes(Status::SERVING));
  EXPECT_THAT(Get(server_.http_port(), "/healthz"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(server_.Log(), HasSubstr("time zone Mars/Olympus is not on this machine"));
}

TEST_F(Operations, APageIsFoundWhateverItsQuery) {
  for (const char* query : {"?probe=1", "?", "?path=/else?x"}) {
    EXPECT_THAT(Get(server_.http_port(), std::string("/healthz") + query), StartsWith("HTTP/1.1 200")) << query;
    EXPECT_THAT(Get(server_.http_port(), std::string("/metrics") + query), StartsWith("HTTP/1.1 200")) << query;
    EXPECT_THAT(Get(server_.http_port(), std::string("/else") + query), StartsWith("HTTP/1.1 404")) << query;
  }
}

// Whoever has no key must not make the metrics grow.
TEST_F(Operations, MethodsThatDoNotExistShareOneLineOfTheMetrics) {
  const Caller nobody(admin_.channel(), "");
  for (const char* method :
       {"/x/canary1", "/loyalty.v1.TerminalService/canary2", "/canary3", "/grpc.health.v1.Health/canary4"})
    EXPECT_FALSE(CallBytes(nobody, method, "").ok()) << method;
  const std::string metrics = Get(server_.http_port(), "/metrics");
  EXPECT_THAT(metrics, Not(HasSubstr("canary")));
  EXPECT_THAT(metrics, HasSubstr("grpc_service=\"unknown\""));
}

TEST(MutualTls, OnlyCallersWithACertificateOfTheAuthorityAreServed) {
  const Installation installation(storage::Engine::kSqlite, {.init = {"--self-signed"}});
  const std::string till = MakeCertificate(installation, "till"), stranger = MakeCertificate(installation, "stranger");
  const Server server(installation, {.tls = true, .client_ca = till + ".crt"});
  const auto code = [&](const std::string& who) {
    grpc::SslCredentialsOptions tls{installation.certificate(), "", ""};
    if (!who.empty()) tls = {installation.certificate(), ReadText(who + ".key"), ReadText(who + ".crt")};
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    grpc::health::v1::HealthCheckResponse health;
    return grpc::health::v1::Health::NewStub(grpc::CreateChannel(server.address(), grpc::SslCredentials(tls)))
        ->Check(&context, grpc::health::v1::HealthCheckRequest(), &health)
        .error_code();
  };
  EXPECT_EQ(code(till), grpc::StatusCode::OK);
  EXPECT_EQ(code(stranger), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(code(""), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(Operations, AnybodyMayAskForHealthButReflectionNeedsAKey) {
  const Caller nobody(admin_.channel(), "");
  const auto stub = grpc::health::v1::Health::NewStub(nobody.channel());
  grpc::ClientContext context;
  nobody.Prepare(context);
  grpc::health::v1::HealthCheckResponse health;
  ASSERT_TRUE(stub->Check(&context, grpc::health::v1::HealthCheckRequest(), &health).ok());
  EXPECT_EQ(health.status(), grpc::health::v1::HealthCheckResponse::SERVING);

  const auto reflect = [](const Caller& caller, std::string* services) {
    const std::string list_services("\x3a\x00", 2);  // field 7 of ServerReflectionRequest, an empty string
    return CallBytes(caller, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", list_services, services)
        .status.error_code();
  };
  std::string services;
  EXPECT_EQ(reflect(nobody, &services), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(reflect(Caller(admin_.channel(), "wrong"), &services), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(services, "");
  EXPECT_EQ(reflect(admin_, &services), grpc::StatusCode::OK);
  EXPECT_THAT(services, HasSubstr("loyalty.v1.TerminalService"));
}

TEST_F(Operations, EveryLineOfTheLogIsJsonAndNoneTellsWhoBought) {
  // What may not be seen, brought in by every way that can fail.
  const std::vector<std::string> canaries{"2600004242",
                                          "Canaria",
                                          "Vogelsang",
                                          "canary@example.org",
                                          "+4930424242",
                                          "token-canary",
                                          installation_.admin_key()};
  const auto enroll = [&](const std::string& card) {
    v1::EnrollMemberRequest request;
    request.set_request_id(NewRequestId("enroll"));
    request.add_identifiers()->set_card(card);
    request.add_identifiers()->set_email("canary@example.org");
    request.add_identifiers()->set_phone("+4930424242");
    request.add_identifiers()->set_static_token("token-canary");
    request.mutable_person()->set_given_name("Canaria");
    request.mutable_person()->set_family_name("Vogelsang");
    v1::EnrollMemberResponse response;
    return admin_.Call(&v1::MemberService::Stub::EnrollMember, request, &response);
  };
  std::string told;  // what callers are told
  const auto tell = [&told](const CallResult& result) {
    told += result.status.error_message() + result.status.error_details();
    return result.reason();
  };
  v1::ScanResponse response;
  EXPECT_EQ(tell(enroll("2600004242")), "OK");
  EXPECT_EQ(tell(enroll("2600004243")), "IDENTIFIER_TAKEN");
  EXPECT_EQ(tell(admin_.Call(&v1::TerminalService::Stub::Scan, Sale("2600004242", "1"), &response)), "OK");
  auto other = Sale("2600004242", "1");
  other.mutable_receipt()->set_total_minor(5);
  EXPECT_EQ(tell(admin_.Call(&v1::TerminalService::Stub::Scan, other, &response)), "RECEIPT_CONFLICT");
  EXPECT_EQ(tell(admin_.Call(&v1::TerminalService::Stub::Scan, Sale("2600004242\n\"x", "2"), &response)),
            "INVALID_ARGUMENT");
  // Statements that fail with values in them.
  installation_.Execute("ALTER TABLE member_profile RENAME TO gone");
  installation_.Execute("DELETE FROM identifiers");
  EXPECT_EQ(tell(enroll("2600004242")), "INTERNAL");
  installation_.Execute("ALTER TABLE receipts RENAME TO gone_too");
  EXPECT_EQ(tell(admin_.Call(&v1::TerminalService::Stub::Scan, Sale("2600004242", "3"), &response)), "INTERNAL");
  admin_ = Caller(nullptr, "");  // hangs up: the server waits for nobody
  EXPECT_EQ(server_.Stop(), 0);

  EXPECT_THAT(server_.process().Out(), StartsWith("loyaltyd ready on ")) << "the only line that is no log";
  std::istringstream lines(server_.process().Err());
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    google::protobuf::Struct json;
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(line, &json).ok()) << line;
    for (const char* field : {"time", "level", "message"}) EXPECT_TRUE(json.fields().contains(field)) << line;
  }
  EXPECT_GT(count, 2) << "internal errors stand in the log";
  for (const auto& canary : canaries) {
    EXPECT_THAT(server_.Log(), Not(HasSubstr(canary)));
    EXPECT_THAT(told, Not(HasSubstr(canary)));
  }
}

class Stopping : public ::testing::TestWithParam<storage::Engine> {};
INSTANTIATE_TEST_SUITE_P(Engines, Stopping, kBothEngines, EngineName);

TEST_P(Stopping, SigtermEndsWellAndAnswersAllThatWasAccepted) {
  const Installation installation(GetParam());
  Server server(installation);
  const Caller admin(Connect(server.address()), installation.admin_key());
  SetUpProgram(admin, 1);
  // A stream that stays open and says nothing must not keep the server.
  grpc::ClientContext context;
  admin.Prepare(context, std::chrono::seconds(60));
  const auto idle = v1::TerminalService::NewStub(admin.channel())->ScanStream(&context);
  std::atomic<int> answered{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i)
    threads.emplace_back([&, i] {
      const Caller till(Connect(server.address()), installation.admin_key());
      for (int n = 0;; ++n) {
        v1::ScanResponse response;
        const auto sale = Sale("260000000" + std::to_string(n % 10), std::to_string(i) + "-" + std::to_string(n));
        if (!till.Call(&v1::TerminalService::Stub::Scan, sale, &response, std::chrono::seconds(8)).ok()) return;
        ++answered;
      }
    });
  constexpr std::chrono::seconds kAnsweringMax{60};
  const auto give_up = std::chrono::steady_clock::now() + kAnsweringMax;
  while (answered < 500 && std::chrono::steady_clock::now() < give_up)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_GE(answered, 500) << "it stops answering before it is stopped";
  EXPECT_EQ(server.Stop(), 0) << server.Log();
  for (auto& thread : threads) thread.join();
  idle->WritesDone();
  (void)idle->Finish();
  EXPECT_EQ(installation.Number("SELECT COUNT(*) FROM receipts"), answered);
  EXPECT_EQ(installation.Loyaltyd("verify").code, 0);
}

}  // namespace
}  // namespace loyalty::test
