// The way out of PROOF_NEEDED: a clerk redeems what a till may not, and it is known who it was. And what many callers
// at once may spend.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "loyalty/v1/fraud_service.pb.h"
#include "tests/services/rpc/operator_world.h"

namespace loyalty {
namespace {

constexpr const char* kDesk = "Bearer desk";
constexpr const char* kNorthDesk = "Bearer north-desk";
constexpr const char* kSouthDesk = "Bearer south-desk";
constexpr Points kMuch = 1'000;
constexpr Points kOfAnOperator = 4'000;

class DeskRedeemTest : public test::OperatorWorld, public ::testing::WithParamInterface<storage::Engine> {
 protected:
  DeskRedeemTest() : OperatorWorld(GetParam(), {.points = 100, .redeemed_per_operator_day = kOfAnOperator}) {
    Add("keys/desk", Role::kClerk, 0, 0, "desk");
    Add("keys/north-desk", Role::kClerk, test::kNorth, 0, "north-desk");
    Add("keys/south-desk", Role::kClerk, test::kSouth, 0, "south-desk");
    calls.Refresh();
    EXPECT_EQ(Sell(kTill), "the till's word|false");
  }
  v1::Redemption Read(const v1::RedeemResponse& response) {
    v1::GetRedemptionRequest request;
    request.set_name(response.result().redemption());
    v1::GetRedemptionResponse found;
    EXPECT_EQ(Ask("loyalty.v1.LedgerService.GetRedemption", request, found, kDesk), "OK");
    return found.redemption();
  }
  std::string Quote(const v1::RedeemRequest& redeem, const std::string& who) {
    v1::QuoteRedeemRequest request;
    *request.mutable_redeem() = redeem;
    v1::QuoteRedeemResponse response;
    return Ask("loyalty.v1.TerminalService.QuoteRedeem", request, response, who);
  }
  std::string Cancel(const v1::RedeemResponse& spent, const std::string& who) {
    v1::CancelRedemptionRequest request;
    request.set_request_id(NewId("cancel"));
    request.set_redemption(spent.result().redemption());
    request.set_reason("CHANGED_MIND");
    v1::CancelRedemptionResponse response;
    return Ask("loyalty.v1.TerminalService.CancelRedemption", request, response, who);
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, DeskRedeemTest, test::kBothEngines, test::EngineName);

TEST_P(DeskRedeemTest, WhatATillMayNotSpendAClerkDoes) {
  const v1::RedeemRequest request = RedeemRequest(kMuch);
  EXPECT_EQ(Quote(request, kTill), "PROOF_NEEDED");
  EXPECT_EQ(Redeem(request), "PROOF_NEEDED");
  EXPECT_EQ(Quote(request, kDesk), "OK");
  v1::RedeemResponse first, again;
  ASSERT_EQ(Redeem(request, kDesk, &first), "OK");
  EXPECT_EQ(Redeem(request, kDesk, &again), "OK");
  EXPECT_EQ(again.result().SerializeAsString(), first.result().SerializeAsString()) << "safe to repeat";
  EXPECT_EQ(Read(first).principal(), "keys/desk");
  EXPECT_EQ(Read(first).terminal(), "");
  EXPECT_EQ(Redeem(RedeemRequest(1)), "PROOF_NEEDED")
      << "the day's points are spent, and the till's word stays no proof";
}

TEST_P(DeskRedeemTest, APhoneNumberIsEnoughForAClerkWhoSeesWhoAsks) {
  v1::RedeemResponse spent;
  ASSERT_EQ(Redeem(RedeemRequest(1), kTill, &spent), "OK");
  v1::LinkIdentifierRequest link;
  link.set_request_id(NewId("link"));
  link.mutable_identifier()->set_phone("+4915112345678");
  link.set_member(spent.result().member());
  v1::LinkIdentifierResponse linked;
  ASSERT_EQ(Ask("loyalty.v1.MemberService.LinkIdentifier", link, linked, kDesk), "OK");
  v1::RedeemRequest request = RedeemRequest(kMuch);
  request.mutable_identifier()->set_phone("+4915112345678");
  EXPECT_EQ(Redeem(request), "PROOF_NEEDED");
  EXPECT_EQ(Redeem(request, kDesk), "OK");
}

TEST_P(DeskRedeemTest, AClerkOfAStoreRedeemsThereAndNowhereElse) {
  v1::RedeemRequest request = RedeemRequest(kMuch);
  request.set_terminal("stores/north/terminals/t1");
  EXPECT_EQ(Quote(request, kSouthDesk), "PERMISSION_DENIED");
  EXPECT_EQ(Redeem(request, kSouthDesk), "PERMISSION_DENIED");
  v1::RedeemResponse spent;
  ASSERT_EQ(Redeem(request, kNorthDesk, &spent), "OK");
  EXPECT_EQ(Read(spent).principal(), "keys/north-desk");
  EXPECT_EQ(Read(spent).terminal(), "stores/north/terminals/t1");
  EXPECT_EQ(Cancel(spent, kSouthDesk), "PERMISSION_DENIED");
  EXPECT_EQ(Cancel(spent, kNorthDesk), "OK");
  ASSERT_EQ(Redeem(RedeemRequest(kMuch), kNorthDesk, &spent), "OK") << "without a terminal it is the store's";
  EXPECT_EQ(Cancel(spent, kSouthDesk), "PERMISSION_DENIED");
  EXPECT_EQ(Cancel(spent, kNorthDesk), "OK");
}

TEST_P(DeskRedeemTest, OfManyCallersAtOnceAsManySpendAsTheOperatorMay) {
  const std::string cashier = Create(v1::OPERATOR_ROLE_CASHIER, "4071");
  ASSERT_EQ(SignOn(cashier, "4071"), "OK");
  calls.session = session;
  EXPECT_EQ(Redeem(kMuch / 4), "OK");
  calls.session.clear();
  std::vector<test::CallWorld::Sent> sent;
  for (int i = 0; i < 32; ++i) {
    v1::RedeemRequest request = RedeemRequest(kMuch / 4);
    request.set_terminal("stores/north/terminals/t1");
    request.set_operator_(cashier);  // who was signed on, now by the word of a desk
    sent.push_back(calls.Begin(test::CallWorld::kRedeem, request, i % 2 == 0 ? kDesk : kNorthDesk));
  }
  std::map<std::string, int> outcomes;
  for (const auto& one : sent) ++outcomes[one.Await()];
  EXPECT_EQ(outcomes["OK"], kOfAnOperator / (kMuch / 4) - 1);
  EXPECT_EQ(outcomes["LIMIT_EXCEEDED"], 32 - outcomes["OK"]);
  v1::ListAlertsResponse alerts;
  EXPECT_EQ(Ask("loyalty.v1.FraudService.ListAlerts", v1::ListAlertsRequest(), alerts, kNorthDesk), "OK");
  ASSERT_EQ(alerts.alerts_size(), 1);
  EXPECT_EQ(alerts.alerts(0).limit(), "redeemed_points_per_operator_day");
  EXPECT_EQ(alerts.alerts(0).kind(), v1::ALERT_KIND_REDEMPTION);
  EXPECT_EQ(alerts.alerts(0).operator_(), cashier);
  EXPECT_EQ(alerts.alerts(0).store(), "stores/north");
  EXPECT_EQ(alerts.alerts(0).member(), "");
  EXPECT_EQ(alerts.alerts(0).count(), outcomes["LIMIT_EXCEEDED"]);
}

TEST_P(DeskRedeemTest, TheLedgerSaysWhetherTheOperatorWasProven) {
  v1::RedeemResponse spent;
  ASSERT_EQ(Redeem(RedeemRequest(1), kTill, &spent), "OK");
  const std::string cashier = Create(v1::OPERATOR_ROLE_CASHIER, "4071");
  ASSERT_EQ(SignOn(cashier, "4071"), "OK");
  calls.session = session;
  EXPECT_EQ(Sell(kTill), cashier + "|true");
  EXPECT_EQ(Redeem(1), "OK");
  calls.session.clear();
  v1::ListEntriesRequest request;
  request.set_member(spent.result().member());
  v1::ListEntriesResponse list;
  ASSERT_EQ(Ask("loyalty.v1.LedgerService.ListEntries", request, list, kDesk), "OK");
  std::vector<std::string> told;
  for (const auto& entry : list.entries())
    told.push_back(entry.operator_() + (entry.operator_proven() ? "|true" : "|false"));
  EXPECT_THAT(told, ::testing::ElementsAre(cashier + "|true", cashier + "|true", "|false", "the till's word|false"));
}

}  // namespace
}  // namespace loyalty
