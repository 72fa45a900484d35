#include "services/commands/purchases.h"

#include <algorithm>

namespace loyalty {
namespace {

using retention::DayNeighbours;
using retention::MemberDay;
using storage::DayNeighboursRow;
using storage::MemberDayRow;
using storage::MemberRow;

// Whether a day lies before those in the member's row, and others lie there too: days of their own rows.
bool IsOlder(const MemberRow& member, Day day) {
  return !member.recent_days.empty() && day < member.recent_days.front().day &&
         member.summary.first_day < member.recent_days.front().day;
}

// Where a day stands, or would stand, in the member's row.
std::size_t PlaceOf(const MemberRow& member, Day day) {
  const auto& days = member.recent_days;
  return static_cast<std::size_t>(
      std::lower_bound(days.begin(), days.end(), day, [](const MemberDay& a, Day b) { return a.day < b; }) -
      days.begin());
}

bool Holds(const MemberRow& member, std::size_t at, Day day) {
  return at < member.recent_days.size() && member.recent_days[at].day == day;
}

std::optional<MemberDay> StoredDay(const WorkingSet& set, const MemberRow& member, Day day) {
  if (IsOlder(member, day)) {
    const MemberDayRow* row = set.Find<MemberDayRow>({member.id, day});
    return row == nullptr ? std::nullopt : std::optional(row->day);
  }
  const std::size_t at = PlaceOf(member, day);
  return Holds(member, at, day) ? std::optional(member.recent_days[at]) : std::nullopt;
}

// Neighbours among days with rows of their own: those that were read, those of this batch, and the first newer one.
DayNeighbours OlderNeighbours(const WorkingSet& set, const MemberRow& member, Day day) {
  DayNeighbours neighbours;
  if (const DayNeighboursRow* row = set.Find<DayNeighboursRow>({member.id, day}))
    neighbours = {row->before, row->after};
  const auto note = [&neighbours, day](const MemberDay& other) {
    if (other.receipts == 0 || other.day == day) return;
    if (other.day < day) neighbours.before = std::max(other.day, neighbours.before.value_or(other.day));
    if (other.day > day) neighbours.after = std::min(other.day, neighbours.after.value_or(other.day));
  };
  set.of<MemberDayRow>().Each(member.id, [&note](const MemberDayRow& row) { note(row.day); });
  for (const MemberDay& recent : member.recent_days) note(recent);
  return neighbours;
}

DayNeighbours RecentNeighbours(const MemberRow& member, std::size_t at) {
  DayNeighbours neighbours;
  const auto& days = member.recent_days;
  for (std::size_t i = at; i-- > 0 && !neighbours.before;)
    if (days[i].receipts > 0) neighbours.before = days[i].day;
  for (std::size_t i = at; i < days.size() && !neighbours.after; ++i)
    if (days[i].receipts > 0) neighbours.after = days[i].day;
  return neighbours;
}

// The older half moves out when the row is full.
void MakeRoom(WorkingSet& set, MemberRow& member) {
  auto& days = member.recent_days;
  if (days.size() <= storage::kRecentDays) return;
  const auto end = days.begin() + storage::kRecentDays / 2;
  for (auto day = days.begin(); day != end; ++day) set.Put(MemberDayRow{member.id, *day});
  days.erase(days.begin(), end);
}

}  // namespace

void NeedDay(const MemberRow& member, Day day, const WorkingSet&, Needs& needs) {
  if (!IsOlder(member, day)) return;
  needs.Below<MemberDayRow>({member.id, day});
  needs.Below<DayNeighboursRow>({member.id, day});
}

bool CanCount(const WorkingSet& set, const MemberRow& member, Day day, const GoodsMoney& goods) {
  return retention::CanAdd(member.summary, StoredDay(set, member, day), day, goods.amount, goods.discount);
}

void CountPurchase(WorkingSet& set, MemberRow& member, Day day, const GoodsMoney& goods) {
  std::optional<MemberDay> stored = StoredDay(set, member, day);
  if (IsOlder(member, day)) {
    retention::AddReceipt(member.summary, stored, OlderNeighbours(set, member, day), day, goods.amount, goods.discount);
    set.Put(MemberDayRow{member.id, *stored});
    return;
  }
  const std::size_t at = PlaceOf(member, day);
  const bool is_new = !stored;
  retention::AddReceipt(member.summary, stored, RecentNeighbours(member, at), day, goods.amount, goods.discount);
  auto& days = member.recent_days;
  if (is_new) {
    days.insert(days.begin() + static_cast<std::ptrdiff_t>(at), *stored);
  } else {
    days[at] = *stored;
  }
  MakeRoom(set, member);
}

}  // namespace loyalty
