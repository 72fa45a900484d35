#include "storage/program.h"

namespace loyalty::storage {
namespace {

const SetStatement kInsertProgram =
    SetStatement::Insert("program",
                         {"id", "currency", "time_zone", "language", "chain_key_id", "chain_key_check",
                          "chain_encoding", "generation", "create_time"},
                         "itttitiii");
const SetStatement kInsertIdBlock = SetStatement::Insert("id_blocks", {"name", "next_id", "version"}, "tii");
const SetStatement kInsertToken = SetStatement::Insert(
    "tokens", {"id", "hash", "role", "store_id", "terminal_id", "expire_time", "revoked_time", "create_time"},
    "itiiiiii");

// Id of the admin key that `init` makes; ids from the block come after it.
constexpr std::int64_t kFirstTokenId = 1;
constexpr int kAdminRole = 1;

}  // namespace

std::optional<ProgramRow> ReadProgram(Session& session) {
  std::optional<ProgramRow> program;
  session.Read(
      "SELECT currency, time_zone, language, chain_key_id, chain_key_check, chain_encoding, generation, create_time "
      "FROM program WHERE id = 1",
      "tttitiii", [&program](const ResultRow& row) {
        program = ProgramRow{row.Text(0), row.Text(1),   row.Text(2),   row.Number(3),
                             row.Text(4), row.Number(5), row.Number(6), row.Number(7)};
      });
  return program;
}

std::vector<CatalogueRow> ReadCatalogue(Session& session) {
  std::vector<CatalogueRow> rows;
  session.Read("SELECT version, effective_time, content FROM catalogue_versions ORDER BY version", "iit",
               [&rows](const ResultRow& row) {
                 rows.push_back({row.Number(0), row.Number(1), row.Text(2)});
               });
  return rows;
}

std::vector<StoreRow> ReadStores(Session& session) {
  std::vector<StoreRow> rows;
  session.Read("SELECT id, name, display_name, time_zone, day_cut_minutes, language FROM stores ORDER BY id", "itttit",
               [&rows](const ResultRow& row) {
                 rows.push_back({row.Number(0), row.Text(1), row.Text(2), row.Text(3), static_cast<int>(row.Number(4)),
                                 row.Text(5)});
               });
  return rows;
}

std::vector<TerminalRow> ReadTerminals(Session& session) {
  std::vector<TerminalRow> rows;
  session.Read(
      "SELECT id, store_id, name, display_name, epoch FROM terminals ORDER BY id", "iitti",
      [&rows](const ResultRow& row) {
        rows.push_back({row.Number(0), row.Number(1), row.Text(2), row.Text(3), static_cast<int>(row.Number(4))});
      });
  return rows;
}

std::vector<TokenRow> ReadTokens(Session& session) {
  std::vector<TokenRow> rows;
  session.Read("SELECT id, hash, role, store_id, terminal_id, expire_time, revoked_time FROM tokens ORDER BY id",
               "itiiiii", [&rows](const ResultRow& row) {
                 rows.push_back({row.Number(0), row.Text(1), static_cast<int>(row.Number(2)), row.Number(3),
                                 row.Number(4), row.Number(5), row.Number(6)});
               });
  return rows;
}

std::vector<CardRange> ReadCardRanges(Session& session) {
  std::vector<CardRange> rows;
  session.Read("SELECT first_number, last_number, check_digit FROM card_ranges ORDER BY first_number", "tti",
               [&rows](const ResultRow& row) {
                 rows.push_back({row.Text(0), row.Text(1), static_cast<CheckDigit>(row.Number(2))});
               });
  return rows;
}

void InsertProgram(Session& session, const ProgramRow& program, const std::string& admin_token_hash) {
  Rows rows(9);
  rows.Add(1, program.currency, program.time_zone, program.language, program.chain_key_id, program.chain_key_check,
           program.chain_encoding, program.generation, program.create_time);
  session.Write(kInsertProgram, rows);
  Rows block(3);
  block.Add("main", kFirstTokenId + 1, 1);
  session.Write(kInsertIdBlock, block);
  Rows token(8);
  token.Add(kFirstTokenId, admin_token_hash, kAdminRole, Cell(), Cell(), kNever, Cell(), program.create_time);
  session.Write(kInsertToken, token);
}

}  // namespace loyalty::storage
