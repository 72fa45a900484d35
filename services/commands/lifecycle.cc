#include "services/commands/lifecycle.h"

#include "services/catalogue/measure.h"
#include "storage/guards.h"

namespace loyalty {
namespace {

using retention::LifecycleState;
using storage::MemberRow;

void Log(WorkingSet& set, const Rules& rules, MemberRow& member, const std::vector<retention::Transition>& moves,
         std::int64_t receipt_id) {
  for (const retention::Transition& move : moves) {
    storage::TransitionRow row;
    row.member_id = member.id;
    row.seq = ++member.transitions;
    row.transition = move;
    row.receipt_id = move.cause == retention::Cause::kReceipt ? receipt_id : 0;
    row.run_id = rules.snapshot.measure->run_id;
    row.create_time = rules.now;
    set.Put(std::move(row));
  }
}

}  // namespace

retention::Facts FactsOf(const MemberRow& member, const absl::TimeZone& zone) {
  return {.summary = member.summary,
          .enrolled_day = DayOf(member.create_time, zone),
          .anonymous = member.anonymous,
          .retained = member.lifecycle.retained};
}

void AdvanceLifecycle(WorkingSet& set, const Rules& rules, MemberRow& member) {
  if (rules.snapshot.measure == nullptr || !storage::TheGuards().advance) return;
  LifecycleState& state = member.lifecycle;
  if (state.standing.stage == retention::Stage::kNone || state.due_day > rules.today()) return;  // nearly always
  std::vector<retention::Transition> moves;
  retention::AdvanceTo(rules.snapshot.measure->judge, FactsOf(member, rules.snapshot.zone), rules.today(), state,
                       moves);
  Log(set, rules, member, moves, 0);
}

void ReclassifyLifecycle(WorkingSet& set, const Rules& rules, MemberRow& member, retention::Cause cause,
                         std::int64_t receipt_id, bool bought) {
  if (rules.snapshot.measure == nullptr) return;
  LifecycleState& state = member.lifecycle;
  // Who has bought before anybody was classified is left to the run that does: it reads what the member has been.
  const std::int64_t receipts = cause == retention::Cause::kReceipt ? 1 : 0;
  const bool has_past = member.summary.receipts > receipts;
  if (state.standing.stage == retention::Stage::kNone && has_past && cause != retention::Cause::kRefit) return;
  std::vector<retention::Transition> moves;
  retention::Reclassify(rules.snapshot.measure->judge, FactsOf(member, rules.snapshot.zone), rules.today(), cause,
                        bought, state, moves);
  Log(set, rules, member, moves, receipt_id);
}

}  // namespace loyalty
