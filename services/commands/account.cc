#include "services/commands/account.h"

#include "storage/guards.h"

namespace loyalty {

using storage::AllocationRow;
using storage::EntryRow;
using storage::MemberRow;
using storage::OpenLotRow;
using storage::PendingLotRow;

namespace {

// Up to when everything below the member is known.
template <typename Row>
Instant HorizonOf(const WorkingSet& set, std::int64_t member_id) {
  const auto last = set.of<Row>().LastOf(member_id);
  return last ? std::get<1>(*last) : kNever;
}

void KeepLot(WorkingSet& set, std::int64_t member_id, const Lot& lot) {
  auto& open = set.of<OpenLotRow>();
  auto& pending = set.of<PendingLotRow>();
  const OpenLotRow as_open{member_id, lot.terms, lot.seq, lot.remaining, lot.held};
  const PendingLotRow as_pending{member_id, lot.terms, lot.seq, lot.remaining};
  if (lot.state == LotState::kPending) {
    pending.Put(as_pending);
  } else if (pending.Find(as_pending.key()) != nullptr) {
    pending.Erase(as_pending.key());
  }
  if (lot.state == LotState::kActive && lot.remaining > 0) {
    open.Put(as_open);
  } else if (open.Find(as_open.key()) != nullptr) {
    open.Erase(as_open.key());
  }
}

// The member's last entry, as far as its time binds those that follow.
Instant LastRecordTime(const MemberRow& member) { return storage::TheGuards().record_time ? member.record_time : 0; }

}  // namespace

Account AccountOf(const WorkingSet& set, const MemberRow& member) {
  Account account;
  account.member_name = member.name();
  account.balance = member.balance;
  account.seq = member.seq;
  account.record_time = LastRecordTime(member);
  account.next_due_time = member.next_due_time;
  account.lots_horizon = std::min(HorizonOf<OpenLotRow>(set, member.id), HorizonOf<PendingLotRow>(set, member.id));
  set.of<PendingLotRow>().Each(member.id, [&account](const PendingLotRow& row) {
    account.lots.push_back({row.lot_seq, LotState::kPending, row.remaining, 0, row.terms});
  });
  set.of<OpenLotRow>().Each(member.id, [&account](const OpenLotRow& row) {
    account.lots.push_back({row.lot_seq, LotState::kActive, row.remaining, row.held, row.terms});
  });
  return account;
}

Instant RecordTimeOf(const Rules& rules, const MemberRow& member) {
  return std::max(rules.now, LastRecordTime(member));
}

void Keep(WorkingSet& set, const Account& account, MemberRow& member) {
  member.balance = account.balance;
  member.seq = account.seq;
  member.record_time = account.record_time;
  member.next_due_time = account.next_due_time;
  for (const Lot& lot : account.lots) KeepLot(set, member.id, lot);
  for (const Entry& entry : account.entries) set.Put(EntryRow{member.id, entry});
  for (const Allocation& allocation : account.allocations) set.Put(AllocationRow{member.id, allocation});
}

void Keep(WorkingSet& set, const Account& account, MemberRow& member, std::int64_t& first, std::int64_t& count) {
  Keep(set, account, member);
  count = static_cast<std::int64_t>(account.entries.size());
  first = account.entries.empty() ? 0 : account.entries.front().seq;
}

void NeedExpiring(std::int64_t member_id, const WorkingSet& set, const Rules& rules, Needs& needs, Points burnt) {
  const MemberRow* member = set.Find<MemberRow>(member_id);
  // Together with the member where it is likely, else behind it.
  if (member == nullptr ? !rules.snapshot.catalogue.LetsPointsExpire() : member->next_due_time == kNever) return;
  needs.Wish<OpenLotRow>(member_id, storage::Reach::kFew);
  const auto& lots = set.of<OpenLotRow>();
  if (!lots.HasReach(member_id)) return;
  // Behind this date nothing is known yet; behind a lot that never expires there is nothing to know.
  if (HorizonOf<OpenLotRow>(set, member_id) == kNever) return;
  if (static_cast<int>(ExpiringOf(set, member_id, burnt).size()) < kExpiringMax)
    needs.Wish<OpenLotRow>(member_id, *lots.NextReach(member_id));
}

std::vector<ExpiringPoints> ExpiringOf(const WorkingSet& set, std::int64_t member_id, Points burnt) {
  const Instant horizon = HorizonOf<OpenLotRow>(set, member_id);
  std::vector<ExpiringPoints> dates;
  set.of<OpenLotRow>().Each(member_id, [&](const OpenLotRow& row) {
    const Instant expire_time = row.terms.expire_time;
    const Points taken = std::min(burnt, row.remaining - row.held);
    burnt -= taken;
    const Points left = row.remaining - row.held - taken;
    if (expire_time == kNever || expire_time >= horizon || left == 0) return;
    if (dates.empty() || dates.back().expire_time != expire_time) dates.push_back({expire_time, 0});
    dates.back().points += left;
  });
  if (static_cast<int>(dates.size()) > kExpiringMax) dates.resize(kExpiringMax);
  return dates;
}

void SettleAll(WorkingSet& set, Instant now) {
  set.of<MemberRow>().EachLocked([&set, now](MemberRow& member) {
    const auto known = [&member](const auto& lots) { return lots.HasReach(member.id); };
    if (member.next_due_time > now || !known(set.of<OpenLotRow>()) || !known(set.of<PendingLotRow>())) return;
    Account account = AccountOf(set, member);
    SettleDue(account, now);
    Keep(set, account, member);
    set.of<MemberRow>().Decide(member.id);
  });
}

void SealEntries(WorkingSet& set, const ProgramKeys& keys) {
  set.of<EntryRow>().EachNew([&set, &keys](EntryRow& row) {
    MemberRow& member = *set.Find<MemberRow>(row.member_id);
    row.entry.mac = EntryMac(member.name(), row.entry, member.chain_head, keys.current);
    member.chain_head = row.entry.mac;
  });
}

}  // namespace loyalty
