// Principals and their keys: reads, and the one key that is made without a server. They throw Failure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/session.h"
#include "storage/tables/program.h"

namespace loyalty::storage {

std::optional<PrincipalRow> FindPrincipal(Session& session, const std::string& name);
// All that it ever had, by id.
std::vector<KeyRow> ReadKeysOf(Session& session, std::int64_t principal_id);

// A key, and whose it is.
struct ListedKey {
  KeyRow key;
  PrincipalRow principal;
};
// At most `limit` keys with ids after `after`, by id; of one principal, or of all (0).
std::vector<ListedKey> ReadKeysAfter(Session& session, std::int64_t principal_id, std::int64_t after, int limit);

// A further key of the first administrator, with its row of audit: made on the machine, by nobody's request. Servers
// read it within a second. Inside a transaction; `id` comes from a block.
void InsertAdminKey(Session& session, std::int64_t id, const std::string& hash, Instant now, Instant expire_time,
                    const ProgramKeys& keys);

}  // namespace loyalty::storage
