#include "storage/program.h"

#include "storage/guards.h"
#include "storage/ids.h"
#include "storage/read_table.h"

namespace loyalty::storage {

std::optional<ProgramRow> ReadProgram(Session& session) { return ReadByKey<ProgramRow>(session, 1); }

std::vector<SecretRow> ReadSecrets(Session& session) { return ReadRows<SecretRow>(session, " ORDER BY id"); }

std::vector<CatalogueRow> ReadCataloguesAfter(Session& session, std::int64_t version) {
  return ReadRows<CatalogueRow>(session, " WHERE version > " + std::to_string(version) + " ORDER BY version");
}

std::vector<StoreRow> ReadStores(Session& session) { return ReadRows<StoreRow>(session, " ORDER BY id"); }

std::vector<TerminalRow> ReadTerminals(Session& session) { return ReadRows<TerminalRow>(session, " ORDER BY id"); }

std::vector<TerminalEpochRow> ReadTerminalEpochs(Session& session) {
  return ReadRows<TerminalEpochRow>(session, " ORDER BY terminal_id, epoch");
}

std::vector<PrincipalRow> ReadPrincipals(Session& session) { return ReadRows<PrincipalRow>(session, " ORDER BY id"); }

std::vector<LiveKey> ReadLiveKeys(Session& session, Instant now) {
  std::vector<LiveKey> keys;
  const std::string whose = TheGuards().principal ? "p.id" : "k.id";
  session.Read(
      "SELECT k.id, k.hash, " + whose +
          ", p.role, COALESCE(p.store_id, 0), COALESCE(p.terminal_id, 0), k.expire_time, k.replaced_by IS NOT NULL, "
          "COALESCE(k.last_use_day, 0), p.name FROM access_keys k JOIN principals p ON p.id = k.principal_id WHERE "
          "k.revoked_time IS NULL AND k.expire_time > " +
          std::to_string(now),
      [&keys](std::int64_t id, const std::string& hash, std::int64_t principal_id, Role role, std::int64_t store_id,
              std::int64_t terminal_id, Instant expire_time, bool replaced, Day last_use_day,
              const std::string& principal) {
        keys.push_back(
            {id, hash, principal_id, role, store_id, terminal_id, expire_time, replaced, last_use_day, principal});
      });
  return keys;
}

std::vector<CardRangeRow> ReadCardRanges(Session& session) {
  return ReadRows<CardRangeRow>(session, " ORDER BY first_number");
}

std::vector<EnrollmentCodeRow> ReadLiveCodes(Session& session, Instant now, Instant used_since) {
  return ReadRows<EnrollmentCodeRow>(session, " WHERE (used_time IS NULL AND expire_time > " + std::to_string(now) +
                                                  ") OR used_time >= " + std::to_string(used_since));
}

void InsertSecret(Session& session, const Secret& secret, Instant now) {
  InsertRow(session, SecretRow{secret.id, KeyCheck(secret.key), now}, ProgramKeys{});  // nothing of it is sealed
}

void InsertProgram(Session& session, const ProgramRow& program, const std::string& admin_key_hash,
                   const ProgramKeys& keys, Instant admin_key_end) {
  InsertRow(session, program, keys);
  PrincipalRow admin;
  admin.id = kFirstPrincipal;
  admin.name = kFirstPrincipalName;
  admin.create_time = program.create_time;
  InsertRow(session, admin, keys);
  KeyRow key;
  key.id = kFirstPrincipal;
  key.principal_id = admin.id;
  key.hash = admin_key_hash;
  key.expire_time = admin_key_end;
  key.create_time = program.create_time;
  InsertRow(session, key, keys);
  InsertFirstBlock(session, kFirstPrincipal + 1);
}

}  // namespace loyalty::storage
