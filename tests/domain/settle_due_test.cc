// What time has made due: activations and expiries.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "domain/ledger.h"
#include "tests/domain/ledger_steps.h"

namespace loyalty {
namespace {

using test::EarnNow;
using test::In;
using test::kNow;

TEST(SettleDue, ExpiresAtTheInstantNotBefore) {
  Account account;
  EarnNow(account, 10, In(5));
  SettleDue(account, In(5) - 1);
  EXPECT_EQ(account.balance, (Balances{.available = 10}));
  SettleDue(account, In(5));
  EXPECT_EQ(account.balance, Balances{});
  EXPECT_EQ(account.lots[0].state, LotState::kExpired);
  EXPECT_EQ(account.next_due_time, kNever);
  const Entry& entry = account.entries.back();
  EXPECT_EQ(entry.type, EntryType::kExpire);
  EXPECT_EQ(entry.lot_seq, 1);
  EXPECT_EQ(entry.cause.business_time, In(5));
  EXPECT_EQ(entry.cause.receipt_id, 0);
  EXPECT_EQ(entry.cause.command_id, 0);
  EXPECT_EQ(entry.cause.catalogue_version, 0);
}

TEST(SettleDue, WritesInTheOrderInWhichThingsFellDue) {
  Account account;
  EarnNow(account, 1, In(9), In(2));  // lot 1
  EarnNow(account, 2, In(2));         // lot 2: expires in the instant in which lot 1 becomes active
  EarnNow(account, 4, In(1));         // lot 3
  EarnNow(account, 8, In(4), In(3));  // lot 4: active and expired meanwhile
  SettleDue(account, In(5));
  std::vector<std::pair<EntryType, std::int64_t>> written;
  for (std::size_t i = 4; i < account.entries.size(); ++i)
    written.emplace_back(account.entries[i].type, account.entries[i].lot_seq);
  EXPECT_EQ(written, (std::vector<std::pair<EntryType, std::int64_t>>{{EntryType::kExpire, 3},
                                                                      {EntryType::kActivate, 1},
                                                                      {EntryType::kExpire, 2},
                                                                      {EntryType::kActivate, 4},
                                                                      {EntryType::kExpire, 4}}));
  EXPECT_EQ(account.balance, (Balances{.available = 1}));
  EXPECT_EQ(account.next_due_time, In(9));
}

TEST(SettleDue, HeldPointsOutliveTheExpiry) {
  Account account;
  EarnNow(account, 10, In(5));
  account.lots[0].held = 4;
  account.balance = {.available = 6, .held = 4};
  SettleDue(account, In(6));
  EXPECT_EQ(account.balance, (Balances{.held = 4}));
  EXPECT_EQ(account.lots[0].remaining, 4);
  EXPECT_EQ(account.lots[0].state, LotState::kActive);
  EXPECT_EQ(account.next_due_time, kNever);
}

TEST(SettleDue, HorizonSaysThatMoreMustBeLoaded) {
  Account account;
  EarnNow(account, 10, In(5));
  EarnNow(account, 10, In(1));
  Account part = account;
  part.lots.erase(part.lots.begin());  // only the lot that is due first is loaded
  part.lots_horizon = In(5);
  SettleDue(part, In(6));
  EXPECT_EQ(part.balance, (Balances{.available = 10}));
  EXPECT_LE(part.next_due_time, In(6));
  // Before the horizon one load is enough.
  Account early = account;
  early.lots.erase(early.lots.begin());
  early.lots_horizon = In(5);
  SettleDue(early, In(2));
  EXPECT_EQ(early.next_due_time, In(5));
  // An account that needed no lots loads none.
  Account none = account;
  none.lots.clear();
  none.lots_horizon = none.next_due_time;
  SettleDue(none, kNow);
  EXPECT_EQ(none.next_due_time, In(1));
}

}  // namespace
}  // namespace loyalty
