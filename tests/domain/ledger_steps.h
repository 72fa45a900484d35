// What tests of the ledger do again and again.
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "domain/ledger.h"
#include "tests/support/ledger_scenario.h"

namespace loyalty::test {

inline constexpr Instant kNow = Scenario::kStart;

inline Instant In(int days) { return kNow + days * kDayLength; }

// Earns at once.
inline std::int64_t EarnNow(Account& account, Points points, Instant expire, Instant activate = kNow) {
  EXPECT_TRUE(Earn(account, points, {activate, expire}, CauseAt(kNow)));
  for (auto lot = account.lots.rbegin(); lot != account.lots.rend(); ++lot) return lot->seq;
  return 0;
}

inline std::vector<Allocation> AllocationsOf(const Account& account, std::int64_t entry_seq) {
  std::vector<Allocation> mine;
  for (const Allocation& allocation : account.allocations)
    if (allocation.entry_seq == entry_seq) mine.push_back(allocation);
  return mine;
}

inline void OpenDebt(Account& account, Points points) {
  Entry entry;
  entry.seq = ++account.seq;
  entry.type = EntryType::kDebtOpen;
  entry.delta = DeltaOf(EntryType::kDebtOpen, points);
  account.balance += entry.delta;
  account.entries.push_back(entry);
}

inline std::vector<EntryType> TypesOf(const Account& account) {
  std::vector<EntryType> types;
  for (const Entry& entry : account.entries) types.push_back(entry.type);
  return types;
}

}  // namespace loyalty::test
