#include "storage/program.h"

#include "storage/ids.h"
#include "storage/read_table.h"

namespace loyalty::storage {

std::optional<ProgramRow> ReadProgram(Session& session) { return ReadByKey<ProgramRow>(session, 1); }

std::vector<CatalogueRow> ReadCatalogue(Session& session) {
  return ReadRows<CatalogueRow>(session, " ORDER BY version");
}

std::vector<StoreRow> ReadStores(Session& session) { return ReadRows<StoreRow>(session, " ORDER BY id"); }

std::vector<TerminalRow> ReadTerminals(Session& session) { return ReadRows<TerminalRow>(session, " ORDER BY id"); }

std::vector<PrincipalRow> ReadPrincipals(Session& session) { return ReadRows<PrincipalRow>(session, " ORDER BY id"); }

std::vector<KeyRow> ReadKeys(Session& session) { return ReadRows<KeyRow>(session, " ORDER BY id"); }

std::vector<CardRangeRow> ReadCardRanges(Session& session) {
  return ReadRows<CardRangeRow>(session, " ORDER BY first_number");
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
