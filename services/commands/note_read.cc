#include "services/commands/note_read.h"

#include "storage/audit.h"

namespace loyalty {

using storage::PrincipalRow;
using storage::ReadLogRow;

void NeedsOf(const NoteRead& command, const WorkingSet&, const Rules&, Needs& needs) {
  needs.Root<PrincipalRow>(command.principal_id);
}

Subjects SubjectsOf(const NoteRead&, const WorkingSet&) { return {}; }

Result<NoteReadDecision> Decide(Context& context, const NoteRead& command) {
  PrincipalRow* principal = context.set.Find<PrincipalRow>(command.principal_id);
  if (principal == nullptr) return Error{Reason::kUnauthenticated, "this key is nobody's", {}};
  ReadLogRow row;
  row.member_id = command.member_id;
  row.method = command.method;
  row.create_time = context.rules.now;
  AppendRead(context.set, *principal, std::move(row), context.rules.keys.current);
  return NoteReadDecision{};
}

ResultMessage ResultOf(const NoteReadDecision&) { return nullptr; }

}  // namespace loyalty
