#include "tests/support/ledger_scenario.h"

#include <algorithm>
#include <map>

namespace loyalty {

std::ostream& operator<<(std::ostream& os, const Balances& balance) {
  return os << "{available " << balance.available << " pending " << balance.pending << " held " << balance.held
            << " debt " << balance.debt << "}";
}

std::ostream& operator<<(std::ostream& os, const Entry& entry) {
  return os << "#" << entry.seq << " type " << static_cast<int>(entry.type) << " " << entry.delta << " lot "
            << entry.lot_seq << " reverses " << entry.reversal_of << " at " << FormatTime(entry.cause.business_time);
}

}  // namespace loyalty

namespace loyalty::test {
namespace {

constexpr Instant kGrace = 3 * kDayLength;

}  // namespace

std::ostream& operator<<(std::ostream& os, const Step& step) {
  switch (step.kind) {
    case Step::Kind::kEarn:
      return os << "earn " << step.points << " active in " << step.activate_in_days << " days for " << step.live_days;
    case Step::Kind::kBurn: return os << "burn " << step.points;
    case Step::Kind::kRestore: return os << "restore pick " << step.pick;
    case Step::Kind::kOpenDebt: return os << "open debt " << step.points;
    case Step::Kind::kWait: return os << "wait " << step.wait_days << " days";
  }
  return os;
}

rc::Gen<std::vector<Step>> AnyLife() {
  using Kind = Step::Kind;
  using rc::gen::set;
  using rc::gen::weightedElement;
  const auto step = rc::gen::build<Step>(
      set(&Step::kind,
          weightedElement<Kind>(
              {{6, Kind::kEarn}, {5, Kind::kBurn}, {3, Kind::kRestore}, {1, Kind::kOpenDebt}, {4, Kind::kWait}})),
      set(&Step::points, rc::gen::inRange(1, 10)),
      set(&Step::activate_in_days, weightedElement<int>({{6, 0}, {1, 1}, {1, 2}, {1, 4}})),
      set(&Step::live_days, weightedElement<int>({{2, 0}, {1, 1}, {2, 2}, {2, 3}, {2, 5}, {1, 8}})),
      set(&Step::pick, rc::gen::inRange(0, 5)), set(&Step::wait_days, weightedElement<int>({{2, 1}, {2, 2}, {1, 5}})));
  return rc::gen::mapcat(rc::gen::inRange<std::size_t>(0, 31),
                         [step](std::size_t count) { return rc::gen::container<std::vector<Step>>(count, step); });
}

Cause CauseAt(Instant now) {
  Cause cause;
  cause.receipt_id = 71;
  cause.command_id = 72;
  cause.business_time = now - kSecond;
  cause.record_time = now;
  cause.catalogue_version = 2;
  return cause;
}

Scenario::Scenario(Points scale, const ReferenceLedger::Faults& faults) : scale_(scale), reference_(faults) {
  account.member_name = "00000000000000a7";
}

void Scenario::Do(const Step& step) {
  SettleDue(account, now);
  const Cause cause = CauseAt(now);
  switch (step.kind) {
    case Step::Kind::kWait: Wait(step.wait_days * kDayLength); break;
    case Step::Kind::kEarn: {
      const Instant activate = now + step.activate_in_days * kDayLength;
      const Instant expire = step.live_days == 0 ? kNever : activate + step.live_days * kDayLength;
      const Points debt = account.balance.debt;
      const auto settled = Earn(account, step.points * scale_, {activate, expire}, cause);
      RC_ASSERT(settled.has_value());
      RC_ASSERT(*settled == debt - account.balance.debt);
      reference_.Earn(now, step.points, activate, expire);
      break;
    }
    case Step::Kind::kBurn: {
      const Account before = account;
      const auto burn = Burn(account, step.points * scale_, cause);
      RC_ASSERT(burn.has_value() == (before.balance.available >= step.points * scale_));
      if (burn) {
        burns_.push_back({*burn, reference_.Burn(now, step.points)});
      } else {
        RC_ASSERT(burn.error().reason == Reason::kInsufficientPoints);
        RC_ASSERT(account.seq == before.seq && account.balance == before.balance);
        RC_ASSERT(account.entries.size() == before.entries.size());
      }
      break;
    }
    case Step::Kind::kRestore: {
      if (burns_.empty()) break;
      const auto at = burns_.begin() + step.pick % static_cast<std::ptrdiff_t>(burns_.size());
      const DoneBurn burn = *at;
      burns_.erase(at);
      std::vector<Allocation> burnt;
      for (const Allocation& allocation : account.allocations)
        if (allocation.entry_seq == burn.seq) burnt.push_back(allocation);
      const Points debt = account.balance.debt;
      const Points available = account.balance.available;
      const Restored restored = RestoreBurn(account, burn.seq, burnt, now + kGrace, cause);
      Points all = 0;
      for (const Allocation& allocation : burnt) all += allocation.points;
      RC_ASSERT(restored.points == all);
      RC_ASSERT(restored.debt_settled == debt - account.balance.debt);
      RC_ASSERT(account.balance.available == available + restored.points - restored.debt_settled);
      reference_.Restore(now, burn.number, now + kGrace);
      break;
    }
    case Step::Kind::kOpenDebt: {
      if (account.balance.available > 0) break;
      Entry entry;
      entry.seq = ++account.seq;
      entry.type = EntryType::kDebtOpen;
      entry.delta = DeltaOf(EntryType::kDebtOpen, step.points * scale_);
      entry.cause = cause;
      account.record_time = std::max(account.record_time, cause.record_time);
      account.balance += entry.delta;
      account.entries.push_back(entry);
      reference_.OpenDebt(now, step.points);
      break;
    }
  }
}

void Scenario::Wait(Instant duration) {
  now += duration;
  SettleDue(account, now);
}

void Scenario::CheckAgreement() const {
  const auto expected = reference_.At(now);
  const Balances scaled{expected.balance.available * scale_, expected.balance.pending * scale_,
                        expected.balance.held * scale_, expected.balance.debt * scale_};
  RC_ASSERT(account.balance == scaled);
  std::map<std::int64_t, Points> by_seq;
  for (const Lot& lot : account.lots) by_seq[lot.seq] = lot.remaining;
  std::vector<Points> remaining;
  for (const auto& [seq, points] : by_seq) remaining.push_back(points / scale_);
  RC_ASSERT(remaining == expected.remaining);
}

void CheckInvariants(const Account& account) {
  const Balances& balance = account.balance;
  RC_ASSERT(balance.available >= 0 && balance.pending >= 0 && balance.held >= 0 && balance.debt >= 0);
  RC_ASSERT(balance.debt == 0 || balance.available == 0);

  Balances sum;
  std::int64_t seq = 0;
  std::map<std::int64_t, Points> made;       // by lot: points at the start
  std::map<std::int64_t, Points> moved;      // by lot: what entries and allocations say is left
  std::map<std::int64_t, LotTerms> terms;    // by lot: those of the entry that made it
  std::map<std::int64_t, Points> allocated;  // by entry
  for (const Allocation& allocation : account.allocations) {
    RC_ASSERT(allocation.points > 0);
    const bool gives = allocation.kind == AllocationKind::kRestore;
    moved[allocation.lot_seq] += gives ? allocation.points : -allocation.points;
    allocated[allocation.entry_seq] += allocation.points;
  }
  Instant record_time = 0;
  for (const Entry& entry : account.entries) {
    RC_ASSERT(entry.seq == ++seq);
    RC_ASSERT(entry.cause.record_time >= record_time);
    record_time = entry.cause.record_time;
    sum += entry.delta;
    const Points size = std::max({entry.delta.available, -entry.delta.available, entry.delta.pending});
    const bool makes_lot = entry.lot_seq == entry.seq;
    RC_ASSERT(entry.terms.has_value() == (makes_lot || entry.type == EntryType::kActivate));
    if (makes_lot) {
      made[entry.seq] = size;
      terms[entry.seq] = *entry.terms;
    } else if (entry.terms) {
      RC_ASSERT(*entry.terms == terms.at(entry.lot_seq));
    }
    switch (entry.type) {
      case EntryType::kBurn:
      case EntryType::kDebtSettle: RC_ASSERT(allocated[entry.seq] == size); break;
      case EntryType::kBurnRestore: RC_ASSERT(allocated[entry.seq] == (entry.lot_seq == 0 ? size : 0)); break;
      case EntryType::kExpire: moved[entry.lot_seq] -= size; break;
      default: break;
    }
  }
  for (const Allocation& allocation : account.allocations) RC_ASSERT(allocation.terms == terms.at(allocation.lot_seq));
  RC_ASSERT(seq == account.seq);
  RC_ASSERT(record_time == account.record_time || account.entries.empty());
  RC_ASSERT(sum == balance);

  Points remaining = 0;
  Points pending = 0;
  Instant due = kNever;
  for (const Lot& lot : account.lots) {
    RC_ASSERT(lot.remaining >= 0 && lot.remaining <= made.at(lot.seq));
    RC_ASSERT(lot.remaining == made.at(lot.seq) + moved[lot.seq]);
    RC_ASSERT(lot.terms == terms.at(lot.seq));
    RC_ASSERT((lot.remaining == 0) == (lot.state == LotState::kExhausted || lot.state == LotState::kExpired));
    remaining += lot.remaining;
    if (lot.state == LotState::kPending) pending += lot.remaining;
    due = std::min(due, lot.due_time());
  }
  RC_ASSERT(remaining == balance.available + balance.held + balance.pending);
  RC_ASSERT(pending == balance.pending);
  RC_ASSERT(account.next_due_time <= due);
}

}  // namespace loyalty::test
