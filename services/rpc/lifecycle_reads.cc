#include "services/rpc/lifecycle_reads.h"

namespace loyalty {

bool ReadPasts(storage::Session& session, const absl::TimeZone& zone, const std::function<bool()>& go_on,
               const std::function<void(const MemberPast&)>& take) {
  bool all = true;
  storage::ReadAllCourses(
      session,
      [&](std::span<const storage::MemberCourse> courses) {
        std::vector<std::int64_t> ids;
        for (const auto& course : courses)
          if (course.statistics && course.statistics->summary.days > 0) ids.push_back(course.id);
        const auto days = storage::ReadDaysOf(session, ids);
        for (const auto& course : courses) {
          const auto at = days.find(course.id);
          take({course,
                {.enrolled_day = DayOf(course.create_time, zone), .anonymous = course.anonymous},
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
