#include "services/rpc/lifecycle_codec.h"

#include "retention/holdout.h"
#include "retention/predict.h"
#include "services/codec/retention_codec.h"
#include "services/rpc/request.h"
#include "storage/names.h"

namespace loyalty {
namespace {

using retention::Segment;

struct Words {
  std::string_view english, german;
};

// By segment - 1.
constexpr std::array<Words, retention::kLifecycleSegments> kSuggestions = {{
    {"Say thank you; tell of what is new before others hear of it", "Bedanken; Neues zuerst erzählen"},
    {"Say thank you; ask for a recommendation", "Bedanken; um eine Empfehlung bitten"},
    {"Show what goes with the purchase", "Passendes zum Einkauf zeigen"},
    {"Welcome; tell of the bonus for the second purchase", "Willkommen heißen; Bonus für den zweiten Einkauf nennen"},
    {"Introduce another part of the range", "Einen anderen Teil des Sortiments vorstellen"},
    {"Make an offer that ends soon", "Ein Angebot machen, das bald endet"},
    {"Say that it is good to see them again; no discount", "Sich über das Wiedersehen freuen; kein Rabatt"},
    {"Say that they were missed; offer the win-back bonus", "Sagen, dass man sie vermisst hat; Rückkehrbonus anbieten"},
    {"Take time; ask what was missing", "Zeit nehmen; fragen, was gefehlt hat"},
    {"Welcome back; ask whether the address is still right", "Willkommen zurück; nach der Adresse fragen"},
    {"Welcome back as if it were the first time", "Willkommen heißen wie beim ersten Mal"},
    {"Offer to register: points are kept with a name", "Anmeldung anbieten: mit Namen bleiben die Punkte"},
    {"Welcome; tell of the voucher for the first purchase",
     "Willkommen heißen; Gutschein für den ersten Einkauf nennen"},
    {"Offer the last voucher for a first purchase", "Den letzten Gutschein für den ersten Einkauf anbieten"},
}};

void FillNext(const LifecycleMeasure& measure, const retention::Facts& facts, const retention::LifecycleState& state,
              Day day, v1::LifecycleView& out) {
  const bool lapsed = state.standing.stage == retention::Stage::kReactivate;
  const auto next = measure.judge.NextChange(facts, lapsed, day);
  if (!next) return;
  out.mutable_next()->set_date(FormatDay(next->day));
  FillStanding(next->verdict.standing, *out.mutable_next()->mutable_to());
}

}  // namespace

void FillStanding(const retention::Standing& standing, v1::LifecycleStanding& out) {
  out.set_stage(static_cast<v1::LifecycleStage>(standing.stage));
  out.set_segment(static_cast<v1::LifecycleSegment>(standing.segment));
  out.set_lost_stage(static_cast<v1::LostStage>(standing.lost));
}

retention::LifecycleState StateOn(const LifecycleMeasure& measure, const retention::Facts& facts,
                                  const retention::LifecycleState& stored, Day day) {
  retention::LifecycleState state = stored;
  if (state.due_day > day) return state;
  std::vector<retention::Transition> moves;
  retention::AdvanceTo(measure.judge, facts, day, state, moves);
  return state;
}

void FillLifecycleView(const Snapshot& snapshot, const retention::Facts& facts, const retention::LifecycleState& stored,
                       Instant now, v1::LifecycleView& out) {
  if (!snapshot.measure || stored.standing.stage == retention::Stage::kNone) return;
  const LifecycleMeasure& measure = *snapshot.measure;
  const Day today = DayOf(now, snapshot.zone);
  const retention::LifecycleState state = StateOn(measure, facts, stored, today);
  retention::Facts current = facts;
  current.retained = state.retained;
  FillStanding(state.standing, *out.mutable_standing());
  out.set_since_date(FormatDay(state.since_day));
  out.set_suggestion(SuggestionFor(snapshot.PlanAt(now), state.standing.segment, snapshot.language));
  const auto& model = measure.judge.measure().model;
  const auto history = retention::HistoryOf(facts.summary, std::max(today, facts.summary.last_day));
  if (model && history) {
    out.set_overdue(retention::Overdue(*model, *history));
    if (measure.show_probabilities)
      out.set_probability_own_cycle(
          retention::ProbabilityToBuy(*model, *history, measure.judge.CycleDays(facts.summary)));
  }
  FillNext(measure, current, state, today, out);
}

void FillTransition(const storage::TransitionRow& row, std::int64_t public_id, const ProgramKeys& keys,
                    v1::LifecycleTransition& out) {
  const retention::Transition& move = row.transition;
  out.set_name("members/" + storage::PublicName(public_id) + "/transitions/" + std::to_string(row.seq));
  FillStanding(move.from, *out.mutable_from());
  FillStanding(move.to, *out.mutable_to());
  switch (move.direction()) {
    case retention::Direction::kForward: out.set_direction(v1::TRANSITION_DIRECTION_FORWARD); break;
    case retention::Direction::kBackward: out.set_direction(v1::TRANSITION_DIRECTION_BACKWARD); break;
    case retention::Direction::kSame: break;
  }
  out.set_date(FormatDay(move.day));
  out.set_cause(static_cast<v1::TransitionCause>(move.cause));
  out.set_rule(static_cast<v1::LifecycleRuleKind>(move.rule));
  if (row.receipt_id != 0) out.set_receipt(storage::ReceiptName(keys, row.receipt_id));
  out.set_measure_run(RunName(row.run_id));
  *out.mutable_create_time() = ToTimestamp(row.create_time);
  out.set_position(row.position);
}

std::string SuggestionFor(const RetentionPlan& plan, Segment segment, std::string_view language) {
  if (segment == Segment::kNone) return {};
  const auto at = static_cast<std::size_t>(segment) - 1;
  if (!plan.suggestions[at].empty()) return plan.suggestions[at];
  const bool german = language == "de" || language.substr(0, 3) == "de-";
  return std::string(german ? kSuggestions[at].german : kSuggestions[at].english);
}

bool IsHeldOut(const RetentionPlan& plan, std::string_view member_name) {
  constexpr std::uint32_t kPpmInBasisPoint = 100;
  if (plan.holdout_salt.empty()) return false;
  return retention::IsHeldOut(retention::HoldoutHash(plan.holdout_salt, member_name),
                              static_cast<std::uint32_t>(plan.holdout_share) * kPpmInBasisPoint);
}

v1::ReactivationAction ActionFor(retention::LostStage lost) { return static_cast<v1::ReactivationAction>(lost); }

}  // namespace loyalty
