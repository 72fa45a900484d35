// Moves of members between stages, in the transaction of what moves them.
#pragma once

#include "services/measure.h"
#include "storage/working_set.h"

namespace loyalty {

// What of the measure in force a batch works with; nothing happens before the first one.
struct LifecycleContext {
  storage::WorkingSet& set;
  const LifecycleMeasure* measure;  // may be null

  // The day of the program's zone.
  Day today() const { return DayOf(set.now, set.zone); }
};

// What is judged of a member, from its row and its statistics.
retention::Facts MakeFacts(Instant create_time, bool anonymous, const storage::StatisticsRow& statistics,
                           const absl::TimeZone& zone);

// What is judged of a member of the set; enrolled_day of a member without a row is that of its creation.
retention::Facts FactsOf(const storage::MemberEntry& member, const absl::TimeZone& zone);

// Writes down what time has changed until today. The member's statistics are loaded.
void AdvanceLifecycle(const LifecycleContext& context, storage::MemberEntry& member);

// Classifies anew after AdvanceLifecycle and a change of what is judged. `receipt_id`: of the receipt that did it, else
// 0. `bought`: as in retention::Reclassify.
void ReclassifyLifecycle(const LifecycleContext& context, storage::MemberEntry& member, retention::Cause cause,
                         std::int64_t receipt_id, bool bought);

}  // namespace loyalty
