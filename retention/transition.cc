#include "retention/transition.h"

namespace loyalty::retention {
namespace {

void Move(const Verdict& verdict, Day day, Cause cause, LifecycleState& state, std::vector<Transition>& out) {
  out.push_back({state.standing, verdict.standing, day, cause, verdict.rule});
  state.standing = verdict.standing;
  state.rule = verdict.rule;
  state.since_day = day;
  state.retained = state.retained || verdict.standing.stage == Stage::kRetain;
}

bool Lapsed(const LifecycleState& state) { return state.standing.stage == Stage::kReactivate; }

Day NextDay(const std::optional<Change>& next) { return next ? next->day : kNeverDay; }

}  // namespace

void AdvanceTo(const Judge& judge, Facts facts, Day day, LifecycleState& state, std::vector<Transition>& out) {
  while (state.standing.stage != Stage::kNone && state.due_day <= day) {
    facts.retained = state.retained;
    const auto next = judge.NextChange(facts, Lapsed(state), state.due_day - 1);
    if (next && next->day <= day) Move(next->verdict, next->day, Cause::kTimer, state, out);
    state.due_day = next && next->day <= day ? next->day + 1 : NextDay(next);
  }
}

void Reclassify(const Judge& judge, Facts facts, Day day, Cause cause, bool bought, LifecycleState& state,
                std::vector<Transition>& out) {
  facts.retained = state.retained;
  const Verdict verdict = judge.On(facts, Lapsed(state) && !bought, day);
  if (verdict.standing != state.standing) Move(verdict, day, cause, state, out);
  facts.retained = state.retained;
  const Day next = NextDay(judge.NextChange(facts, Lapsed(state), day));
  if (state.due_day <= day || state.due_day > next) state.due_day = next;
}

}  // namespace loyalty::retention
