// Limits of members and tills, through real servers and programs on both engines: above them a sale earns nothing and a
// redemption is refused; somebody is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "domain/time.h"
#include "tests/e2e/caller.h"
#include "tests/e2e/server.h"
#include "tests/e2e/shell.h"
#include "tests/support/database.h"

namespace loyalty::test {
namespace {

using ::testing::HasSubstr;

const std::string kShopper = "2600000001";

// One point a euro, a hundred are worth one. Ten receipts a day earn.
v1::Catalogue TenADay() {
  v1::Catalogue catalogue;
  catalogue.mutable_earning()->set_points(1);
  catalogue.mutable_earning()->set_per_amount_minor(100);
  catalogue.mutable_burn()->set_points(100);
  catalogue.mutable_burn()->set_value_minor(100);
  catalogue.mutable_limits()->set_earning_receipts_per_member_day(10);
  return catalogue;
}

std::string TodayInBerlin() {
  absl::TimeZone berlin;
  absl::LoadTimeZone("Europe/Berlin", &berlin);
  return FormatDay(DayOf(std::int64_t{std::time(nullptr)} * kSecond, berlin));
}

// 10.00 EUR of today; a till's key knows its terminal.
v1::ScanRequest SaleOfToday(const std::string& card, const std::string& receipt_no, const std::string& day,
                            std::int64_t cents = 1'000) {
  v1::ScanRequest scan;
  scan.set_request_id(NewRequestId("scan"));
  scan.mutable_identifier()->set_card(card);
  scan.mutable_receipt()->set_receipt_no(receipt_no);
  scan.mutable_receipt()->set_business_date(day);
  scan.mutable_receipt()->mutable_business_time()->set_seconds(std::time(nullptr));
  scan.mutable_receipt()->set_currency_code("EUR");
  scan.mutable_receipt()->set_total_minor(cents);
  return scan;
}

std::string LimitToldIn(const v1::ScanResult& result) {
  for (const auto& rejected : result.rejected())
    if (rejected.reason() == v1::ERROR_REASON_LIMIT_EXCEEDED) return rejected.limit();
  return "";
}

std::vector<v1::Alert> AlertsSeenBy(const Caller& caller, const v1::ListAlertsRequest& request = {}) {
  v1::ListAlertsResponse response;
  EXPECT_EQ(caller.Call(&v1::FraudService::Stub::ListAlerts, request, &response).reason(), "OK");
  return {response.alerts().begin(), response.alerts().end()};
}

class LimitsOfADay : public ::testing::TestWithParam<storage::Engine> {
 protected:
  LimitsOfADay() { SetUpProgram(admin_, 2, TenADay()); }

  Caller Till(int number) const {
    return Caller(Connect(server_.address()), EnrollTerminal(admin_, TerminalName(number)));
  }

