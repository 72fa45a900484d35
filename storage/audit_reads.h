// What a principal did, and whose data it read. They throw Failure.
#pragma once

#include <string>
#include <vector>

#include "storage/session.h"
#include "storage/tables/program.h"

namespace loyalty::storage {

// Rows after a number, none of before `from`, in their order; at most `limit`.
std::vector<AuditRow> ReadAudit(Session& session, std::int64_t principal_id, std::int64_t after, Instant from,
                                int limit);

// A read, and the public name of whom it was about.
struct NamedRead {
  ReadLogRow row;
  std::string member;
};
std::vector<NamedRead> ReadReads(Session& session, std::int64_t principal_id, std::int64_t after, Instant from,
                                 int limit);

}  // namespace loyalty::storage
