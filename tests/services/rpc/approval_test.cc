// What a second person approves: who may, who may not, and that the request stays the same one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/commands/operators.h"
#include "tests/services/rpc/operator_world.h"

namespace loyalty {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t kLimit = 100;

class ApprovalTest : public test::OperatorWorld, public ::testing::WithParamInterface<storage::Engine> {
 protected:
  ApprovalTest() : OperatorWorld(GetParam(), {.approval_from_points = kLimit, .code_from = 10'000'000}) {
    Add("keys/shop", Role::kService, 0, 0, "shop");
    Add("keys/desk", Role::kClerk, 0, 0, "desk");
    Add("keys/south-desk", Role::kClerk, test::kSouth, 0, "south-desk");
    Add("keys/figures", Role::kAnalyst, 0, 0, "figures");
    calls.Refresh();
    cashier_ = Create(v1::OPERATOR_ROLE_CASHIER, "4071");
    supervisor_ = Create(v1::OPERATOR_ROLE_SUPERVISOR, "8264");
    EXPECT_EQ(Sell(kTill), "the till's word|false");
    EXPECT_EQ(Sell(kTill), "the till's word|false");
  }
  // The same request with an approval.
  static v1::RedeemRequest With(v1::RedeemRequest request, const std::string& approver, const std::string& pin) {
    request.mutable_approval()->set_operator_(approver);
    request.mutable_approval()->set_pin(pin);
    return request;
  }
  v1::Redemption Read(const v1::RedeemResponse& response) {
    v1::GetRedemptionRequest request;
    request.set_name(response.result().redemption());
    v1::GetRedemptionResponse found;
    EXPECT_EQ(Ask("loyalty.v1.LedgerService.GetRedemption", request, found, test::CallWorld::kAuthorization), "OK");
    return found.redemption();
  }
  // "ACTION RESOURCE DETAIL" of the last row of this audit.
  std::string LastAudit(const std::string& name) {
    v1::ListAuditEventsRequest request;
    request.set_name(name);
    v1::ListAuditEventsResponse response;
    EXPECT_EQ(Ask(std::string(kAdminService) + "ListAuditEvents", request, response, test::CallWorld::kAuthorization),
              "OK");
    if (response.events().empty()) return "";
    const auto& event = *response.events().rbegin();
    return event.action() + " " + event.resource() + " " + event.detail();
  }

