// Codes by which a till becomes a terminal: once, in time, and without a word about why not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/enrollment_code.h"
#include "loyalty/v1/admin_service.pb.h"
#include "services/codec/timestamp.h"
#include "services/rpc/status.h"
#include "storage/verify.h"
#include "tests/services/rpc/call_world.h"

namespace loyalty {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kCreateCode = "loyalty.v1.AdminService.CreateEnrollmentCode";
constexpr const char* kRevokeCode = "loyalty.v1.AdminService.RevokeEnrollmentCode";
constexpr const char* kEnroll = "loyalty.v1.AdminService.EnrollTerminal";
constexpr const char* kRevokeTerminal = "loyalty.v1.AdminService.RevokeTerminal";
constexpr const char* kNobody = "";  // sends no key
constexpr const char* kWrong = "ENROLLMENT_CODE_WRONG";
constexpr const char* kT1 = "stores/north/terminals/t1";

class CodesTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  // Of t1, with a request id of its own each time.
  v1::CreateEnrollmentCodeResponse Make(const std::string& request_id, Instant valid = 0) {
    v1::CreateEnrollmentCodeRequest request;
    request.set_request_id(request_id);
    request.set_terminal(kT1);
    if (valid != 0) request.mutable_valid()->set_seconds(valid / kSecond);
    v1::CreateEnrollmentCodeResponse response;
    EXPECT_EQ(calls_.Call(kCreateCode, request, response), "OK");
    calls_.snapshots().Refresh();
    return response;
  }
  static v1::EnrollTerminalRequest With(const std::string& code, const std::string& request_id) {
    v1::EnrollTerminalRequest request;
    request.set_request_id(request_id);
    request.set_code(code);
    return request;
  }
  std::string Enroll(const std::string& code, const std::string& request_id, v1::EnrollTerminalResponse& response) {
    const std::string outcome = calls_.Call(kEnroll, With(code, request_id), response, kNobody);
    calls_.snapshots().Refresh();
    return outcome;
  }
  std::string Enroll(const std::string& code) {
    v1::EnrollTerminalResponse response;
    return Enroll(code, "enroll-number-" + std::to_string(++requests_), response);
  }
  // All that is answered to a request, as the transport writes it.
  std::string BytesOf(const v1::EnrollTerminalRequest& request) {
    const auto sent = calls_.Begin(kEnroll, request, kNobody);
    sent.Await();
    return sent.call->error ? ToRpcStatus(*sent.call->error, SpokenTo(sent.call->origin(), *sent.call, calls_.deps()))
                                  .SerializeAsString()
                            : "OK";
  }
  std::string Sell(const std::string& key) {
    v1::ScanResponse response;
    return calls_.Call(test::CallWorld::kScan, calls_.Sale("sale-number-" + std::to_string(++requests_)), response,
                       "Bearer " + key);
  }
  std::string FirstDifference() {
    const auto go_on = [](const storage::VerifyReport&) { return true; };
    return storage::VerifyLedger(calls_.world.session(), test::TestKeys(), std::nullopt, std::nullopt, go_on)
        .first_difference;
  }

  test::CallWorld calls_{GetParam()};
  int requests_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Engines, CodesTest, test::kBothEngines, test::EngineName);

TEST_P(CodesTest, ACodeMakesATillATerminalOnce) {
  const auto made = Make("code-number-1");
  EXPECT_EQ(made.result().terminal(), kT1);
  EXPECT_EQ(ToInstant(made.result().expire_time()), calls_.now() + 7 * kDayLength);
  EXPECT_TRUE(ReadEnrollmentCode(made.code())) << made.code();
  v1::EnrollTerminalResponse enrolled;
  ASSERT_EQ(Enroll(made.code(), "enroll-1", enrolled), "OK");
  EXPECT_THAT(enrolled.key(), StartsWith("lt_"));
  EXPECT_EQ(enrolled.result().terminal(), kT1);
  EXPECT_EQ(ToInstant(enrolled.result().expire_time()), calls_.now() + 400 * kDayLength);
  EXPECT_EQ(Sell(enrolled.key()), "OK");
  EXPECT_EQ(Enroll(made.code()), kWrong);
  EXPECT_EQ(calls_.world.database().Number("SELECT COUNT(*) FROM access_keys"), 3) << "of the world, and this one";
}

TEST_P(CodesTest, NothingOfACodeIsStoredAndItsSealHolds) {
  const auto made = Make("code-number-1");
  std::string stored;
  calls_.world.session().Read("SELECT hash FROM enrollment_codes",
                              [&stored](const Bytes& hash) { stored = hash.value; });
  EXPECT_EQ(stored.size(), 18U);
  EXPECT_THAT(stored, Not(HasSubstr(*ReadEnrollmentCode(made.code()))));
  EXPECT_EQ(FirstDifference(), "");
  calls_.world.check_at_end = false;
  calls_.world.session().Run("UPDATE enrollment_codes SET expire_time = expire_time + 1");
  EXPECT_THAT(FirstDifference(), StartsWith("enrollment_codes "));
}

