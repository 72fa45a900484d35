#include "services/batch/lifecycle.h"

#include "storage/guards.h"

namespace loyalty {
namespace {

using retention::LifecycleState;
using storage::MemberEntry;

// Keeps the moves and notes what of the row has to be written.
void Keep(const LifecycleContext& context, MemberEntry& member, const LifecycleState& before,
          const std::vector<retention::Transition>& moves, std::int64_t receipt_id) {
  storage::StatisticsRow& row = member.statistics;
  for (const retention::Transition& move : moves)
    context.set.transitions.push_back({.member_id = member.id,
                                       .seq = ++row.transitions,
                                       .transition = move,
                                       .receipt_id = move.cause == retention::Cause::kReceipt ? receipt_id : 0,
                                       .run_id = context.measure->run_id,
                                       .create_time = context.set.now});
  if (row.lifecycle.due_day != before.due_day) member.due_day_changed = true;
  LifecycleState after = row.lifecycle;
  after.due_day = before.due_day;
  if (!(after == before)) member.statistics_changed = true;
}

}  // namespace

retention::Facts MakeFacts(Instant create_time, bool anonymous, const storage::StatisticsRow& statistics,
                           const absl::TimeZone& zone) {
  return {.summary = statistics.summary,
          .enrolled_day = DayOf(create_time, zone),
          .anonymous = anonymous,
          .retained = statistics.lifecycle.retained};
}

retention::Facts FactsOf(const MemberEntry& member, const absl::TimeZone& zone) {
  return MakeFacts(member.create_time, member.anonymous, member.statistics, zone);
}

void AdvanceLifecycle(const LifecycleContext& context, MemberEntry& member) {
  if (context.measure == nullptr || !storage::TheGuards().advance) return;
  LifecycleState& state = member.statistics.lifecycle;
  if (state.standing.stage == retention::Stage::kNone || state.due_day > context.today()) return;  // nearly always
  const LifecycleState before = state;
  std::vector<retention::Transition> moves;
  retention::AdvanceTo(context.measure->judge, FactsOf(member, context.set.zone), context.today(), state, moves);
  Keep(context, member, before, moves, 0);
}

void ReclassifyLifecycle(const LifecycleContext& context, MemberEntry& member, retention::Cause cause,
                         std::int64_t receipt_id, bool bought) {
  if (context.measure == nullptr) return;
  LifecycleState& state = member.statistics.lifecycle;
  // Who has bought before anybody was classified is left to the run that does: it reads what the member has been.
  const std::int64_t receipts = cause == retention::Cause::kReceipt ? 1 : 0;
  const bool has_past = member.statistics.summary.receipts > receipts;
  if (state.standing.stage == retention::Stage::kNone && has_past && cause != retention::Cause::kRefit) return;
  const LifecycleState before = state;
  std::vector<retention::Transition> moves;
  retention::Reclassify(context.measure->judge, FactsOf(member, context.set.zone), context.today(), cause, bought,
                        state, moves);
  Keep(context, member, before, moves, receipt_id);
}

}  // namespace loyalty