  Installation installation_{GetParam()};
  Server server_{installation_};
  Caller admin_{Connect(server_.address()), installation_.admin_key()};
};
INSTANTIATE_TEST_SUITE_P(Engines, LimitsOfADay, kBothEngines, EngineName);

TEST_P(LimitsOfADay, X1TheEleventhAndTwelfthSaleOfADayEarnNothingAndOneAlertIsRaised) {
  const Caller till = Till(1);
  const std::string day = TodayInBerlin();
  v1::ScanRequest last;
  std::string answered;
  for (int i = 1; i <= 12; ++i) {
    last = SaleOfToday(kShopper, "R" + std::to_string(i), day);
    v1::ScanResponse response;
    ASSERT_EQ(till.Call(&v1::TerminalService::Stub::Scan, last, &response).reason(), "OK");
    EXPECT_EQ(response.result().sale().points_earned(), i <= 10 ? 10 : 0) << i;
    EXPECT_EQ(LimitToldIn(response.result()), i <= 10 ? "" : "earning_receipts_per_member_day") << i;
    EXPECT_EQ(response.member_snapshot().balance().available(), 10 * std::min(i, 10)) << i;
    answered = response.result().SerializeAsString();
  }
  v1::ScanResponse again;
  EXPECT_TRUE(till.Call(&v1::TerminalService::Stub::Scan, last, &again).replayed);
  EXPECT_EQ(again.result().SerializeAsString(), answered);
  v1::QuoteRequest quote;
  *quote.mutable_scan() = SaleOfToday(kShopper, "R13", day);
  v1::QuoteResponse quoted;
  EXPECT_EQ(till.Call(&v1::TerminalService::Stub::Quote, quote, &quoted).reason(), "OK");
  EXPECT_EQ(LimitToldIn(quoted.scan().result()), "earning_receipts_per_member_day");

  EXPECT_EQ(installation_.Number("SELECT COUNT(*) FROM receipts"), 12);
  EXPECT_EQ(installation_.Number("SELECT receipts FROM members"), 12);
  const auto alerts = AlertsSeenBy(admin_);
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_EQ(alerts[0].kind(), v1::ALERT_KIND_EARNING);
  EXPECT_EQ(alerts[0].limit(), "earning_receipts_per_member_day");
  EXPECT_EQ(alerts[0].count(), 2);
  EXPECT_EQ(alerts[0].member(), again.result().member());
  EXPECT_EQ(alerts[0].terminal(), TerminalName(1));
  EXPECT_EQ(alerts[0].store(), "stores/S1");
  EXPECT_EQ(alerts[0].date(), day);
  EXPECT_EQ(alerts[0].state(), v1::ALERT_STATE_OPEN);
  EXPECT_EQ(installation_.Loyaltyd("verify").code, 0);
}

TEST_P(LimitsOfADay, AnAlertIsListedAndResolvedFromAShell) {
  const Caller till = Till(1);
  for (int i = 1; i <= 11; ++i) {
    v1::ScanResponse response;
    ASSERT_TRUE(till.Call(&v1::TerminalService::Stub::Scan,
                          SaleOfToday(kShopper, "R" + std::to_string(i), TodayInBerlin()), &response)
                    .ok());
  }
  const Shell shell(installation_, server_.address(), false);
  const auto listed = shell.AdminJson<v1::ListAlertsResponse>(
      {"alert", "list", "--open", "--kind", "EARNING", "--store", "S1", "--from", "2026-01-01"});
  ASSERT_EQ(listed.alerts_size(), 1);
  EXPECT_THAT(shell.Admin({"alert", "list"}).out, HasSubstr("earning_receipts_per_member_day"));
  const std::string name = listed.alerts(0).name();
  const auto resolved =
      shell.AdminJson<v1::ResolveAlertResponse>({"alert", "resolve", name, "--note", "a club buys for all"});
  EXPECT_EQ(resolved.alert().state(), v1::ALERT_STATE_RESOLVED);
  EXPECT_EQ(resolved.alert().resolved_by(), "keys/admin");
  const auto twice = shell.AdminJson<v1::ResolveAlertResponse>({"alert", "resolve", name, "--note", "something else"});
  EXPECT_EQ(twice.alert().SerializeAsString(), resolved.alert().SerializeAsString());
  EXPECT_THAT(shell.Admin({"audit", "of", "keys/admin"}).out, HasSubstr("alert.resolve"));
  EXPECT_EQ(shell.AdminJson<v1::ListAlertsResponse>({"alert", "list", "--open"}).alerts_size(), 0);
  EXPECT_EQ(shell.AdminJson<v1::ListAlertsResponse>({"alert", "list", "--kind", "LOOKUP"}).alerts_size(), 0);
  const Ended unknown = shell.Admin({"alert", "resolve", "alerts/0123456789abcdef", "--note", "x"});
  EXPECT_THAT(unknown.err, HasSubstr("ALERT_UNKNOWN"));
  EXPECT_EQ(installation_.Loyaltyd("verify").code, 0);
}

// What a till of before could do: spend 5,000 points with a number that is printed on a card, book a receipt of
// 9,000,000,000,000.00.
TEST_P(LimitsOfADay, NeitherAPhotographOfACardNorAReceiptOfTrillionsIsWorthAnything) {
  const Caller till = Till(1);
  v1::ScanResponse scanned;
  ASSERT_TRUE(
      till.Call(&v1::TerminalService::Stub::Scan, SaleOfToday(kShopper, "R1", TodayInBerlin(), 10'000'000), &scanned)
          .ok());
  EXPECT_EQ(scanned.result().sale().points_earned(), 100'000);
  ASSERT_TRUE(till.Call(&v1::TerminalService::Stub::Scan,
                        SaleOfToday(kShopper, "R2", TodayInBerlin(), 900'000'000'000'000), &scanned)
                  .ok());
  EXPECT_EQ(scanned.result().sale().points_earned(), 0);
  EXPECT_EQ(LimitToldIn(scanned.result()), "points_per_receipt");
  EXPECT_EQ(scanned.member_snapshot().balance().available(), 100'000);

  v1::RedeemRequest redeem;
  redeem.set_request_id(NewRequestId("redeem"));
  redeem.mutable_identifier()->set_card(kShopper);
  redeem.set_points(5'000);
  v1::QuoteRedeemRequest quote;
  *quote.mutable_redeem() = redeem;
  v1::QuoteRedeemResponse quoted;
  v1::RedeemResponse redeemed;
  EXPECT_EQ(till.Call(&v1::TerminalService::Stub::QuoteRedeem, quote, &quoted).reason(), "PROOF_NEEDED");
  EXPECT_EQ(till.Call(&v1::TerminalService::Stub::Redeem, redeem, &redeemed).reason(), "PROOF_NEEDED");
  EXPECT_EQ(LookUp(admin_, kShopper).balance().available(), 100'000);
  v1::CreateKeyRequest create;
  create.set_request_id(NewRequestId("key"));
  create.set_key_id("desk");
  create.set_role(v1::ROLE_CLERK);
  create.set_store("stores/S1");
  v1::CreateKeyResponse desk;
  ASSERT_TRUE(admin_.Call(&v1::AdminService::Stub::CreateKey, create, &desk).ok());
  redeem.set_terminal(TerminalName(1));
  const Caller clerk(Connect(server_.address()), desk.key());
  EXPECT_EQ(clerk.Call(&v1::TerminalService::Stub::Redeem, redeem, &redeemed).reason(), "OK") << "it sees who asks";
  EXPECT_EQ(LookUp(admin_, kShopper).balance().available(), 95'000);
}

// Two servers, and 64 callers who sell to one member at the same moment: a dozen receipts that several send, then as
// many receipts as there are callers.
TEST(LimitsOfTwoServers, ExactlyTenReceiptsEarnWhoeverSendsThem) {
  constexpr int kCallers = 64;
  const Installation installation(storage::Engine::kMysql);
  const Server first(installation, {.lanes = 2});
  const Caller admin(Connect(first.address()), installation.admin_key());
  SetUpProgram(admin, 1, TenADay());
  const Server second(installation, {.lanes = 2});
  const std::string day = TodayInBerlin();
  for (const int receipts : {12, kCallers}) {
    const std::string card = "26000000" + std::to_string(receipts);
    v1::ScanResponse known;  // so that nobody waits for the card to be made
    ASSERT_TRUE(admin.Call(&v1::TerminalService::Stub::Scan, PlainScan(NewRequestId("visit"), card), &known).ok());
    std::vector<v1::ScanRequest> sales;
    for (int i = 1; i < receipts; ++i) {
      sales.push_back(SaleOfToday(card, card + "-" + std::to_string(i), day));
      sales.back().set_terminal(TerminalName(1));
    }
    std::mutex mutex;
    std::map<std::string, std::set<std::string>> answers;  // by request
    std::map<std::string, std::int64_t> points;
    std::vector<std::thread> threads;
    for (int i = 0; i < kCallers; ++i)
      threads.emplace_back([&, i] {
        const Caller caller(Connect((i % 2 == 0 ? first : second).address()), installation.admin_key());
        const v1::ScanRequest& sale = sales[static_cast<std::size_t>(i) % sales.size()];
        for (int tries = 0; tries < 200; ++tries) {
          v1::ScanResponse response;
          const auto result = caller.Call(&v1::TerminalService::Stub::Scan, sale, &response);
          if (result.retryable()) continue;
          const std::lock_guard lock(mutex);
          answers[sale.request_id()].insert(result.ok() ? response.result().SerializeAsString() : result.reason());
          points[sale.request_id()] = response.result().sale().points_earned();
          return;
        }
      });
    for (auto& thread : threads) thread.join();
    int earned = 1;  // the one before
    ASSERT_EQ(answers.size(), sales.size());
    for (const auto& [request, same] : answers) {
      EXPECT_EQ(same.size(), 1U) << request;
      EXPECT_EQ(same.count("RECEIPT_CONFLICT"), 0U) << request;
    }
    for (const auto& [request, earns] : points) earned += earns == 10 ? 1 : 0;
    EXPECT_EQ(earned, 10);
    EXPECT_EQ(LookUp(admin, card).balance().available(), 100);
    const auto alerts = AlertsSeenBy(admin);
    ASSERT_FALSE(alerts.empty());
    EXPECT_EQ(alerts.front().count(), receipts - 10);
  }
  EXPECT_EQ(AlertsSeenBy(admin).size(), 2U);
  EXPECT_EQ(installation.Loyaltyd("verify").code, 0);
}

}  // namespace
}  // namespace loyalty::test