TEST_P(CodesTest, ARepeatOfTheRequestForACodeAnswersTheSameOne) {
  const auto made = Make("code-number-1");
  const auto again = Make("code-number-1");
  EXPECT_EQ(again.code(), made.code());
  EXPECT_NE(Make("code-number-2").code(), made.code());
}

TEST_P(CodesTest, ALostAnswerIsGivenAgainForTenMinutes) {
  const auto made = Make("code-number-1");
  v1::EnrollTerminalResponse first, again;
  ASSERT_EQ(Enroll(made.code(), "enroll-1", first), "OK");
  calls_.Pass(10 * kMinute - 1);
  ASSERT_EQ(Enroll(made.code(), "enroll-1", again), "OK");
  EXPECT_EQ(again.key(), first.key());
  EXPECT_EQ(Enroll(made.code(), "enroll-2", again), kWrong) << "another request";
  calls_.Pass(1);
  EXPECT_EQ(Enroll(made.code(), "enroll-1", again), kWrong);
  EXPECT_EQ(Sell(first.key()), "OK");
  EXPECT_EQ(calls_.world.database().Number("SELECT COUNT(*) FROM access_keys"), 3);
}

TEST_P(CodesTest, WhateverIsWrongWithACodeIsAnsweredAlike) {
  const auto used = Make("code-number-1");
  ASSERT_EQ(Enroll(used.code()), "OK");
  const std::string just_used = BytesOf(With(used.code(), "request-1"));
  calls_.Pass(kHour);
  const std::string long_used = BytesOf(With(used.code(), "request-1"));
  const auto replaced = Make("code-number-2");
  const auto ended = Make("code-number-3", kMinute);
  const std::string was_replaced = BytesOf(With(replaced.code(), "request-1"));
  calls_.Pass(kMinute);
  const std::string has_ended = BytesOf(With(ended.code(), "request-1"));
  std::string mistyped = ended.code();
  mistyped.back() = mistyped.back() == '0' ? '1' : '0';
  EXPECT_THAT(just_used, HasSubstr(kWrong));
  for (const std::string& bytes :
       {long_used, was_replaced, has_ended, BytesOf(With(mistyped, "request-1")),
        BytesOf(With(EnrollmentCode({1, 2, 3}), "request-1")), BytesOf(With("nonsense", "request-1"))})
    EXPECT_EQ(bytes, just_used);
}

TEST_P(CodesTest, OneThatWasRevokedIsWrong) {
  const auto made = Make("code-number-1");
  v1::RevokeEnrollmentCodeRequest request;
  request.set_request_id("revoke-1");
  request.set_terminal(kT1);
  v1::RevokeEnrollmentCodeResponse response;
  ASSERT_EQ(calls_.Call(kRevokeCode, request, response), "OK");
  EXPECT_TRUE(response.revoked());
  request.set_request_id("revoke-2");
  ASSERT_EQ(calls_.Call(kRevokeCode, request, response), "OK");
  EXPECT_FALSE(response.revoked()) << "there was none any more";
  calls_.snapshots().Refresh();
  EXPECT_EQ(Enroll(made.code()), kWrong);
  // Whoever takes all keys of a terminal away takes the way to another one, too.
  const auto next = Make("code-number-2");
  v1::RevokeTerminalRequest all;
  all.set_request_id("revoke-3");
  all.set_terminal(kT1);
  v1::RevokeTerminalResponse revoked;
  ASSERT_EQ(calls_.Call(kRevokeTerminal, all, revoked), "OK");
  calls_.snapshots().Refresh();
  EXPECT_EQ(Enroll(next.code()), kWrong);
}

// Another server has used it, and this one has not heard of it yet.
TEST_P(CodesTest, TheWritePathDecidesWhatASnapshotDoesNotKnowYet) {
  const auto made = Make("code-number-1");
  calls_.world.Edit<storage::EnrollmentCodeRow>(1, [this](auto& row) { row.used_time = calls_.now(); });
  EXPECT_EQ(Enroll(made.code()), kWrong);
}

TEST_P(CodesTest, WhoGuessesWaitsAndNobodyElseDoes) {
  const auto made = Make("code-number-1");
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Enroll("0000-0000-0000-0001"), kWrong) << i;
  EXPECT_EQ(Enroll("0000-0000-0000-0001"), "TOO_MANY_WRONG_CODES");
  EXPECT_EQ(Enroll(made.code()), "TOO_MANY_WRONG_CODES") << "whatever it sends";
  calls_.network = "elsewhere";
  EXPECT_EQ(Enroll("0000-0000-0000-0001"), kWrong);
  calls_.network = "here";
  calls_.Pass(kMinute);
  EXPECT_EQ(Enroll(made.code()), "OK");
}

