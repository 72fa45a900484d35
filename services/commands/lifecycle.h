// Moves of members between stages, in the transaction of what moves them.
#pragma once

#include "services/commands/context.h"

namespace loyalty {

// What is judged of a member.
retention::Facts FactsOf(const storage::MemberRow& member, const absl::TimeZone& zone);

// Writes down what time has changed until today. Nothing happens before the first measure.
void AdvanceLifecycle(WorkingSet& set, const Rules& rules, storage::MemberRow& member);

// Classifies anew after AdvanceLifecycle and a change of what is judged. `receipt_id`: of the receipt that did it, else
// 0. `bought`: as in retention::Reclassify.
void ReclassifyLifecycle(WorkingSet& set, const Rules& rules, storage::MemberRow& member, retention::Cause cause,
                         std::int64_t receipt_id, bool bought);

}  // namespace loyalty
