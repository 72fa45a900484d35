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
  session.Read("SELECT k.hash, " + whose +
                   ", p.kind, COALESCE(p.store_id, 0), COALESCE(p.terminal_id, 0), k.expire_time, p.name FROM "
                   "access_keys k JOIN "
                   "principals p ON p.id = k.principal_id WHERE k.revoked_time IS NULL AND k.expire_time > " +
                   std::to_string(now),
               [&keys](const std::string& hash, std::int64_t principal_id, PrincipalKind kind, std::int64_t store_id,
                       std::int64_t terminal_id, Instant expire_time, const std::string& principal) {
                 keys.push_back({hash, principal_id, kind, store_id, terminal_id, expire_time, principal});
               });
  return keys;
}

std::vector<CardRangeRow> ReadCardRanges(Session& session) {
  return ReadRows<CardRangeRow>(session, " ORDER BY first_number");
}

void InsertSecret(Session& session, const Secret& secret, Instant now) {
  InsertRow(session, SecretRow{secret.id, KeyCheck(secret.key), now}, ProgramKeys{});  // nothing of it is sealed
}

void InsertProgram(Session& session, const ProgramRow& program, const std::string& admin_key_hash,
                   const ProgramKeys& keys) {
  InsertRow(session, program, keys);
  PrincipalRow admin;
  admin.id = kFirstPrincipal;
  admin.name = "admin";
  admin.create_time = program.create_time;
  InsertRow(session, admin, keys);
  KeyRow key;
  key.id = kFirstPrincipal;
  key.principal_id = admin.id;
  key.hash = admin_key_hash;
  key.create_time = program.create_time;
  InsertRow(session, key, keys);
  InsertFirstBlock(session, kFirstPrincipal + 1);
}

}  // namespace loyalty::storage
