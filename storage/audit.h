// The chains of a principal: what it did, and whose data it read. Each row seals the one before it.
#pragma once

#include "storage/working_set.h"

namespace loyalty::storage {

// One row more of a principal that the set has; number and seal are given here.
void AppendAudit(WorkingSet& set, PrincipalRow& principal, AuditRow row, const KeySet& keys);
void AppendRead(WorkingSet& set, PrincipalRow& principal, ReadLogRow row, const KeySet& keys);

}  // namespace loyalty::storage
