#include "services/commands/limits.h"

#include <set>

#include "services/commands/receipt_facts.h"
#include "storage/guards.h"

namespace loyalty {
namespace {

using storage::EarnedOfDayRow;
using storage::EntryRow;
using storage::ReceiptRow;
using storage::RedemptionRow;
using storage::SpentSinceRow;
using storage::SpentUnderRow;

bool CountsSales(const Limits& limits) {
  return limits.earning_receipts_per_member_day > 0 || limits.points_per_member_day > 0;
}

// No receipt of a business day was recorded before: its date lies within kBusinessDateDaysMax of its time, and that at
// most minutes ahead; the rest is room for zones.
Instant FirstRecordOf(Day day) { return (Instant{day} - kBusinessDateDaysMax - 2) * kDayLength; }

Instant StartOfToday(const Rules& rules) { return StartOfDay(rules.today(), rules.snapshot.zone); }

// Entries of a member that this batch has written: the newest ones. Views do not know them.
template <typename Take>
void EachNewEntry(const WorkingSet& set, std::int64_t member_id, Take take) {
  const auto* member = set.Find<storage::MemberRow>(member_id);
  if (member == nullptr || !storage::TheGuards().limits_in_batch) return;
  for (std::int64_t seq = member->seq; set.of<EntryRow>().IsNew({member_id, seq}); --seq)
    take(set.Find<EntryRow>({member_id, seq})->entry);
}

// The business day of a sale's entry.
Day DayOfSale(const WorkingSet& set, const Entry& entry) {
  if (entry.sale) return entry.sale->day;
  const ReceiptRow* receipt = set.Find<ReceiptRow>(entry.cause.receipt_id);
  return receipt == nullptr ? 0 : receipt->business_date;
}

// What the view's conditions say.
bool IsBy(const Spender& spender, const RedemptionRow& row) {
  if (spender.limit == Limit::kRedeemedPointsPerTerminalDay) return row.terminal_id == spender.id;
  return row.store_id == spender.id &&
         (spender.limit == Limit::kRedeemedPointsPerStoreDay || row.operator_id == spender.operator_id);
}

}  // namespace

void NeedEarned(const Limits& limits, std::int64_t member_id, Day day, Needs& needs) {
  if (CountsSales(limits)) needs.Below<EarnedOfDayRow>({member_id, day, FirstRecordOf(day)});
}

EarnedOfDay EarnedOn(const WorkingSet& set, const Limits& limits, std::int64_t member_id, Day day) {
  EarnedOfDay earned;
  if (!CountsSales(limits)) return earned;
  if (const auto* row = set.Find<EarnedOfDayRow>({member_id, day, FirstRecordOf(day)})) earned = row->earned;
  EachNewEntry(set, member_id, [&](const Entry& entry) {
    if (entry.type != EntryType::kEarn || entry.cause.receipt_id == 0 || DayOfSale(set, entry) != day) return;
    ++earned.receipts;
    earned.points += entry.delta.available + entry.delta.pending;
  });
  return earned;
}

void NeedSpent(const Rules& rules, std::int64_t member_id, Needs& needs) {
  needs.Below<SpentSinceRow>({member_id, StartOfToday(rules)});
}

SpentOfDay SpentToday(WorkingSet& set, const Rules& rules, std::int64_t member_id) {
  SpentOfDay spent;
  if (const auto* row = set.Find<SpentSinceRow>({member_id, StartOfToday(rules)})) spent = row->spent;
  // Burns of today that this batch has cancelled: their redemptions are in the set, stored or new.
  std::set<std::int64_t> of_today;
  const auto note = [&](const RedemptionRow& row) {
    if (row.member_id == member_id && row.create_time >= StartOfToday(rules)) of_today.insert(row.entry_seq);
  };
  set.of<RedemptionRow>().EachLocked(note);
  set.of<RedemptionRow>().EachNew(note);
  EachNewEntry(set, member_id, [&](const Entry& entry) {
    if (entry.type == EntryType::kBurn) ++spent.redemptions;
    const bool given_back = entry.type == EntryType::kBurnRestore && of_today.contains(entry.reversal_of);
    if (entry.type == EntryType::kBurn || given_back) spent.points -= entry.delta.available;
  });
  return spent;
}

std::vector<Spender> SpendersOf(const Limits& limits, const Place& place, const std::string& operator_id) {
  std::vector<Spender> spenders;
  if (limits.redeemed_points_per_terminal_day > 0 && place.terminal_id != 0)
    spenders.push_back({Limit::kRedeemedPointsPerTerminalDay, place.terminal_id, ""});
  if (limits.redeemed_points_per_store_day > 0 && place.store_id != 0)
    spenders.push_back({Limit::kRedeemedPointsPerStoreDay, place.store_id, ""});
  if (limits.redeemed_points_per_operator_day > 0 && !operator_id.empty())
    spenders.push_back({Limit::kRedeemedPointsPerOperatorDay, place.store_id, operator_id});
  return spenders;
}

void NeedSpentBy(const Rules& rules, const Spender& spender, Needs& needs) {
  needs.Below<SpentUnderRow>({spender.limit, spender.id, spender.operator_id, StartOfToday(rules)});
}

SpentUnder SpentByToday(const WorkingSet& set, const Rules& rules, const Spender& spender) {
  SpentUnder spent{spender.limit, 0};
  const Instant start = StartOfToday(rules);
  if (const auto* row = set.Find<SpentUnderRow>({spender.limit, spender.id, spender.operator_id, start}))
    spent.points = row->points;
  if (!storage::TheGuards().limits_in_batch) return spent;
  const auto counted = [&](const RedemptionRow* row) {
    const bool counts = row != nullptr && row->state == storage::RedemptionState::kRedeemed &&
                        row->create_time >= start && IsBy(spender, *row);
    return counts ? row->points : 0;
  };
  set.of<RedemptionRow>().EachChange(
      [&](const RedemptionRow* before, const RedemptionRow* now) { spent.points += counted(now) - counted(before); });
  return spent;
}

}  // namespace loyalty
