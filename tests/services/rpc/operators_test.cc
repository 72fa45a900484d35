// Operators at tills: how they sign on, how often a PIN is looked at, what their sessions prove and when they end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "loyalty/v1/admin_service.pb.h"
#include "services/commands/operators.h"
#include "services/rpc/pin.h"
#include "storage/operators.h"
#include "storage/verify.h"
#include "tests/services/rpc/operator_world.h"

namespace loyalty {
namespace {

using test::kStart;
using ::testing::ElementsAre;

constexpr const char* kWrong = "OPERATOR_UNKNOWN_OR_PIN_WRONG";
constexpr const char* kLocked = "OPERATOR_LOCKED";

class OperatorsTest : public test::OperatorWorld, public ::testing::WithParamInterface<storage::Engine> {
 protected:
  OperatorsTest() : OperatorWorld(GetParam()) {}
};
INSTANTIATE_TEST_SUITE_P(Engines, OperatorsTest, test::kBothEngines, test::EngineName);

TEST_P(OperatorsTest, AnOperatorIsMadeListedAndKnownByANumber) {
  const std::string cashier = Create(v1::OPERATOR_ROLE_CASHIER, "4071", "Erika");
  EXPECT_THAT(cashier, ::testing::MatchesRegex("operators/[1-9][0-9]{7}"));
  EXPECT_EQ(Create(v1::OPERATOR_ROLE_CASHIER, "1234"), "INVALID_ARGUMENT") << "a row";
  EXPECT_EQ(Create(v1::OPERATOR_ROLE_CASHIER, "4071", "", "stores/nowhere"), "STORE_UNKNOWN");
  const auto list = List("stores/north");
  ASSERT_EQ(list.operators_size(), 1);
  EXPECT_EQ(list.operators(0).name(), cashier);
  EXPECT_EQ(list.operators(0).display_name(), "Erika");
  EXPECT_EQ(list.operators(0).store(), "stores/north");
  EXPECT_EQ(list.operators(0).state(), v1::OPERATOR_STATE_ACTIVE);
  EXPECT_EQ(List("stores/south").operators_size(), 0);
}

TEST_P(OperatorsTest, ARepeatMakesNoSecondOneAndThePinIsNoPartOfTheRequest) {
  v1::CreateOperatorRequest request;
  request.set_request_id("create-operator-1");
  request.set_store("stores/north");
  request.set_role(v1::OPERATOR_ROLE_CASHIER);
  request.set_pin("4071");
  v1::CreateOperatorResponse first, again;
  ASSERT_EQ(calls.Call(kAdminService + std::string("CreateOperator"), request, first), "OK");
  request.set_pin("8264");
  ASSERT_EQ(calls.Call(kAdminService + std::string("CreateOperator"), request, again), "OK");
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(SignOn(first.operator_().name(), "4071"), "OK") << "the PIN of the first one counts";
}

TEST_P(OperatorsTest, ASessionIsGivenForThePinAndARepeatGetsTheSameOne) {
  const std::string cashier = Create(v1::OPERATOR_ROLE_CASHIER, "4071");
  v1::SignOnOperatorResponse first, again;
  EXPECT_EQ(SignOn(cashier, "4071", kTill, "sign-on-1", &first), "OK");
  EXPECT_EQ(first.result().operator_(), cashier);
  EXPECT_EQ(first.result().terminal(), "stores/north/terminals/t1");
  EXPECT_EQ(first.result().expire_time().seconds(), (kStart + kSessionLife) / kSecond);
  for (int i = 0; i < 2 * kPinTriesMax; ++i) {
    EXPECT_EQ(SignOn(cashier, "4071", kTill, "sign-on-1", &again), "OK") << "right ones are not counted";
    EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  }
  EXPECT_EQ(SignOn(cashier, "4072", kTill, "sign-on-1"), kWrong) << "who knows the request does not know the PIN";
}

TEST_P(OperatorsTest, WhoeverDoesNotProveToBeOneIsAnsweredAlike) {
  const std::string cashier = Create(v1::OPERATOR_ROLE_CASHIER, "4071");
  const std::string gone = Create(v1::OPERATOR_ROLE_CASHIER, "4071");
  EXPECT_EQ(Disable(gone), "OK");
  EXPECT_EQ(SignOn(cashier, "4072"), kWrong);
  const std::string message = last_error->message;
  EXPECT_EQ(SignOn(cashier, "4071", kSouthTill), kWrong) << "another store's";
  EXPECT_EQ(last_error->message, message);
  EXPECT_EQ(SignOn(gone, "4071"), kWrong);
  EXPECT_EQ(last_error->message, message);
  EXPECT_EQ(SignOn("operators/99999999", "4071"), kWrong);
  EXPECT_EQ(last_error->message, message);
  EXPECT_EQ(SignOn("operators/x", "4071"), "INVALID_ARGUMENT");
}

TEST_P(OperatorsTest, FiveWrongPinsInARowLockForFifteenMinutes) {
  const std::string cashier = Create(v1::OPERATOR_ROLE_CASHIER, "4071");
  for (int i = 0; i < kPinTriesMax - 1; ++i) EXPECT_EQ(SignOn(cashier, "4072"), kWrong);
  EXPECT_EQ(SignOn(cashier, "4071"), "OK") << "the fifth is right: no row of five";
  for (int i = 0; i < kPinTriesMax; ++i) EXPECT_EQ(SignOn(cashier, "4072"), kWrong);
  EXPECT_EQ(SignOn(cashier, "4071"), kLocked);
  EXPECT_EQ(last_error->metadata.at("locked_until_time"), FormatTime(kStart + kPinLock));
  EXPECT_TRUE(List("stores/north").operators(0).has_locked_until_time());
  EXPECT_EQ(SignOn(cashier, "4071", kSouthTill), kWrong) << "elsewhere nobody hears of it";
  calls.Pass(kPinLock);
  EXPECT_EQ(SignOn(cashier, "4072"), kWrong);
  EXPECT_EQ(SignOn(cashier, "4071"), "OK");
}

TEST_P(OperatorsTest, OfManyWhoTryAtOnceFiveAreLookedAt) {
  const std::string cashier = Create(v1::OPERATOR_ROLE_CASHIER, "4071");
  std::vector<test::CallWorld::Sent> sent;
  for (int i = 0; i < 64; ++i)
    sent.push_back(calls.Begin(kAdminService + std::string("SignOnOperator"),
                               SignOnRequest(cashier, std::to_string(5'000 + i), "guess-number-" + std::to_string(i)),
                               kTill));
  std::map<std::string, int> outcomes;
  for (const auto& one : sent) ++outcomes[one.Await()];
  EXPECT_EQ(outcomes[kWrong], kPinTriesMax);
  EXPECT_EQ(outcomes[kLocked], 64 - kPinTriesMax);
}

TEST_P(OperatorsTest, ASessionProvesWhoSellsAtItsTerminal) {
  const std::string cashier = Create(v1::OPERATOR_ROLE_CASHIER, "4071");
  EXPECT_EQ(Sell(kTill), "the till's word|false");
  ASSERT_EQ(SignOn(cashier, "4071"), "OK");
  calls.session = session;
  EXPECT_EQ(Sell(kTill), cashier + "|true");
  EXPECT_EQ(Sell(kNextTill), "the till's word|false OPERATOR_NEEDED") << "another terminal's";
  calls.session = session + "0";
  EXPECT_EQ(Sell(kTill), "the till's word|false OPERATOR_NEEDED");
  calls.session = "no session of ours";
  EXPECT_EQ(Sell(kTill), "the till's word|false OPERATOR_NEEDED");
  calls.session = session;
  calls.Pass(kSessionLife);
  EXPECT_EQ(Sell(kTill), "the till's word|false OPERATOR_NEEDED");
}

TEST_P(OperatorsTest, ASessionEndsWithWhateverItRestsOn) {
  const std::string cashier = Create(v1::OPERATOR_ROLE_CASHIER, "4071");
  const auto is_proven = [&] { return Sell(kTill) == cashier + "|true"; };
  const auto sign_on = [&](const std::string& pin) {
    EXPECT_EQ(SignOn(cashier, pin), "OK");
    calls.session = session;
    EXPECT_TRUE(is_proven());
  };
  sign_on("4071");
  v1::SignOffOperatorRequest off;
  off.set_request_id("sign-off-1");
  off.set_operator_(cashier);
  v1::SignOffOperatorResponse ended;
  EXPECT_EQ(calls.Call(kAdminService + std::string("SignOffOperator"), off, ended, kTill), "OK");
  EXPECT_TRUE(ended.ended());
  EXPECT_FALSE(is_proven()) << "signed off";
  sign_on("4071");
  const std::string before = session;
  sign_on("4071");
  calls.session = before;
  EXPECT_FALSE(is_proven()) << "signed on again";
  sign_on("4071");
  EXPECT_EQ(ResetPin(cashier, "8264"), "OK");
  EXPECT_FALSE(is_proven()) << "another PIN";
  EXPECT_EQ(SignOn(cashier, "4071"), kWrong);
  sign_on("8264");
  EXPECT_EQ(Disable(cashier), "OK");
  EXPECT_FALSE(is_proven()) << "disabled";
  EXPECT_EQ(SignOn(cashier, "8264"), kWrong);
  EXPECT_EQ(ResetPin("operators/99999999", "8264"), "OPERATOR_UNKNOWN");
}

TEST_P(OperatorsTest, ARevokedTerminalHasNoSessions) {
  const std::string cashier = Create(v1::OPERATOR_ROLE_CASHIER, "4071");
  ASSERT_EQ(SignOn(cashier, "4071"), "OK");
  v1::RevokeTerminalRequest request;
  request.set_request_id("revoke-t1");
  request.set_terminal("stores/north/terminals/t1");
  v1::RevokeTerminalResponse response;
  EXPECT_EQ(calls.Call(kAdminService + std::string("RevokeTerminal"), request, response), "OK");
  EXPECT_THAT(storage::ReadSessionsAt(calls.world.session(), 1),
              ElementsAre(::testing::Field(&storage::OperatorSessionRow::end_time, calls.now())));
}

TEST_P(OperatorsTest, AResetUnlocks) {
  const std::string cashier = Create(v1::OPERATOR_ROLE_CASHIER, "4071");
  for (int i = 0; i < kPinTriesMax; ++i) EXPECT_EQ(SignOn(cashier, "4072"), kWrong);
  EXPECT_EQ(SignOn(cashier, "4071"), kLocked);
  EXPECT_EQ(ResetPin(cashier, "8264"), "OK");
  EXPECT_EQ(SignOn(cashier, "8264"), "OK");
}

TEST_P(OperatorsTest, AStoreThatNeedsOperatorsSellsWithoutAndDoesNothingElse) {
  const std::string cashier = Create(v1::OPERATOR_ROLE_CASHIER, "4071");
  EXPECT_EQ(Sell(kTill), "the till's word|false");
  RequireOperators("stores/north", true);
  EXPECT_EQ(Sell(kTill), "the till's word|false OPERATOR_NEEDED");
  EXPECT_EQ(Redeem(1), "OPERATOR_NEEDED");
  EXPECT_EQ(Enroll("2600000077"), "OPERATOR_NEEDED");
  ASSERT_EQ(SignOn(cashier, "4071"), "OK");
  calls.session = session;
  EXPECT_EQ(Redeem(1), "OK");
  EXPECT_EQ(Enroll("2600000077"), "OK");
  calls.session.clear();
  RequireOperators("stores/north", false);
  EXPECT_EQ(Redeem(1), "OK");
}

TEST_P(OperatorsTest, VerifyFindsWhatSomebodyChanged) {
  calls.world.check_at_end = false;
  const std::string cashier = Create(v1::OPERATOR_ROLE_CASHIER, "4071");
  EXPECT_EQ(SignOn(cashier, "4072"), kWrong);
  EXPECT_EQ(SignOn(cashier, "4071"), "OK");
  const auto difference = [this] {
    return storage::VerifyLedger(calls.world.session(), test::TestKeys(), std::nullopt, std::nullopt,
                                 [](const storage::VerifyReport&) { return true; })
        .first_difference;
  };
  EXPECT_EQ(difference(), "");
  calls.world.session().Run("UPDATE operator_sessions SET expire_time = expire_time + 1");
  EXPECT_THAT(difference(), ::testing::HasSubstr("operator_sessions"));
  calls.world.session().Run("UPDATE operator_sessions SET expire_time = expire_time - 1");
  calls.world.session().Run("UPDATE operators SET tries = tries + 1");
  EXPECT_THAT(difference(), ::testing::HasSubstr("operators"));
  calls.world.session().Run("DELETE FROM operators");
  EXPECT_THAT(difference(), ::testing::HasSubstr(cashier + " was made, and is not there"));
}

TEST_P(OperatorsTest, APinIsStoredAsAHashOfAKeyedHash) {
  const std::string stored = HashPin(test::TestKeys().current, "4071");
  EXPECT_THAT(stored, ::testing::StartsWith("1$argon2id$v=19$m=16384,t=3,"));
  EXPECT_EQ(IsPinOf(test::TestKeys(), stored, "4071"), true);
  EXPECT_EQ(IsPinOf(test::TestKeys(), stored, "4072"), false);
  EXPECT_EQ(IsPinOf(test::TestKeys(), "9" + stored.substr(1), "4071"), std::nullopt) << "of a key that is not known";
  const ProgramKeys others = DeriveKeys(SecretKey{7});
  EXPECT_EQ(IsPinOf(others, stored, "4071"), false) << "who has the database alone has nothing to try it with";
}

}  // namespace
}  // namespace loyalty
