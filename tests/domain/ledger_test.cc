#include "domain/ledger.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/domain/ledger_steps.h"

namespace loyalty {
namespace {

using test::AllocationsOf;
using test::CauseAt;
using test::EarnNow;
using test::In;
using test::kNow;
using test::OpenDebt;
using test::TypesOf;

TEST(DeltaOf, IsTheTableOfTheFourNumbers) {
  struct Row {
    EntryType type;
    bool pending;
    int available, pending_delta, held, debt;  // times n
    bool lots_follow;                          // lots.remaining changes by available + pending + held
  };
  const std::vector<Row> table = {
      {EntryType::kEarn, false, 1, 0, 0, 0, true},         {EntryType::kEarn, true, 0, 1, 0, 0, true},
      {EntryType::kActivate, false, 1, -1, 0, 0, true},    {EntryType::kCancelPending, false, 0, -1, 0, 0, true},
      {EntryType::kBurn, false, -1, 0, 0, 0, true},        {EntryType::kBurnRestore, false, 1, 0, 0, 0, true},
      {EntryType::kHold, false, -1, 0, 1, 0, true},        {EntryType::kHoldRelease, false, 1, 0, -1, 0, true},
      {EntryType::kHoldCapture, false, 0, 0, -1, 0, true}, {EntryType::kExpire, false, -1, 0, 0, 0, true},
      {EntryType::kEarnReversal, true, 0, -1, 0, 0, true}, {EntryType::kEarnReversal, false, -1, 0, 0, 0, true},
      {EntryType::kDebtOpen, false, 0, 0, 0, 1, false},    {EntryType::kDebtSettle, false, -1, 0, 0, -1, true},
      {EntryType::kAdjust, false, 1, 0, 0, 0, true},       {EntryType::kTransferIn, false, 1, 0, 0, 0, true},
      {EntryType::kTransferOut, false, -1, 0, 0, 0, true}, {EntryType::kMergeIn, false, 1, 0, 0, 0, true},
      {EntryType::kMergeOut, false, -1, 0, 0, 0, true},    {EntryType::kSale, false, 0, 0, 0, 0, true},
  };
  std::vector<bool> seen(19);
  for (const Row& row : table) {
    seen[static_cast<std::size_t>(row.type)] = true;
    for (const Points n : {Points{1}, Points{250}, kPointsMax})
      EXPECT_EQ(DeltaOf(row.type, n, row.pending),
                (Balances{n * row.available, n * row.pending_delta, n * row.held, n * row.debt}))
          << static_cast<int>(row.type);
  }
  EXPECT_EQ(std::count(seen.begin() + 1, seen.end(), true), 18) << "a type is missing in the table";
  // A correction by hand is signed.
  EXPECT_EQ(DeltaOf(EntryType::kAdjust, -7), (Balances{.available = -7}));
}

TEST(Earn, AvailableAtOnceWhenActivationHasCome) {
  Account account;
  const auto settled = Earn(account, 25, {kNow, In(10)}, CauseAt(kNow));
  ASSERT_TRUE(settled);
  EXPECT_EQ(*settled, 0);
  EXPECT_EQ(account.balance, (Balances{.available = 25}));
  EXPECT_EQ(account.next_due_time, In(10));
  ASSERT_EQ(account.lots.size(), 1U);
  const Lot& lot = account.lots[0];
  EXPECT_EQ(lot.state, LotState::kActive);
  EXPECT_EQ(lot.seq, 1);
  EXPECT_EQ(lot.remaining, 25);
  EXPECT_EQ(lot.terms, (LotTerms{kNow, In(10)}));
  ASSERT_EQ(account.entries.size(), 1U);
  EXPECT_EQ(account.entries[0].lot_seq, 1);
  EXPECT_EQ(account.entries[0].terms, lot.terms);
  EXPECT_EQ(account.entries[0].cause.receipt_id, 71);
  EXPECT_EQ(account.entries[0].cause.catalogue_version, 2);
}

TEST(Earn, PendingUntilItsActivation) {
  Account account;
  EarnNow(account, 25, In(10), kNow + 1);
  EXPECT_EQ(account.balance, (Balances{.pending = 25}));
  EXPECT_EQ(account.next_due_time, kNow + 1);
  EXPECT_EQ(Burn(account, 1, CauseAt(kNow)).error().reason, Reason::kInsufficientPoints);
  SettleDue(account, kNow);
  EXPECT_EQ(account.balance, (Balances{.pending = 25}));
  SettleDue(account, kNow + 1);
  EXPECT_EQ(account.balance, (Balances{.available = 25}));
  EXPECT_EQ(account.next_due_time, In(10));
}

TEST(Earn, RefusesWhatWouldPassTheLargestBalance) {
  Account account;
  EXPECT_EQ(Earn(account, kPointsMax + 1, {kNow, kNever}, CauseAt(kNow)).error().reason, Reason::kOverflow);
  EarnNow(account, kPointsMax - 10, kNever);
  EarnNow(account, 7, kNever, In(1));
  EXPECT_EQ(Earn(account, 4, {kNow, kNever}, CauseAt(kNow)).error().reason, Reason::kOverflow);
  EXPECT_EQ(account.seq, 2);
  EXPECT_TRUE(Earn(account, 3, {kNow, kNever}, CauseAt(kNow)));
}

TEST(Earn, DebtIsSettledFirst) {
  struct Row {
    Points debt, earned, settled, available, still_owed;
  };
  for (const Row& row : {Row{10, 4, 4, 0, 6}, {10, 10, 10, 0, 0}, {10, 25, 10, 15, 0}, {0, 25, 0, 25, 0}}) {
    Account account;
    if (row.debt > 0) OpenDebt(account, row.debt);
    EXPECT_EQ(*Earn(account, row.earned, {kNow, In(5)}, CauseAt(kNow)), row.settled);
    EXPECT_EQ(account.balance, (Balances{.available = row.available, .debt = row.still_owed}));
    EXPECT_EQ(account.next_due_time, row.available > 0 ? In(5) : kNever);
    if (row.settled == 0) continue;
    EXPECT_EQ(TypesOf(account), (std::vector{EntryType::kDebtOpen, EntryType::kEarn, EntryType::kDebtSettle}));
    ASSERT_EQ(account.allocations.size(), 1U);
    EXPECT_EQ(account.allocations[0].kind, AllocationKind::kSettle);
    EXPECT_EQ(account.allocations[0].points, row.settled);
    EXPECT_EQ(account.lots[0].state, row.available > 0 ? LotState::kActive : LotState::kExhausted);
  }
}

TEST(Earn, PendingPointsSettleDebtWhenTheyBecomeActive) {
  Account account;
  OpenDebt(account, 10);
  EarnNow(account, 25, In(9), In(2));
  EXPECT_EQ(account.balance, (Balances{.pending = 25, .debt = 10}));
  SettleDue(account, In(3));
  EXPECT_EQ(account.balance, (Balances{.available = 15}));
  const Entry& settle = account.entries.back();
  EXPECT_EQ(settle.type, EntryType::kDebtSettle);
  EXPECT_EQ(settle.cause.business_time, In(2));
  EXPECT_EQ(settle.cause.record_time, In(3));
  EXPECT_EQ(settle.cause.receipt_id, 0);
  EXPECT_EQ(settle.cause.command_id, 0);
}

// The log of a member holds every sale: the first entry of its receipt says what was bought.
TEST(Earn, TheEntryCarriesTheSale) {
  const SaleFacts sale{20'000, 1'999, 100};
  Account account;
  OpenDebt(account, 5);
  ASSERT_TRUE(Earn(account, 10, {kNow, kNever}, CauseAt(kNow), sale));
  ASSERT_EQ(TypesOf(account), (std::vector{EntryType::kDebtOpen, EntryType::kEarn, EntryType::kDebtSettle}));
  EXPECT_EQ(account.entries[1].sale, sale);
  EXPECT_FALSE(account.entries[2].sale);
}

TEST(NoteSale, MovesNothing) {
  const SaleFacts sale{20'000, 99, 0};
  Account account;
  EarnNow(account, 10, In(5));
  NoteSale(account, CauseAt(In(1)), sale);
  EXPECT_EQ(account.balance, (Balances{.available = 10}));
  EXPECT_EQ(account.seq, 2);
  EXPECT_EQ(account.next_due_time, In(5));
  EXPECT_EQ(account.entries.back().type, EntryType::kSale);
  EXPECT_EQ(account.entries.back().delta, Balances{});
  EXPECT_EQ(account.entries.back().sale, sale);
  EXPECT_EQ(account.entries.back().cause.receipt_id, 71);
}

TEST(Entries, RecordTimeNeverFalls) {
  Account account;
  ASSERT_TRUE(Earn(account, 10, {kNow, kNever}, CauseAt(In(2))));
  ASSERT_TRUE(Burn(account, 1, CauseAt(In(1))));  // the clock was set back
  NoteSale(account, CauseAt(In(3)), {});
  EXPECT_EQ(account.entries[1].cause.record_time, In(2));
  EXPECT_EQ(account.entries[1].cause.business_time, In(1) - kSecond);
  EXPECT_EQ(account.entries[2].cause.record_time, In(3));
  EXPECT_EQ(account.record_time, In(3));
}

TEST(BurnsBefore, FirstExpiringFirstThenFirstActivatedThenOldest) {
  const auto lot = [](std::int64_t seq, Instant activate, Instant expire) {
    Lot made;
    made.seq = seq;
    made.terms = {activate, expire};
    return made;
  };
  const std::vector<Lot> in_order = {lot(9, 50, 100), lot(8, 10, 200),   lot(7, 20, 200),  lot(3, 30, 200),
                                     lot(4, 30, 200), lot(1, 5, kNever), lot(2, 5, kNever)};
  for (std::size_t i = 0; i < in_order.size(); ++i)
    for (std::size_t j = 0; j < in_order.size(); ++j)
      EXPECT_EQ(BurnsBefore(in_order[i], in_order[j]), i < j) << i << " " << j;
}

TEST(Burn, TakesWhatExpiresFirst) {
  Account account;
  const auto never = EarnNow(account, 10, kNever);
  const auto late = EarnNow(account, 10, In(30));
  const auto soon = EarnNow(account, 10, In(5));
  const auto pending = EarnNow(account, 10, In(2), In(1));
  const auto burn = Burn(account, 23, CauseAt(kNow));
  ASSERT_TRUE(burn);
  const auto taken = AllocationsOf(account, *burn);
  ASSERT_EQ(taken.size(), 3U);
  const std::vector<std::pair<std::int64_t, Points>> expected = {{soon, 10}, {late, 10}, {never, 3}};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(taken[i].lot_seq, expected[i].first);
    EXPECT_EQ(taken[i].points, expected[i].second);
    EXPECT_EQ(taken[i].kind, AllocationKind::kBurn);
  }
  EXPECT_EQ(account.FindLot(soon)->state, LotState::kExhausted);
  EXPECT_EQ(account.FindLot(never)->remaining, 7);
  EXPECT_EQ(account.FindLot(pending)->remaining, 10);
  EXPECT_EQ(account.balance, (Balances{.available = 7, .pending = 10}));
  EXPECT_EQ(account.entries.back().lot_seq, 0);
}

TEST(Burn, RefusesInOrderAndChangesNothing) {
  Account account;
  EarnNow(account, 10, In(5));
  EXPECT_EQ(Burn(account, 0, CauseAt(kNow)).error().reason, Reason::kInvalidArgument);
  EXPECT_EQ(Burn(account, -5, CauseAt(kNow)).error().reason, Reason::kInvalidArgument);
  const auto refused = Burn(account, 11, CauseAt(kNow));
  EXPECT_EQ(refused.error().reason, Reason::kInsufficientPoints);
  EXPECT_EQ(refused.error().metadata.at("available"), "10");
  EXPECT_EQ(refused.error().metadata.at("needed"), "11");
  EXPECT_EQ(account.seq, 1);
  EXPECT_EQ(account.balance, (Balances{.available = 10}));
  EXPECT_TRUE(account.allocations.empty());
  // A balance that its lots do not bear out is a bug, never a reason to guess.
  account.lots.clear();
  EXPECT_EQ(Burn(account, 10, CauseAt(kNow)).error().reason, Reason::kInternal);
  EXPECT_EQ(account.seq, 1);
}

TEST(Burn, HeldPointsStay) {
  Account account;
  EarnNow(account, 10, In(5));
  EarnNow(account, 10, In(9));
  account.lots[0].held = 4;
  account.balance = {.available = 16, .held = 4};
  ASSERT_TRUE(Burn(account, 16, CauseAt(kNow)));
  EXPECT_EQ(account.lots[0].remaining, 4);
  EXPECT_EQ(account.lots[0].state, LotState::kActive);
  EXPECT_EQ(account.lots[1].remaining, 0);
  EXPECT_EQ(account.balance, (Balances{.held = 4}));
}

TEST(RestoreBurn, GoesBackToTheSameLotsWithTheirExpiry) {
  Account account;
  const auto soon = EarnNow(account, 10, In(5));
  const auto late = EarnNow(account, 10, In(30));
  const auto burn = *Burn(account, 15, CauseAt(kNow));
  const Restored restored = RestoreBurn(account, burn, AllocationsOf(account, burn), In(40), CauseAt(In(1)));
  EXPECT_EQ(restored.points, 15);
  EXPECT_EQ(restored.in_grace, 0);
  EXPECT_EQ(account.balance, (Balances{.available = 20}));
  EXPECT_EQ(account.FindLot(soon)->remaining, 10);
  EXPECT_EQ(account.FindLot(soon)->terms.expire_time, In(5));
  EXPECT_EQ(account.FindLot(soon)->state, LotState::kActive);
  EXPECT_EQ(account.FindLot(late)->remaining, 10);
  EXPECT_EQ(account.lots.size(), 2U);
  EXPECT_EQ(account.entries.back().type, EntryType::kBurnRestore);
  EXPECT_EQ(account.entries.back().reversal_of, burn);
  EXPECT_EQ(account.next_due_time, In(5));
}

TEST(RestoreBurn, WhatHasExpiredSinceGetsAGraceLotForEachLot) {
  Account account;
  const auto first = EarnNow(account, 10, In(5));
  const auto second = EarnNow(account, 10, In(6));
  const auto late = EarnNow(account, 10, In(30));
  const auto burn = *Burn(account, 25, CauseAt(kNow));
  SettleDue(account, In(6));
  const Restored restored = RestoreBurn(account, burn, AllocationsOf(account, burn), In(36), CauseAt(In(6)));
  EXPECT_EQ(restored.points, 25);
  EXPECT_EQ(restored.in_grace, 20);
  EXPECT_EQ(account.balance, (Balances{.available = 30}));
  ASSERT_EQ(account.lots.size(), 5U);
  for (const auto& [index, from] : {std::pair{3U, first}, {4U, second}}) {
    const Lot& grace = account.lots[index];
    const Entry& entry = account.entries[static_cast<std::size_t>(grace.seq) - 1];
    EXPECT_EQ(entry.type, EntryType::kBurnRestore);
    EXPECT_EQ(entry.restored_from, from);
    EXPECT_EQ(entry.lot_seq, grace.seq);
    EXPECT_EQ(entry.terms, grace.terms);
    EXPECT_EQ(grace.remaining, 10);
    EXPECT_EQ(grace.terms, (LotTerms{In(6), In(36)}));
    EXPECT_EQ(grace.state, LotState::kActive);
  }
  EXPECT_EQ(account.FindLot(first)->remaining, 0);
  EXPECT_EQ(account.FindLot(late)->remaining, 10);
  for (const Entry& entry : account.entries)
    EXPECT_EQ(entry.reversal_of, entry.type == EntryType::kBurnRestore ? burn : 0);
}

// A lot that is used up is stored nowhere: its terms stand in what was taken from it.
TEST(RestoreBurn, OpensALotAgainOfWhichNothingIsLeft) {
  Account account;
  const auto soon = EarnNow(account, 10, In(5));
  const auto late = EarnNow(account, 10, In(30));
  const auto burn = *Burn(account, 15, CauseAt(kNow));
  const auto burnt = AllocationsOf(account, burn);
  std::erase_if(account.lots, [soon](const Lot& lot) { return lot.seq == soon; });
  account.next_due_time = In(30);
  RestoreBurn(account, burn, burnt, In(40), CauseAt(In(1)));
  ASSERT_NE(account.FindLot(soon), nullptr);
  EXPECT_EQ(account.FindLot(soon)->remaining, 10);
  EXPECT_EQ(account.FindLot(soon)->state, LotState::kActive);
  EXPECT_EQ(account.FindLot(soon)->terms, (LotTerms{kNow, In(5)}));
  EXPECT_EQ(account.FindLot(late)->remaining, 10);
  EXPECT_EQ(account.next_due_time, In(5));
  EXPECT_EQ(account.balance, (Balances{.available = 20}));
}

TEST(RestoreBurn, SettlesDebtFirst) {
  Account account;
  EarnNow(account, 10, In(5));
  const auto burn = *Burn(account, 10, CauseAt(kNow));
  OpenDebt(account, 4);
  const Restored restored = RestoreBurn(account, burn, AllocationsOf(account, burn), In(40), CauseAt(kNow));
  EXPECT_EQ(restored.points, 10);
  EXPECT_EQ(restored.debt_settled, 4);
  EXPECT_EQ(account.balance, (Balances{.available = 6}));
  EXPECT_EQ(account.lots[0].remaining, 6);
}

}  // namespace
}  // namespace loyalty
