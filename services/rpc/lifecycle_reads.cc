#include "services/rpc/lifecycle_reads.h"

namespace loyalty {

bool ReadPasts(storage::Session& session, const absl::TimeZone& zone, const std::function<bool()>& go_on,
               const std::function<void(const MemberPast&)>& take) {
  bool all = true;
  storage::ReadAllMembers(
      session,
      [&](std::span<const storage::MemberRow> members) {
        std::vector<std::int64_t> ids;
        for (const auto& member : members)
          if (member.summary.days > 0) ids.push_back(member.id);
        const auto days = storage::ReadDaysOf(session, ids);
        for (const auto& member : members) {
          const auto at = days.find(member.id);
          take({member,
                {.enrolled_day = DayOf(member.create_time, zone), .anonymous = member.anonymous},
                at == days.end() ? std::span<const retention::MemberDay>() : at->second});
        }
      },
      [&] { return all = go_on(); });
  return all;
}

Result<Day> ReportDay(std::string_view field, const std::string& text, const Snapshot& snapshot, Instant now) {
  const Day today = DayOf(now, snapshot.zone);
  if (text.empty()) return today - 1;
  const auto day = ParseDay(text);
  if (!day) return InvalidField(std::string(field), "a day: YYYY-MM-DD");
  if (*day > today) return InvalidField(std::string(field), "not in the future");
  return *day;
}

Error NotClassified() {
  return {Reason::kNotClassified, "members have not been classified yet: run 'loyalty-admin retention classify'", {}};
}

}  // namespace loyalty
