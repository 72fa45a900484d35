#include "services/commands/admin.h"

#include "storage/audit.h"
#include "storage/read_table.h"

namespace loyalty {
namespace {

using storage::AuditRow;
using storage::PrincipalRow;
using storage::ProgramRow;

// One row more in the chain of whoever asks.
void Audit(Context& context, const AdminOutcome& done) {
  auto asked = storage::ReadByKey<PrincipalRow>(context.session, context.principal_id);
  if (!asked) return;  // tests administer without a key
  PrincipalRow& principal = context.set.of<PrincipalRow>().Take(*std::move(asked));
  AuditRow row;
  row.command_id = context.draws.id;
  row.action = done.action;
  row.resource = done.resource;
  row.detail = done.detail;
  row.create_time = context.rules.now;
  AppendAudit(context.set, principal, std::move(row), context.rules.keys.current);
}

}  // namespace

void NeedsOf(const Admin&, const WorkingSet&, const Rules&, Needs& needs) {
  needs.Root<ProgramRow>(1);
  needs.NewId();
  needs.NewId();
}

Subjects SubjectsOf(const Admin&, const WorkingSet&) { return {}; }

Result<AdminDecision> Decide(Context& context, const Admin& command) {
  auto done = command.change({context.session, context.set, context.rules, context.draws, context.principal_id});
  if (!done) return done.error();
  if (!done->action.empty()) {
    Audit(context, *done);
    // Every server reads the program anew.
    if (ProgramRow* program = context.set.Find<ProgramRow>(1)) ++program->generation;
  }
  AdminDecision decision;
  decision.result = std::move(done->result);
  return decision;
}

ResultMessage ResultOf(const AdminDecision& decision) { return decision.result; }

}  // namespace loyalty
