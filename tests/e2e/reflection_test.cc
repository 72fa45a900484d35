// A stranger's tool: `buf curl` knows nothing of this API but what the server's reflection tells it, and enrols a
// member and sells to her over TLS. buf comes from npm at the version and hash that package-lock.json pins; without npm
// this test fails.
#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/time_util.h>
#include <gtest/gtest.h>

#include <ctime>

#include "tests/e2e/caller.h"
#include "tests/e2e/server.h"

namespace loyalty::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string Now() {
  google::protobuf::Timestamp now;
  now.set_seconds(std::time(nullptr));
  return google::protobuf::util::TimeUtil::ToString(now);
}

class Reflection : public ::testing::Test {
 protected:
  Reflection() {
    SetUpProgram(Caller(Connect(server_.address(), installation_.certificate()), installation_.admin_key()), 1);
  }

  Ended Buf(std::vector<std::string> arguments) const {
    ProcessOptions options;
    options.arguments = {LOYALTY_SOURCE "/tools/lint/protos", "--buf"};
    options.arguments.insert(options.arguments.end(), arguments.begin(), arguments.end());
    options.log = installation_.directory() / "buf";
    return RunProgram(std::move(options), std::chrono::seconds(180));  // the first run may have to fetch buf
  }

  Ended Curl(const std::string& method, const std::string& data, const std::string& key) const {
    return Buf({"curl", "--protocol", "grpc", "--cacert", installation_.state_dir() / "tls.crt", "--header",
                "authorization: Bearer " + key, "--reflect-header", "authorization: Bearer " + key, "--data", data,
                "https://" + server_.address() + "/loyalty.v1." + method});
  }

  Installation installation_{storage::Engine::kSqlite, {.init = {"--self-signed"}}};
  Server server_{installation_, {.tls = true}};
};

TEST_F(Reflection, BufCurlEnrolsAMemberAndSellsToHerKnowingOnlyTheAddress) {
  const std::string key = installation_.admin_key();
  const Ended enrol = Curl("MemberService/EnrollMember", R"({"request_id": "curl-enrol-1",
    "identifiers": [{"card": "4711"}], "person": {"given_name": "Anna"}})",
                           key);
  ASSERT_EQ(enrol.code, 0) << enrol.err;
  v1::EnrollMemberResponse enrolled;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(enrol.out, &enrolled).ok()) << enrol.out;
  EXPECT_TRUE(enrolled.result().created());

  const std::string scan = R"({"request_id": "curl-scan-1", "terminal": "stores/S1/terminals/T1",
    "identifier": {"card": "4711"}, "receipt": {"receipt_no": "1", "business_time": ")" +
                           Now() + R"(", "currency_code": "EUR", "total_minor": 1234}})";
  const Ended first = Curl("TerminalService/Scan", scan, key);
  ASSERT_EQ(first.code, 0) << first.err;
  v1::ScanResponse scanned;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(first.out, &scanned).ok()) << first.out;
  EXPECT_EQ(scanned.result().member(), enrolled.result().member());
  EXPECT_EQ(scanned.result().sale().points_earned(), 12);
  EXPECT_EQ(scanned.member_snapshot().greeting_name(), "Anna");
  const Ended second = Curl("TerminalService/Scan", scan, key);
  EXPECT_EQ(second.out, first.out) << "the same request again: the same answer";
}

TEST_F(Reflection, WithoutAKeyBufCurlLearnsNothing) {
  const Ended refused = Curl("MemberService/EnrollMember", "{}", "wrong");
  EXPECT_NE(refused.code, 0);
  EXPECT_THAT(refused.out, IsEmpty());
  EXPECT_THAT(refused.err, Not(HasSubstr("EnrollMember")));
}

TEST_F(Reflection, BufCurlListsEveryService) {
  const Ended listed =
      Buf({"curl", "--protocol", "grpc", "--cacert", installation_.state_dir() / "tls.crt", "--reflect-header",
           "authorization: Bearer " + installation_.admin_key(), "--list-services", "https://" + server_.address()});
  ASSERT_EQ(listed.code, 0) << listed.err;
  for (const char* service : {"loyalty.v1.AdminService", "loyalty.v1.CampaignService", "loyalty.v1.FraudService",
                              "loyalty.v1.LedgerService", "loyalty.v1.MemberService", "loyalty.v1.RetentionService",
                              "loyalty.v1.TerminalService", "grpc.health.v1.Health"})
    EXPECT_THAT(listed.out, HasSubstr(service));
}

}  // namespace
}  // namespace loyalty::test
