#include "services/commands/operators.h"

#include "storage/audit.h"
#include "storage/names.h"

namespace loyalty {

using storage::OperatorSessionRow;
using storage::PrincipalRow;

std::string OperatorOf(const AtTill& at_till) {
  return at_till.session.operator_id != 0 ? storage::OperatorName(at_till.session.operator_id) : at_till.said;
}

void NeedSession(const AtTill& at_till, Needs& needs) {
  if (at_till.session.operator_id != 0)
    needs.Below<OperatorSessionRow>({at_till.session.operator_id, at_till.terminal_id});
}

Operated OperatedBy(const Context& context, const AtTill& at_till) {
  const SessionClaim& claim = at_till.session;
  const OperatorSessionRow* session =
      claim.operator_id == 0 ? nullptr : context.set.Find<OperatorSessionRow>({claim.operator_id, at_till.terminal_id});
  const bool is_good = session != nullptr && session->hash == claim.hash && session->end_time == 0 &&
                       session->expire_time > context.rules.now;
  if (is_good) return {storage::OperatorName(claim.operator_id), true, false};
  return {at_till.said, false, claim.is_made || at_till.needs_session};
}

Result<Operated> MayOperate(const Context& context, const AtTill& at_till) {
  Operated operated = OperatedBy(context, at_till);
  if (operated.missing)
    return Error{Reason::kOperatorNeeded,
                 at_till.session.is_made ? "the session has ended: sign on again" : "nobody has signed on at this till",
                 {}};
  return operated;
}

void NeedApprover(const Approver& approver, Needs& needs) {
  if (approver.is_there()) needs.Root<PrincipalRow>(approver.principal_id);
}

void NoteApproval(Context& context, const Approver& approver, const std::string& action, const std::string& resource) {
  PrincipalRow* principal = approver.is_there() ? context.set.Find<PrincipalRow>(approver.principal_id) : nullptr;
  if (principal == nullptr) return;
  storage::AuditRow row;
  row.command_id = context.draws.id;
  row.action = action;
  row.resource = resource;
  row.detail = approver.name;
  row.create_time = context.rules.now;
  AppendAudit(context.set, *principal, std::move(row), context.rules.keys.current);
}

}  // namespace loyalty
