// Members as they stood on days of the past: recomputed from their receipts.
#pragma once

#include <functional>
#include <span>

#include "services/catalogue/snapshot.h"
#include "storage/lifecycle_reads.h"

namespace loyalty {

// A member and all its purchase days, ascending.
struct MemberPast {
  const storage::MemberRow& member;
  retention::Facts facts;  // enrolled_day and anonymous
  std::span<const retention::MemberDay> days;

  // False: it had neither bought nor been enrolled by then.
  bool ExistedOn(Day day) const { return facts.enrolled_day <= day || (!days.empty() && days.front().day <= day); }
};

// All members, each once. False: `go_on` said stop. Throws storage::Failure.
bool ReadPasts(storage::Session& session, const absl::TimeZone& zone, const std::function<bool()>& go_on,
               const std::function<void(const MemberPast&)>& take);

// The day of a report: given, not in the future, or yesterday. Errors: kInvalidArgument (`field`).
Result<Day> ReportDay(std::string_view field, const std::string& text, const Snapshot& snapshot, Instant now);

Error NotClassified();

}  // namespace loyalty
