// A balance must not be spent twice. Goal: however many tills spend it at the same moment, at however many servers, the
// points buy exactly what they are worth.
//
// Method: two loyaltyd with four lanes each share one MariaDB. 64 threads redeem 100 points at a time from one balance
// of 10,000, four times each under request ids of their own, half of them at each server, until each is answered for
// good. Exactly 100 may succeed, all others must hear INSUFFICIENT_POINTS, nothing may remain, and the ledger must
// agree with itself.
//
// Three guards stand in a row: the lock on the member's row, the version of that row, and the ledger's key (member,
// seq), on which two spendings from one state collide. The third alone must keep the balance, though a till may then
// hear INTERNAL: without the lock a batch can read a member and its lots at different moments. Without any of them the
// test must notice.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <mutex>
#include <thread>

#include "tests/e2e/caller.h"
#include "tests/e2e/server.h"
#include "tests/support/record.h"

namespace loyalty::test {
namespace {

constexpr int kThreads = 64;
constexpr int kTriesPerThread = 4;
constexpr int kAsked = kThreads * kTriesPerThread;
constexpr std::int64_t kPrice = 100;
constexpr std::int64_t kAffordable = 100;  // redemptions
const std::string kCard = "2600000001";

struct Outcome {
  std::map<std::string, int> answers;  // final ones, by reason
  std::int64_t sends = 0;
  std::int64_t available = 0;
  std::int64_t redemptions = 0;  // in the database
  int verify_code = -1;
  std::string verify_text;
  std::string logs;  // of both servers

  std::string Text() const {
    std::string text = fmt::format("{} sends; {} redemptions, {} points left, verify {} {};", sends, redemptions,
                                   available, verify_code, verify_text);
    for (const auto& [reason, count] : answers) text += fmt::format(" {} {}", count, reason);
    return text;
  }
};

// Fills the balance with one receipt.
void Earn(const Caller& admin) {
  v1::ScanRequest scan;
  scan.set_request_id(NewRequestId("earn"));
  scan.set_terminal(TerminalName(1));
  scan.mutable_identifier()->set_card(kCard);
  scan.mutable_receipt()->set_receipt_no("1");
  scan.mutable_receipt()->mutable_business_time()->set_seconds(std::time(nullptr) - 60);
  scan.mutable_receipt()->set_currency_code("EUR");
  scan.mutable_receipt()->set_total_minor(kAffordable * kPrice * 100);
  v1::ScanResponse response;
  const auto earned = admin.Call(&v1::TerminalService::Stub::Scan, scan, &response);
  ASSERT_TRUE(earned.ok()) << earned.reason();
  ASSERT_EQ(response.result().sale().points_earned(), kAffordable * kPrice);
}

Outcome Contend(const ServerOptions& options) {
  const Installation installation(storage::Engine::kMysql);
  Server first(installation, options);
  const Caller admin(Connect(first.address()), installation.admin_key());
  SetUpProgram(admin, 2);
  Earn(admin);
  Server second(installation, options);
  Outcome outcome;
  std::mutex mutex;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back([&, i] {
      const Caller till(Connect((i % 2 == 0 ? first : second).address()), installation.admin_key());
      for (int n = 0; n < kTriesPerThread; ++n) {
        v1::RedeemRequest redeem;
        redeem.set_request_id(NewRequestId("redeem"));
        redeem.set_terminal(TerminalName(1 + i % 2));
        redeem.mutable_identifier()->set_card(kCard);
        redeem.set_points(kPrice);
        for (int tries = 1;; ++tries) {
          v1::RedeemResponse response;
          const auto result = till.Call(&v1::TerminalService::Stub::Redeem, redeem, &response);
          const bool again = result.retryable() && tries < 200;
          const std::lock_guard lock(mutex);
          ++outcome.sends;
          if (again) continue;
          ++outcome.answers[result.reason()];
          break;
        }
      }
    });
  for (auto& thread : threads) thread.join();
  outcome.available = LookUp(admin, kCard).balance().available();
  outcome.redemptions = installation.Number("SELECT COUNT(*) FROM redemptions");
  const Ended verify = installation.Loyaltyd("verify");
  outcome.verify_code = verify.code;
  outcome.verify_text = verify.out.substr(0, verify.out.find_last_not_of('\n') + 1);
  outcome.logs = first.Log() + second.Log();
  std::cout << outcome.Text() << std::endl;
  return outcome;
}

int Count(const Outcome& outcome, const std::string& reason) {
  const auto at = outcome.answers.find(reason);
  return at == outcome.answers.end() ? 0 : at->second;
}

bool LedgerIsRight(const Outcome& outcome) {
  return Count(outcome, "OK") == kAffordable && outcome.redemptions == kAffordable && outcome.available == 0 &&
         outcome.verify_code == 0;
}

// The promise.
bool SoldExactlyOnce(const Outcome& outcome) {
  return LedgerIsRight(outcome) && Count(outcome, "INSUFFICIENT_POINTS") == kAsked - kAffordable;
}

ServerOptions Sabotaged(const std::string& guards) {
  return {.program = "loyaltyd_sabotage", .environment = {{"LOYALTY_SABOTAGE", guards}}, .lanes = 4};
}

TEST(DoubleRedeem, TwoServersSellABalanceExactlyOnce) {
  const Outcome outcome = Contend({.lanes = 4});
  EXPECT_TRUE(SoldExactlyOnce(outcome)) << outcome.Text() << '\n' << outcome.logs;
  if (HasFailure()) return;
  Write({.id = "I4-double-redeem",
         .promise = "No balance is spent twice",
         .test = "threads redeem from one balance through two servers on one MariaDB; losing control: without lock, "
                 "version and key it is spent more than once",
         .figure = fmt::format("{} threads, {} redemptions asked for in {} sends, {} affordable: {} made, 0 left",
                               kThreads, kAsked, outcome.sends, kAffordable, outcome.redemptions),
         .command = "./dev test --label chaos -R chaos_double_redeem"});
}

TEST(DoubleRedeem, TheLedgersKeyAloneKeepsABalanceFromBeingSoldTwice) {
  const Outcome outcome = Contend(Sabotaged("member_lock"));
  EXPECT_TRUE(LedgerIsRight(outcome)) << outcome.Text() << '\n' << outcome.logs;
  EXPECT_EQ(Count(outcome, "INSUFFICIENT_POINTS") + Count(outcome, "INTERNAL"), kAsked - kAffordable);
}

TEST(DoubleRedeem, IsNotedToBeBrokenWithoutAnyOfTheGuards) {
  constexpr int kTries = 5;  // two spendings have to meet
  bool broken = false;
  for (int i = 0; i < kTries && !broken; ++i) broken = !SoldExactlyOnce(Contend(Sabotaged("member_lock,unique_retry")));
  EXPECT_TRUE(broken);
}

}  // namespace
}  // namespace loyalty::test
