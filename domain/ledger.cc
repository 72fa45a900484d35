#include "domain/ledger.h"

#include <algorithm>
#include <utility>

#include "domain/check.h"

namespace loyalty {
namespace {

Entry& Post(Account& account, EntryType type, const Balances& delta, const Cause& cause) {
  Entry entry;
  entry.seq = ++account.seq;
  entry.type = type;
  entry.delta = delta;
  entry.cause = cause;
  entry.cause.record_time = account.record_time = std::max(account.record_time, cause.record_time);
  account.balance += delta;
  account.entries.push_back(std::move(entry));
  return account.entries.back();
}

void NoteDue(Account& account, const Lot& lot) {
  account.next_due_time = std::min(account.next_due_time, lot.due_time());
}

// Takes `points` of spendable points from the lots in burn order and records it. The caller has checked the balance.
void TakeFromLots(Account& account, std::int64_t entry_seq, Points points, AllocationKind kind) {
  std::vector<Lot*> order;
  order.reserve(account.lots.size());
  for (Lot& lot : account.lots)
    if (lot.spendable() > 0) order.push_back(&lot);
  std::sort(order.begin(), order.end(), [](const Lot* a, const Lot* b) { return BurnsBefore(*a, *b); });
  for (Lot* lot : order) {
    if (points == 0) break;
    const Points taken = std::min(points, lot->spendable());
    lot->remaining -= taken;
    if (lot->remaining == 0) lot->state = LotState::kExhausted;
    account.allocations.push_back({entry_seq, lot->seq, kind, taken, lot->terms});
    points -= taken;
  }
  Check(points == 0, "points are taken from lots that hold them");
}

// debt > 0 implies available = 0: whatever has become available settles debt first.
Points SettleDebt(Account& account, const Cause& cause) {
  const Points settled = std::min(account.balance.debt, account.balance.available);
  if (settled == 0) return 0;
  const auto seq = Post(account, EntryType::kDebtSettle, DeltaOf(EntryType::kDebtSettle, settled), cause).seq;
  TakeFromLots(account, seq, settled, AllocationKind::kSettle);
  return settled;
}

// Entries that time causes name nobody; their business time is when they fell due.
Cause DueCause(const Lot& lot, Instant now) {
  Cause cause;
  cause.business_time = lot.due_time();
  cause.record_time = now;
  return cause;
}

}  // namespace

Balances& Balances::operator+=(const Balances& delta) {
  available += delta.available;
  pending += delta.pending;
  held += delta.held;
  debt += delta.debt;
  return *this;
}

Balances DeltaOf(EntryType type, Points n, bool pending) {
  switch (type) {
    case EntryType::kEarn: return pending ? Balances{.pending = n} : Balances{.available = n};
    case EntryType::kActivate: return {.available = n, .pending = -n};
    case EntryType::kCancelPending: return {.pending = -n};
    case EntryType::kBurn: return {.available = -n};
    case EntryType::kBurnRestore: return {.available = n};
    case EntryType::kHold: return {.available = -n, .held = n};
    case EntryType::kHoldRelease: return {.available = n, .held = -n};
    case EntryType::kHoldCapture: return {.held = -n};
    case EntryType::kExpire: return {.available = -n};
    case EntryType::kEarnReversal: return pending ? Balances{.pending = -n} : Balances{.available = -n};
    case EntryType::kDebtOpen: return {.debt = n};
    case EntryType::kDebtSettle: return {.available = -n, .debt = -n};
    case EntryType::kAdjust: return {.available = n};
    case EntryType::kTransferIn: return {.available = n};
    case EntryType::kTransferOut: return {.available = -n};
    case EntryType::kMergeIn: return {.available = n};
    case EntryType::kMergeOut: return {.available = -n};
    case EntryType::kSale: return {};
  }
  return {};
}

Instant Lot::due_time() const {
  if (state == LotState::kPending) return terms.activate_time;
  return spendable() > 0 ? terms.expire_time : kNever;
}

Lot* Account::FindLot(std::int64_t lot_seq) {
  for (Lot& lot : lots)
    if (lot.seq == lot_seq) return &lot;
  return nullptr;
}

bool BurnsBefore(const Lot& a, const Lot& b) {
  if (a.terms.expire_time != b.terms.expire_time) return a.terms.expire_time < b.terms.expire_time;
  if (a.terms.activate_time != b.terms.activate_time) return a.terms.activate_time < b.terms.activate_time;
  return a.seq < b.seq;
}

Result<Points> Earn(Account& account, Points points, const LotTerms& terms, const Cause& cause,
                    const std::optional<SaleFacts>& sale) {
  Check(points > 0, "what is earned is more than nothing");
  if (points > kPointsMax || account.balance.available + account.balance.pending > kPointsMax - points)
    return Error{Reason::kOverflow, "the balance would exceed the largest number of points", {}};
  const bool pending = terms.activate_time > cause.record_time;
  Entry& entry = Post(account, EntryType::kEarn, DeltaOf(EntryType::kEarn, points, pending), cause);
  entry.terms = terms;
  entry.sale = sale;
  entry.lot_seq = entry.seq;
  const Lot lot{entry.seq, pending ? LotState::kPending : LotState::kActive, points, 0, terms};
  account.lots.push_back(lot);
  const Points settled = pending ? 0 : SettleDebt(account, cause);
  NoteDue(account, *account.FindLot(lot.seq));
  return settled;
}

void NoteSale(Account& account, const Cause& cause, const std::optional<SaleFacts>& sale) {
  Post(account, EntryType::kSale, {}, cause).sale = sale;
}

Result<std::int64_t> Burn(Account& account, Points points, const Cause& cause) {
  if (points < 1) return InvalidField("points", "must be at least 1");
  if (account.balance.available < points)
    return Error{Reason::kInsufficientPoints,
                 "not enough points",
                 {{"available", std::to_string(account.balance.available)}, {"needed", std::to_string(points)}}};
  Points covered = 0;
  for (const Lot& lot : account.lots) covered += lot.spendable();
  if (covered < points) return Error{Reason::kInternal, "the lots do not cover the balance; run verify", {}};
  const auto seq = Post(account, EntryType::kBurn, DeltaOf(EntryType::kBurn, points), cause).seq;
  TakeFromLots(account, seq, points, AllocationKind::kBurn);
  return seq;
}

Restored RestoreBurn(Account& account, std::int64_t burn_seq, const std::vector<Allocation>& burnt,
                     Instant grace_expire_time, const Cause& cause) {
  Restored restored;
  Points to_first_lots = 0;
  for (const Allocation& allocation : burnt) {
    if (allocation.terms.expire_time > cause.record_time) to_first_lots += allocation.points;
    restored.points += allocation.points;
  }
  restored.in_grace = restored.points - to_first_lots;
  if (to_first_lots > 0) {
    const Balances delta = DeltaOf(EntryType::kBurnRestore, to_first_lots);
    Entry& entry = Post(account, EntryType::kBurnRestore, delta, cause);
    entry.reversal_of = burn_seq;
    for (const Allocation& allocation : burnt) {
      if (allocation.terms.expire_time <= cause.record_time) continue;
      Lot* lot = account.FindLot(allocation.lot_seq);
      if (lot == nullptr) {  // nothing was left of it
        account.lots.push_back({allocation.lot_seq, LotState::kActive, 0, 0, allocation.terms});
        lot = &account.lots.back();
      }
      lot->remaining += allocation.points;
      lot->state = LotState::kActive;
      account.allocations.push_back(
          {entry.seq, lot->seq, AllocationKind::kRestore, allocation.points, allocation.terms});
      NoteDue(account, *lot);
    }
  }
  for (const Allocation& allocation : burnt) {
    if (allocation.terms.expire_time > cause.record_time) continue;
    Entry& entry = Post(account, EntryType::kBurnRestore, DeltaOf(EntryType::kBurnRestore, allocation.points), cause);
    entry.reversal_of = burn_seq;
    entry.restored_from = allocation.lot_seq;
    entry.lot_seq = entry.seq;
    entry.terms = LotTerms{cause.record_time, grace_expire_time};
    account.lots.push_back({entry.seq, LotState::kActive, allocation.points, 0, *entry.terms});
    NoteDue(account, account.lots.back());
  }
  restored.debt_settled = SettleDebt(account, cause);
  return restored;
}

void SettleDue(Account& account, Instant now) {
  if (account.next_due_time > now) return;
  // Activation makes a later expiry, so the earliest is looked for anew after each step.
  while (true) {
    Lot* next = nullptr;
    for (Lot& lot : account.lots) {
      const Instant due = lot.due_time();
      // Beyond the horizon an unloaded lot may come first.
      if (due > now || due > account.lots_horizon) continue;
      const bool earlier =
          next == nullptr || due < next->due_time() ||
          (due == next->due_time() && (lot.state < next->state || (lot.state == next->state && lot.seq < next->seq)));
      if (earlier) next = &lot;
    }
    if (next == nullptr) break;
    const Cause cause = DueCause(*next, now);
    if (next->state == LotState::kPending) {
      Entry& entry = Post(account, EntryType::kActivate, DeltaOf(EntryType::kActivate, next->remaining), cause);
      entry.lot_seq = next->seq;
      entry.terms = next->terms;
      next->state = LotState::kActive;
      SettleDebt(account, cause);
    } else {
      const Points expired = next->spendable();
      Entry& entry = Post(account, EntryType::kExpire, DeltaOf(EntryType::kExpire, expired), cause);
      entry.lot_seq = next->seq;
      next->remaining -= expired;
      if (next->remaining == 0) next->state = LotState::kExpired;
    }
  }
  account.next_due_time = account.lots_horizon;
  for (const Lot& lot : account.lots) NoteDue(account, lot);
}

}  // namespace loyalty
