#include "services/commands/pin_try.h"

namespace loyalty {

using storage::OperatorRow;
using storage::OperatorState;

Error OperatorUnknownOrPinWrong() {
  return Error{Reason::kOperatorUnknownOrPinWrong, "there is no such operator at this store, or the PIN is wrong", {}};
}

void NeedsOf(const PinTry& command, const WorkingSet& set, const Rules&, Needs& needs) {
  needs.Name<OperatorRow>(command.operator_id);
  if (set.Find<OperatorRow>(command.operator_id) != nullptr) needs.Root<OperatorRow>(command.operator_id);
}

Subjects SubjectsOf(const PinTry&, const WorkingSet&) { return {}; }

Result<PinTryDecision> Decide(Context& context, const PinTry& command) {
  PinTryDecision decision;
  decision.step = command.step;
  OperatorRow* row = context.set.Find<OperatorRow>(command.operator_id);
  decision.found = row != nullptr && row->state == OperatorState::kActive && row->store_id == command.store_id;
  if (command.step == PinTry::Step::kRight) {
    if (!decision.found || row->pin != command.stored_pin) return OperatorUnknownOrPinWrong();
    row->tries = 0;
    row->locked_until = 0;
    decision.row = *row;
    return decision;
  }
  if (!decision.found) {
    decision.outcome.nothing = true;
    return decision;
  }
  const Instant now = context.rules.now;
  if (row->locked_until > now)
    return Error{Reason::kOperatorLocked,
                 "five wrong PINs in a row: no PIN is looked at until " + FormatTime(row->locked_until),
                 {{"locked_until_time", FormatTime(row->locked_until)}}};
  if (row->locked_until != 0) row->tries = 0;
  ++row->tries;
  row->locked_until = row->tries >= kPinTriesMax ? now + kPinLock : 0;
  decision.row = *row;
  return decision;
}

}  // namespace loyalty
