// The queue of alerts: who sees which, page by page, and what it takes to end one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "loyalty/v1/fraud_service.pb.h"
#include "services/codec/timestamp.h"
#include "storage/tables/alerts.h"
#include "storage/verify.h"
#include "tests/services/rpc/call_world.h"

namespace loyalty {
namespace {

using storage::AlertRow;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kListAlerts = "loyalty.v1.FraudService.ListAlerts";
constexpr const char* kResolveAlert = "loyalty.v1.FraudService.ResolveAlert";

class FraudTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  FraudTest() {
    AddClerk("desk", 0);
    AddClerk("north", test::kNorth);
    AddClerk("south", test::kSouth);
    calls_.Refresh();
    // Newest first: 4 3 2 1. Their ids are no order: each server draws them from a block of its own.
    Add(1, Limit::kPointsPerReceipt, 1, test::kNorth);
    Add(2, Limit::kEarningReceiptsPerMemberDay, 3, test::kSouth);
    Add(3, Limit::kRedemptionsPerMemberDay, 1, test::kNorth);
    Add(4, Limit::kLookupsPerTerminalMinute, 2, test::kNorth);
  }

  void AddClerk(const std::string& name, std::int64_t store_id) {
    storage::PrincipalRow row;
    row.name = "keys/" + name;
    row.role = Role::kClerk;
    row.store_id = store_id;
    calls_.AddKey(calls_.AddPrincipal(row).id, name);
  }
  void Add(std::int64_t number, Limit limit, std::int64_t terminal_id, std::int64_t store_id) {
    AlertRow row;
    const bool of_terminal = limit == Limit::kLookupsPerTerminalMinute;
    row.member_id = of_terminal ? 0 : 77;
    row.terminal_id = of_terminal ? terminal_id : 0;
    row.limit = static_cast<int>(limit);
    row.day = 20'000;
    row.id = number == 1 || number == 4 ? 5 - number : number;  // 2 and 3 are as old as each other
    row.place_id = terminal_id;
    row.store_id = store_id;
    row.first_time = test::kStart + number / 2 * kSecond;
    row.last_time = test::kStart + number * kHour;
    storage::InsertRow(calls_.world.session(), row, test::TestKeys());
  }

