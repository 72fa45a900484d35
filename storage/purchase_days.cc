#include "storage/purchase_days.h"

#include <map>
#include <vector>

#include "storage/tables/days.h"

namespace loyalty::storage {
namespace {

using retention::Day;
using retention::MemberDay;

bool Counts(const DayWindow& window, const MemberDay& day) {
  return day.receipts > 0 && day.day <= window.until && (!window.from || day.day >= *window.from);
}

}  // namespace

std::vector<MemberWithDays> ReadMembersWithDays(Session& session, std::int64_t after, std::int64_t last, int limit) {
  static const auto kMembers = SetStatement::SelectEach<std::int64_t, std::int64_t, int>(
      "SELECT id, recent_days FROM members WHERE id > ? AND id <= ? ORDER BY id LIMIT ?");
  static const auto kOlder = SetStatement::SelectEach<std::int64_t, std::int64_t>(
      "SELECT member_id, day, amount, discount, receipts FROM member_day WHERE member_id > ? AND member_id <= ? "
      "ORDER BY member_id, day");
  std::vector<MemberWithDays> members;
  std::vector<std::vector<MemberDay>> recent;
  session.Read(kMembers, Rows::Of(after, last, limit), [&](std::int64_t id, const Bytes& days) {
    members.push_back({id, {}});
    recent.push_back(UnpackDays(days.value));
  });
  if (members.empty()) return members;
  auto at = members.begin();
  session.Read(kOlder, Rows::Of(after, members.back().id),
               [&](std::int64_t id, Day day, std::int64_t amount, std::int64_t discount, std::int64_t receipts) {
                 while (at != members.end() && at->id < id) ++at;
                 if (at != members.end() && at->id == id) at->days.push_back({day, amount, discount, receipts});
               });
  // What is in the member's row is newer than what has rows of its own.
  for (std::size_t i = 0; i < members.size(); ++i)
    members[i].days.insert(members[i].days.end(), recent[i].begin(), recent[i].end());
  return members;
}

void ReadPurchaseDays(Session& session, const DayWindow& window, std::int64_t after, const OnMemberDays& take,
                      const PurchaseDaysOptions& options) {
  std::vector<MemberDay> days;  // of one member
  while (!options.go_on || options.go_on()) {
    const auto members = ReadMembersWithDays(session, after, kNever, options.members_at_once);
    for (const MemberWithDays& member : members) {
      days.clear();
      for (const MemberDay& day : member.days)
        if (Counts(window, day)) days.push_back(day);
      if (!days.empty() && !take(member.id, days)) return;
    }
    if (static_cast<int>(members.size()) < options.members_at_once) return;
    after = members.back().id;
  }
}

}  // namespace loyalty::storage
