#include "services/commands/identifiers.h"

#include "domain/sealed_text.h"
#include "storage/audit.h"

namespace loyalty {

using storage::IdentifierRow;
using storage::MemberKeyRow;

void NeedSecret(std::int64_t member_id, const WorkingSet& set, Needs& needs) {
  needs.Below<MemberKeyRow>(member_id);
  if (set.Find<MemberKeyRow>(member_id) == nullptr) needs.NewSecret();
}

Bytes SecretOf(Context& context, std::int64_t member_id) {
  if (const MemberKeyRow* row = context.set.Find<MemberKeyRow>(member_id)) return row->secret;
  return context.set.Put(MemberKeyRow{member_id, context.draws.secret, context.rules.now}).secret;
}

void AddIdentifier(Context& context, const Identifier& identifier, std::int64_t member_id) {
  IdentifierRow row;
  row.code = identifier.key;
  row.kind = identifier.kind;
  row.member_id = member_id;
  if (!IsOpen(identifier.kind)) row.sealed_text = SealText(SecretOf(context, member_id), identifier.text);
  row.create_time = context.rules.now;
  context.set.Put(std::move(row));
}

Status MayIdentify(const Context& context, const Place& place, const storage::MemberRow& member) {
  const bool is_new = member.created_by == context.principal_id && context.rules.now - member.create_time <= kJustMade;
  if (place.at_desk || is_new) return Ok{};
  return Error{Reason::kServiceDeskNeeded,
               "this member is not new here: the service desk (a key of role CLERK) may do this",
               {{"role", "CLERK"}}};
}

void NoteAtDesk(Context& context, storage::PrincipalRow& clerk, const char* action, const std::string& member,
                const std::string& reason) {
  storage::AuditRow row;
  row.command_id = context.draws.id;
  row.action = action;
  row.resource = "members/" + member;
  row.detail = reason;
  row.create_time = context.rules.now;
  AppendAudit(context.set, clerk, std::move(row), context.rules.keys.current);
}

Error IdentifierTaken() {
  return Error{Reason::kIdentifierTaken, "an identifier belongs to another member", {{"field", "identifiers"}}};
}

Error IdentifierBlocked() {
  return Error{Reason::kIdentifierBlocked, "an identifier is blocked for good", {{"field", "identifiers"}}};
}

}  // namespace loyalty
