// Rows that every server keeps in memory: the program, its catalogue, stores, terminals, keys and card ranges.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage/session.h"
#include "storage/tables/program.h"

namespace loyalty::storage {

// All of these throw Failure. Lists come in order of version, id or first number.
std::optional<ProgramRow> ReadProgram(Session& session);  // nothing before `init`
std::vector<SecretRow> ReadSecrets(Session& session);
std::vector<CatalogueRow> ReadCataloguesAfter(Session& session, std::int64_t version);
std::vector<StoreRow> ReadStores(Session& session);
std::vector<TerminalRow> ReadTerminals(Session& session);
std::vector<TerminalEpochRow> ReadTerminalEpochs(Session& session);  // by terminal, then by epoch
std::vector<PrincipalRow> ReadPrincipals(Session& session);

// A key, and whose it is.
struct LiveKey {
  std::int64_t id = 0;
  std::string hash;
  std::int64_t principal_id = 0;
  Role role = Role::kAdmin;
  std::int64_t store_id = 0;     // 0: none
  std::int64_t terminal_id = 0;  // 0: none
  Instant expire_time = kNever;
  bool replaced = false;
  Day last_use_day = 0;   // 0: never
  std::string principal;  // its name
};
// Those that have been neither replaced nor ended by `now`: not all that ever were.
std::vector<LiveKey> ReadLiveKeys(Session& session, Instant now);
std::vector<CardRangeRow> ReadCardRanges(Session& session);
// Codes that are good at `now`, and those that were used at `used_since` or later; in no order.
std::vector<EnrollmentCodeRow> ReadLiveCodes(Session& session, Instant now, Instant used_since);

// Who `init` makes. Ids from blocks come after it.
inline constexpr std::int64_t kFirstPrincipal = 1;

void InsertSecret(Session& session, const Secret& secret, Instant now);

// The name of the principal that `init` makes.
inline constexpr const char* kFirstPrincipalName = "keys/admin";

// What `init` writes: the program, its first block of ids, the first administrator and its key, which ends at
// `admin_key_end`. Inside a transaction.
void InsertProgram(Session& session, const ProgramRow& program, const std::string& admin_key_hash,
                   const ProgramKeys& keys, Instant admin_key_end = kNever);

}  // namespace loyalty::storage
