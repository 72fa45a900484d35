#include "storage/audit.h"

namespace loyalty::storage {

void AppendAudit(WorkingSet& set, PrincipalRow& principal, AuditRow row, const KeySet& keys) {
  row.principal_id = principal.id;
  row.audit_seq = ++principal.audit_seq;
  row.sealed_with = principal.audit_head;
  principal.audit_head = AuditRow::table().SealOf(row, row.sealed_with, keys);
  set.Put(std::move(row));
}

void AppendRead(WorkingSet& set, PrincipalRow& principal, ReadLogRow row, const KeySet& keys) {
  row.principal_id = principal.id;
  row.read_seq = ++principal.read_seq;
  row.sealed_with = principal.read_head;
  principal.read_head = ReadLogRow::table().SealOf(row, row.sealed_with, keys);
  set.Put(std::move(row));
}

}  // namespace loyalty::storage