  std::string cashier_, supervisor_;
};
INSTANTIATE_TEST_SUITE_P(Engines, ApprovalTest, test::kBothEngines, test::EngineName);

TEST_P(ApprovalTest, ManyPointsAreSpentWithASecondPersonOnly) {
  EXPECT_EQ(Redeem(kLimit - 1), "OK");
  const v1::RedeemRequest request = RedeemRequest(kLimit);
  EXPECT_EQ(Redeem(request), "APPROVAL_REQUIRED");
  EXPECT_EQ(last_error->metadata.at("approval_from_points"), "100");
  v1::RedeemResponse first, again;
  ASSERT_EQ(Redeem(With(request, supervisor_, "8264"), kTill, &first), "OK") << "the same request";
  EXPECT_EQ(Redeem(request, kTill, &again), "OK") << "a till that was started anew has no PIN in its journal";
  EXPECT_EQ(again.result().SerializeAsString(), first.result().SerializeAsString());
  EXPECT_EQ(Redeem(With(request, supervisor_, "8264"), kTill, &again), "OK");
  EXPECT_EQ(again.result().SerializeAsString(), first.result().SerializeAsString());
  EXPECT_EQ(Read(first).approver(), supervisor_);
  EXPECT_EQ(LastAudit("stores/north/terminals/t1"),
            "redemption.approve " + first.result().redemption() + " " + supervisor_);
}

TEST_P(ApprovalTest, WhatIsRefusedAnywayNeedsNobody) { EXPECT_EQ(Redeem(1'000'000), "INSUFFICIENT_POINTS"); }

TEST_P(ApprovalTest, WhoMayNotApproveDoesNot) {
  const std::string south = Create(v1::OPERATOR_ROLE_SUPERVISOR, "8264", "", "stores/south");
  const std::string gone = Create(v1::OPERATOR_ROLE_SUPERVISOR, "8264");
  ASSERT_EQ(Disable(gone), "OK");
  const v1::RedeemRequest request = RedeemRequest(kLimit);
  EXPECT_EQ(Redeem(With(request, cashier_, "4071")), "APPROVER_NOT_ALLOWED") << "no supervisor";
  EXPECT_EQ(Redeem(With(request, south, "8264")), "OPERATOR_UNKNOWN_OR_PIN_WRONG") << "another store's";
  EXPECT_EQ(Redeem(With(request, gone, "8264")), "OPERATOR_UNKNOWN_OR_PIN_WRONG");
  EXPECT_EQ(Redeem(With(request, "operators/99999999", "8264")), "OPERATOR_UNKNOWN_OR_PIN_WRONG");
  EXPECT_EQ(Redeem(With(request, "Erika", "8264")), "INVALID_ARGUMENT");
  ASSERT_EQ(SignOn(supervisor_, "8264"), "OK");
  calls.session = session;
  EXPECT_EQ(Redeem(With(request, supervisor_, "8264")), "APPROVER_NOT_ALLOWED") << "who is signed on";
  calls.session.clear();
  v1::RedeemRequest own = request;
  own.set_operator_(supervisor_);
  EXPECT_EQ(Redeem(With(own, supervisor_, "8264")), "APPROVER_NOT_ALLOWED") << "who says to be at the till";
  EXPECT_EQ(Redeem(request), "APPROVAL_REQUIRED") << "nothing was spent";
}

TEST_P(ApprovalTest, AWrongPinOfASupervisorCounts) {
  const v1::RedeemRequest request = RedeemRequest(kLimit);
  for (int i = 0; i < kPinTriesMax; ++i)
    EXPECT_EQ(Redeem(With(request, supervisor_, "4072")), "OPERATOR_UNKNOWN_OR_PIN_WRONG");
  EXPECT_EQ(Redeem(With(request, supervisor_, "8264")), "OPERATOR_LOCKED");
  EXPECT_EQ(SignOn(supervisor_, "8264"), "OPERATOR_LOCKED");
  EXPECT_EQ(Redeem(1), "OK") << "the till goes on";
}

TEST_P(ApprovalTest, AQuoteNeedsNoApprovalAndSaysThatOneWillBeNeeded) {
  const auto quote = [this](std::int64_t points) {
    v1::QuoteRedeemRequest request;
    *request.mutable_redeem() = RedeemRequest(points);
    v1::QuoteRedeemResponse response;
    EXPECT_EQ(Ask("loyalty.v1.TerminalService.QuoteRedeem", request, response, kTill), "OK");
    EXPECT_EQ(response.redeem().result().value_minor(), points);
    return response.approval_required();
  };
  EXPECT_FALSE(quote(kLimit - 1));
  EXPECT_TRUE(quote(kLimit));
}

TEST_P(ApprovalTest, BehindANamedKeyTheSecondPersonIsANamedKeyToo) {
  const std::string shop = "Bearer shop";
  const v1::RedeemRequest request = RedeemRequest(kLimit);
  EXPECT_EQ(Redeem(request, shop), "APPROVAL_REQUIRED");
  EXPECT_EQ(Redeem(With(request, supervisor_, "8264"), shop), "INVALID_ARGUMENT") << "a PIN is a till's";
  for (const char* key : {"shop", "figures", "south-desk", "nobody-knows-this-key", "north-till"}) {
    calls.approval_key = key;
    EXPECT_EQ(Redeem(request, shop), "APPROVER_NOT_ALLOWED") << key;
  }
  calls.approval_key = "desk";
  EXPECT_EQ(Redeem(RedeemRequest(kLimit)), "APPROVAL_REQUIRED") << "a till has its supervisor";
  v1::RedeemResponse first, again;
  ASSERT_EQ(Redeem(request, shop, &first), "OK");
  calls.approval_key.clear();
  EXPECT_EQ(Redeem(request, shop, &again), "OK");
  EXPECT_EQ(again.result().SerializeAsString(), first.result().SerializeAsString());
  EXPECT_EQ(Read(first).approver(), "keys/desk");
  EXPECT_THAT(LastAudit("keys/shop"), HasSubstr("keys/desk"));
}

TEST_P(ApprovalTest, ARedemptionSaysWhoSpentAndACancellationWhoApproved) {
  ASSERT_EQ(SignOn(cashier_, "4071"), "OK");
  calls.session = session;
  v1::RedeemResponse spent;
  ASSERT_EQ(Redeem(With(RedeemRequest(kLimit), supervisor_, "8264"), kTill, &spent), "OK");
  EXPECT_EQ(Read(spent).operator_(), cashier_);
  EXPECT_TRUE(Read(spent).operator_proven());
  v1::CancelRedemptionRequest cancel;
  cancel.set_request_id("cancel-number-1");
  cancel.set_redemption(spent.result().redemption());
  cancel.set_reason("CHANGED_MIND");
  cancel.mutable_approval()->set_operator_(supervisor_);
  cancel.mutable_approval()->set_pin("4072");
  v1::CancelRedemptionResponse response;
  EXPECT_EQ(Ask("loyalty.v1.TerminalService.CancelRedemption", cancel, response, kTill),
            "OPERATOR_UNKNOWN_OR_PIN_WRONG");
  cancel.mutable_approval()->set_pin("8264");
  EXPECT_EQ(Ask("loyalty.v1.TerminalService.CancelRedemption", cancel, response, kTill), "OK");
  EXPECT_THAT(LastAudit("stores/north/terminals/t1"), HasSubstr("redemption.approve_cancel"));
}

}  // namespace
}  // namespace loyalty