TEST_P(CodesTest, ACodeComesWithoutAKeyAndForItsTerminalOnly) {
  const auto made = Make("code-number-1");
  auto request = With(made.code(), "enroll-1");
  v1::EnrollTerminalResponse response;
  EXPECT_EQ(calls_.Call(kEnroll, request, response), "INVALID_ARGUMENT") << "an administrator's key beside it";
  EXPECT_EQ(calls_.Call(kEnroll, request, response, "Bearer nobody"), "UNAUTHENTICATED");
  request.set_terminal("stores/north/terminals/t2");
  EXPECT_EQ(calls_.Call(kEnroll, request, response, kNobody), kWrong);
  request.set_terminal(kT1);
  request.mutable_expire_time()->set_seconds(calls_.now() / kSecond + 60);
  EXPECT_EQ(calls_.Call(kEnroll, request, response, kNobody), "INVALID_ARGUMENT");
  request.clear_expire_time();
  EXPECT_EQ(calls_.Call(kEnroll, request, response, kNobody), "OK");
  EXPECT_EQ(calls_.Call(kEnroll, With("", "enroll-2"), response, kNobody), "UNAUTHENTICATED");
}

TEST_P(CodesTest, WhoMadeItAndWhoUsedItIsInTheAudit) {
  const auto made = Make("code-number-1");
  ASSERT_EQ(Enroll(made.code()), "OK");
  std::vector<std::string> audit;
  calls_.world.session().Read(
      "SELECT p.name, a.action, a.resource FROM audit a JOIN principals p ON p.id = a.principal_id WHERE a.action LIKE "
      "'terminal.%' ORDER BY a.create_time, a.command_id",
      [&audit](const std::string& name, const std::string& action, const std::string& resource) {
        audit.push_back(name + " " + action + " " + resource);
      });
  EXPECT_THAT(audit, ElementsAre("keys/admin terminal.code stores/north/terminals/t1",
                                 "stores/north/terminals/t1 terminal.enroll_by_code stores/north/terminals/t1"));
}

// Of a till that got its certificate first: the code of another one does not make it that other one.
TEST_P(CodesTest, ACertificateOfATerminalGoesWithItsKeyAndItsCodeOnly) {
  const auto made = Make("code-number-1");
  const auto of = [this](std::vector<std::string> terminals) {
    calls_.certificate.terminals = std::make_shared<const std::vector<std::string>>(std::move(terminals));
  };
  of({"stores/north/terminals/t2"});
  EXPECT_EQ(Enroll("0000-0000-0000-0000"), kWrong) << "an unknown code says nothing of certificates";
  EXPECT_EQ(Enroll(made.code()), "CERTIFICATE_OF_ANOTHER_TERMINAL");
  of({kT1});
  v1::EnrollTerminalResponse enrolled;
  ASSERT_EQ(Enroll(made.code(), "enroll-1", enrolled), "OK");
  EXPECT_EQ(Sell(enrolled.key()), "OK");
  EXPECT_EQ(Sell("till"), "CERTIFICATE_OF_ANOTHER_TERMINAL") << "an administrator's key";
  EXPECT_EQ(Sell("nobody"), "UNAUTHENTICATED");
  of({"stores/north/terminals/t2"});
  EXPECT_EQ(Sell(enrolled.key()), "CERTIFICATE_OF_ANOTHER_TERMINAL");
  of({"stores/north/terminals/t2", kT1});
  EXPECT_EQ(Sell(enrolled.key()), "OK") << "one for several tills";
  calls_.certificate.revoked = true;
  EXPECT_EQ(Sell(enrolled.key()), "CERTIFICATE_REVOKED");
  EXPECT_EQ(Enroll("nonsense"), "CERTIFICATE_REVOKED") << "before anything is looked at";
}

TEST_P(CodesTest, HowLongOneIsGoodIsLimited) {
  v1::CreateEnrollmentCodeRequest request;
  request.set_request_id("code-number-1");
  request.set_terminal(kT1);
  v1::CreateEnrollmentCodeResponse response;
  for (const std::int64_t seconds : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{59}, 30 * kDayLength / kSecond + 1,
                                     std::numeric_limits<std::int64_t>::max()}) {
    request.mutable_valid()->set_seconds(seconds);
    EXPECT_EQ(calls_.Call(kCreateCode, request, response), "INVALID_ARGUMENT") << seconds;
  }
  request.mutable_valid()->set_seconds(30 * kDayLength / kSecond);
  EXPECT_EQ(calls_.Call(kCreateCode, request, response), "OK");
  request.set_request_id("code-number-2");
  request.set_terminal("stores/north/terminals/none");
  EXPECT_EQ(calls_.Call(kCreateCode, request, response), "TERMINAL_UNKNOWN");
}

}  // namespace
}  // namespace loyalty
