// Goal: whatever a member's ledger lives through, its numbers are right. Method: random lives (support/ledger_scenario)
// beside a reference that counts coins (support/reference_ledger); then the same lives settled, loaded and judged in
// other ways that must not matter.
#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "domain/ledger.h"
#include "tests/support/ledger_scenario.h"
#include "tests/support/property.h"

namespace loyalty::test {
namespace {

// Everything of an entry but when it was written.
auto Content(const Entry& entry) {
  return std::make_tuple(entry.cause.business_time, entry.type, entry.lot_seq, entry.reversal_of, entry.group_id,
                         entry.delta.available, entry.delta.pending, entry.delta.held, entry.delta.debt,
                         entry.cause.receipt_id, entry.cause.command_id, entry.cause.catalogue_version);
}

auto Content(const Lot& lot) {
  return std::make_tuple(lot.seq, lot.state, lot.remaining, lot.held, lot.terms.activate_time, lot.terms.expire_time);
}

template <typename T>
auto Contents(const std::vector<T>& all) {
  std::vector<decltype(Content(all.front()))> contents;
  for (const T& one : all) contents.push_back(Content(one));
  return contents;
}

void AssertSameState(const Account& a, const Account& b) {
  RC_ASSERT(a.balance == b.balance);
  RC_ASSERT(a.seq == b.seq);
  RC_ASSERT(a.next_due_time == b.next_due_time);
  const auto by_seq = [](const Account& account) {
    auto lots = Contents(account.lots);
    std::sort(lots.begin(), lots.end());
    return lots;
  };
  RC_ASSERT(by_seq(a) == by_seq(b));
}

void LiveAndCompare(const ReferenceLedger::Faults& faults) {
  const Points scale = *rc::gen::element<Points>(1, 7, 1'000'000'000'000);
  Scenario scenario(scale, faults);
  for (const Step& step : *AnyLife()) {
    scenario.Do(step);
    CheckInvariants(scenario.account);
    scenario.CheckAgreement();
  }
  scenario.Wait(*rc::gen::inRange(0, 12) * kDayLength);
  CheckInvariants(scenario.account);
  scenario.CheckAgreement();
}

TEST(LedgerProperty, AgreesWithTheReferenceAfterEveryStep) {
  Check([] { LiveAndCompare({}); }, 40);
}

// A lot that is used up or has expired is stored nowhere: whatever a command needs of it stands elsewhere.
TEST(LedgerProperty, ClosedLotsAreNotMissed) {
  Check(
      [] {
        Scenario scenario;
        Scenario forgetful;
        for (const Step& step : *AnyLife()) {
          scenario.Do(step);
          forgetful.Do(step);
          std::erase_if(forgetful.account.lots, [](const Lot& lot) { return lot.remaining == 0; });
          auto lots = scenario.account.lots;
          std::erase_if(lots, [](const Lot& lot) { return lot.remaining == 0; });
          auto stored = Contents(forgetful.account.lots);
          auto expected = Contents(lots);
          std::sort(stored.begin(), stored.end());
          std::sort(expected.begin(), expected.end());
          RC_ASSERT(stored == expected);
          RC_ASSERT(forgetful.account.balance == scenario.account.balance);
          RC_ASSERT(forgetful.account.next_due_time == scenario.account.next_due_time);
          RC_ASSERT(Contents(forgetful.account.entries) == Contents(scenario.account.entries));
        }
      },
      10);
}

// The same comparison with a reference that is wrong in one rule: it must notice.
TEST(LedgerProperty, NoticesDebtThatIsNotSettledFirst) {
  EXPECT_TRUE(Refutes([] { LiveAndCompare({.debt_waits = true}); }));
}
TEST(LedgerProperty, NoticesAWrongBurnOrder) {
  EXPECT_TRUE(Refutes([] { LiveAndCompare({.oldest_first = true}); }));
}
TEST(LedgerProperty, NoticesRestoredPointsWithANewLife) {
  EXPECT_TRUE(Refutes([] { LiveAndCompare({.restore_renews = true}); }));
}

TEST(LedgerProperty, SettlingAgainChangesNothing) {
  Check(
      [] {
        Scenario scenario;
        for (const Step& step : *AnyLife()) {
          scenario.Do(step);
          Account again = scenario.account;
          SettleDue(again, scenario.now);
          RC_ASSERT(Contents(again.entries) == Contents(scenario.account.entries));
          again.next_due_time = scenario.account.next_due_time;  // may only become more exact
          AssertSameState(again, scenario.account);
        }
      },
      10);
}

TEST(LedgerProperty, OneLongWaitEqualsManyShortOnes) {
  Check(
      [] {
        Scenario scenario;
        for (const Step& step : *AnyLife()) scenario.Do(step);
        const int hours = *rc::gen::inRange(0, 300);
        Account once = scenario.account;
        SettleDue(once, scenario.now + hours * kHour);
        Account often = scenario.account;
        for (int hour = 0; hour <= hours; hour += *rc::gen::inRange(1, 40))
          SettleDue(often, scenario.now + hour * kHour);
        SettleDue(often, scenario.now + hours * kHour);
        RC_ASSERT(Contents(once.entries) == Contents(often.entries));
        once.next_due_time = often.next_due_time = 0;
        AssertSameState(once, often);
      },
      10);
}

// What storage does with an account whose lots are too many: it loads those that are due first, and again until nothing
// is left that is due.
Account SettleInParts(const Account& whole, Instant now, std::size_t most) {
  Account account = whole;
  std::vector<Lot> stored = whole.lots;
  for (std::size_t round = 0;; ++round) {
    RC_ASSERT(round <= 2 * stored.size() + 1);  // it ends
    std::sort(stored.begin(), stored.end(), [](const Lot& a, const Lot& b) {
      return std::make_tuple(a.due_time(), a.state, a.seq) < std::make_tuple(b.due_time(), b.state, b.seq);
    });
    account.lots.assign(stored.begin(), stored.begin() + static_cast<std::ptrdiff_t>(std::min(most, stored.size())));
    account.lots_horizon = most < stored.size() ? stored[most].due_time() : kNever;
    SettleDue(account, now);
    for (const Lot& lot : account.lots) {
      *std::find_if(stored.begin(), stored.end(), [&lot](const Lot& old) { return old.seq == lot.seq; }) = lot;
    }
    if (account.next_due_time > now) break;
  }
  account.lots = stored;
  return account;
}

TEST(LedgerProperty, LoadingLotsInPartsEndsAsLoadingAll) {
  Check(
      [] {
        Scenario scenario;
        for (const Step& step : *AnyLife()) scenario.Do(step);
        const Instant later = scenario.now + *rc::gen::inRange(0, 14) * kDayLength;
        Account whole = scenario.account;
        SettleDue(whole, later);
        const auto most = *rc::gen::inRange<std::size_t>(1, 5);
        const Account parts = SettleInParts(scenario.account, later, most);
        CheckInvariants(parts);
        // When nothing was due the hint stays as it was.
        RC_ASSERT(whole.next_due_time == parts.next_due_time);
        AssertSameState(whole, parts);
        auto a = Contents(whole.entries);
        auto b = Contents(parts.entries);
        const auto written_before = static_cast<std::ptrdiff_t>(scenario.account.entries.size());
        RC_ASSERT(std::is_sorted(
            parts.entries.begin() + written_before, parts.entries.end(),
            [](const Entry& x, const Entry& y) { return x.cause.business_time < y.cause.business_time; }));
        // In one and the same instant the parts may decide the order.
        std::sort(a.begin() + written_before, a.end());
        std::sort(b.begin() + written_before, b.end());
        RC_ASSERT(a == b);
      },
      10);
}

TEST(LedgerProperty, NothingIsDueBeforeTheHintSaysSo) {
  Check(
      [] {
        Scenario scenario;
        for (const Step& step : *AnyLife()) {
          scenario.Do(step);
          const Account& account = scenario.account;
          if (account.next_due_time == kNever) continue;
          Account forced = account;
          forced.next_due_time = 0;
          SettleDue(forced, account.next_due_time - 1);
          RC_ASSERT(forced.entries.size() == account.entries.size());
        }
      },
      10);
}

}  // namespace
}  // namespace loyalty::test