  // The limits that a key sees, page by page of two; or the reason.
  std::vector<std::string> List(v1::ListAlertsRequest request = {}, const std::string& who = "Bearer till") {
    std::vector<std::string> limits;
    request.set_page_size(2);
    do {
      v1::ListAlertsResponse page;
      const std::string outcome = calls_.Call(kListAlerts, request, page, who);
      if (outcome != "OK") return {outcome};
      EXPECT_LE(page.alerts_size(), 2);
      for (const auto& alert : page.alerts()) limits.push_back(alert.limit());
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return limits;
  }
  v1::Alert Newest() {
    v1::ListAlertsResponse page;
    EXPECT_EQ(calls_.Call(kListAlerts, v1::ListAlertsRequest(), page), "OK");
    return page.alerts(0);
  }
  std::string Resolve(const std::string& name, const std::string& who, const std::string& note = "looked at") {
    v1::ResolveAlertRequest request;
    request.set_request_id("resolve-" + std::to_string(++requests_));
    request.set_name(name);
    request.set_note(note);
    resolved_.Clear();
    const std::string outcome = calls_.Call(kResolveAlert, request, resolved_, who);
    if (outcome != "OK") return outcome;
    v1::ResolveAlertResponse again;
    EXPECT_EQ(calls_.Call(kResolveAlert, request, again, who), "OK");
    EXPECT_EQ(again.SerializeAsString(), resolved_.SerializeAsString()) << "safe to repeat";
    return outcome;
  }
  std::string Difference() {
    return storage::VerifyLedger(calls_.world.session(), test::TestKeys(), std::nullopt, std::nullopt,
                                 [](const storage::VerifyReport&) { return true; })
        .first_difference;
  }

  test::CallWorld calls_{GetParam()};
  int requests_ = 0;
  v1::ResolveAlertResponse resolved_;
};
INSTANTIATE_TEST_SUITE_P(Engines, FraudTest, test::kBothEngines, test::EngineName);

constexpr const char* kReceipt = "points_per_receipt";
constexpr const char* kReceipts = "earning_receipts_per_member_day";
constexpr const char* kRedemptions = "redemptions_per_member_day";
constexpr const char* kLookups = "lookups_per_terminal_minute";

TEST_P(FraudTest, AlertsAreListedNewestFirstByWhateverIsAsked) {
  EXPECT_THAT(List(), ElementsAre(kLookups, kRedemptions, kReceipts, kReceipt));
  v1::ListAlertsRequest request;
  request.set_kind(v1::ALERT_KIND_EARNING);
  EXPECT_THAT(List(request), ElementsAre(kReceipts, kReceipt));
  request.set_store("stores/south");
  EXPECT_THAT(List(request), ElementsAre(kReceipts));
  request.Clear();
  request.set_state(v1::ALERT_STATE_RESOLVED);
  EXPECT_THAT(List(request), IsEmpty());
  request.Clear();
  *request.mutable_from_time() = ToTimestamp(test::kStart + 2 * kHour);
  *request.mutable_to_time() = ToTimestamp(test::kStart + 4 * kHour);
  EXPECT_THAT(List(request), ElementsAre(kRedemptions, kReceipts));
  request.Clear();
  request.set_store("stores/nowhere");
  EXPECT_THAT(List(request), ElementsAre("STORE_UNKNOWN"));
}

TEST_P(FraudTest, OfAStoreOrAnOperatorItSaysWhoseItIs) {
  const auto add = [this](std::int64_t id, Limit limit, const char* by_operator) {
    AlertRow row;
    row.by_store_id = row.store_id = test::kNorth;
    row.by_operator = by_operator;
    row.limit = static_cast<int>(limit);
    row.day = 20'000;
    row.id = id;
    row.first_time = row.last_time = test::kStart + id * kHour;
    storage::InsertRow(calls_.world.session(), row, test::TestKeys());
  };
  add(11, Limit::kRedeemedPointsPerStoreDay, "");
  add(12, Limit::kRedeemedPointsPerOperatorDay, "7");
  EXPECT_EQ(Newest().operator_(), "7");
  EXPECT_EQ(Newest().store(), "stores/north");
  EXPECT_EQ(Newest().member(), "");
  v1::ListAlertsRequest request;
  request.set_kind(v1::ALERT_KIND_REDEMPTION);
  EXPECT_THAT(List(request),
              ElementsAre("redeemed_points_per_operator_day", "redeemed_points_per_store_day", kRedemptions))
      << "and no look-ups, whose limit has a number between";
  request.set_kind(v1::ALERT_KIND_LOOKUP);
  EXPECT_THAT(List(request), ElementsAre(kLookups));
  EXPECT_EQ(Difference(), "");
}

TEST_P(FraudTest, AClerkOfAStoreSeesAndEndsThoseOfThatStore) {
  EXPECT_THAT(List({}, "Bearer south"), ElementsAre(kReceipts));
  EXPECT_THAT(List({}, "Bearer desk"), ElementsAre(kLookups, kRedemptions, kReceipts, kReceipt));
  v1::ListAlertsRequest north;
  north.set_store("stores/north");
  EXPECT_THAT(List(north, "Bearer south"), ElementsAre("PERMISSION_DENIED"));
  const std::string name = Newest().name();
  EXPECT_EQ(Resolve(name, "Bearer south"), "ALERT_UNKNOWN");
  EXPECT_EQ(Resolve(name, "Bearer north"), "OK");
  EXPECT_EQ(resolved_.alert().resolved_by(), "keys/north");
  EXPECT_EQ(resolved_.alert().note(), "looked at");
  EXPECT_EQ(Resolve(name, "Bearer desk", "another"), "OK");
  EXPECT_EQ(resolved_.alert().resolved_by(), "keys/north") << "the first one's word";
  EXPECT_EQ(Newest().state(), v1::ALERT_STATE_RESOLVED);
  EXPECT_EQ(calls_.world.database().Number("SELECT COUNT(*) FROM audit WHERE action = 'alert.resolve'"), 1);
  EXPECT_EQ(Difference(), "");
}

TEST_P(FraudTest, WhatIsNoAlertOrSaysNothingIsRefused) {
  EXPECT_EQ(Resolve("alerts/0123456789abcdef", "Bearer desk"), "ALERT_UNKNOWN");
  EXPECT_EQ(Resolve("alerts/1", "Bearer desk"), "INVALID_ARGUMENT");
  EXPECT_EQ(Resolve(Newest().name(), "Bearer desk", ""), "INVALID_ARGUMENT");
  EXPECT_EQ(Resolve(Newest().name(), "Bearer desk", std::string(201, 'x')), "INVALID_ARGUMENT");
  EXPECT_EQ(Resolve(Newest().name(), "Bearer desk", std::string(200, 'x')), "OK");
}

TEST_P(FraudTest, VerifyFindsAnAlertThatWasChangedByHand) {
  EXPECT_EQ(Difference(), "");
  calls_.world.check_at_end = false;
  calls_.world.session().Run("UPDATE alerts SET times = 2 WHERE id = 3");
  EXPECT_THAT(Difference(), ::testing::HasSubstr("alerts id 3"));
}

}  // namespace
}  // namespace loyalty
