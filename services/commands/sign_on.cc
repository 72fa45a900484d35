#include "services/commands/sign_on.h"

#include "services/commands/pin_try.h"
#include "storage/names.h"

namespace loyalty {
namespace {

using storage::OperatorRow;
using storage::OperatorSessionRow;
using storage::OperatorState;

void NoteWho(storage::CommandRow& row, const Place& place, std::int64_t operator_id) {
  row.operator_id = storage::OperatorName(operator_id);
  row.store_id = place.store_id;
  row.terminal_id = place.terminal_id;
}

}  // namespace

void NeedsOf(const SignOn& command, const WorkingSet& set, const Rules&, Needs& needs) {
  needs.Name<OperatorRow>(command.operator_id);
  if (set.Find<OperatorRow>(command.operator_id) == nullptr) return;
  needs.Root<OperatorRow>(command.operator_id);
  needs.Below<OperatorSessionRow>({command.operator_id, command.place.terminal_id});
}

Subjects SubjectsOf(const SignOn&, const WorkingSet&) { return {}; }

Result<SignOnDecision> Decide(Context& context, const SignOn& command) {
  const OperatorRow* row = context.set.Find<OperatorRow>(command.operator_id);
  // Since the PIN was right the operator may have been changed.
  if (row == nullptr || row->state != OperatorState::kActive || row->store_id != command.place.store_id ||
      row->pin != command.stored_pin)
    return OperatorUnknownOrPinWrong();
  const Instant now = context.rules.now;
  OperatorSessionRow session;
  session.operator_id = row->id;
  session.terminal_id = command.place.terminal_id;
  session.hash = command.hash;
  session.create_time = now;
  session.expire_time = now + kSessionLife;
  SignOnDecision decision;
  decision.terminal = command.terminal;
  decision.row = *row;
  decision.expire_time = session.expire_time;
  decision.secret = command.secret;
  NoteWho(decision.outcome.command, command.place, row->id);
  decision.outcome.command.operator_proven = true;
  context.set.Put(std::move(session));  // in place of the last one at this terminal
  return decision;
}

void NeedsOf(const SignOff& command, const WorkingSet& set, const Rules&, Needs& needs) {
  needs.Name<OperatorRow>(command.operator_id);
  if (set.Find<OperatorRow>(command.operator_id) == nullptr) return;
  needs.Root<OperatorRow>(command.operator_id);
  needs.Below<OperatorSessionRow>({command.operator_id, command.place.terminal_id});
}

Subjects SubjectsOf(const SignOff&, const WorkingSet&) { return {}; }

Result<SignOffDecision> Decide(Context& context, const SignOff& command) {
  SignOffDecision decision;
  NoteWho(decision.outcome.command, command.place, command.operator_id);
  OperatorSessionRow* session = context.set.Find<OperatorSessionRow>({command.operator_id, command.place.terminal_id});
  decision.ended = session != nullptr && session->end_time == 0 && session->expire_time > context.rules.now;
  if (decision.ended) session->end_time = context.rules.now;
  return decision;
}

}  // namespace loyalty
