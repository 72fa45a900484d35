#include "storage/backup.h"

#include <algorithm>

#include "storage/read_table.h"

namespace loyalty::storage {
namespace {

constexpr const char* kKeys = "member_keys";

struct Made {
  std::string type, name, sql;
};

// Tables first, then their indexes: with these in place rows are copied as they lie in their pages.
std::vector<Made> SchemaOf(Session& session) {
  std::vector<Made> all;
  session.Read(
      "SELECT type, name, sql FROM main.sqlite_master WHERE sql IS NOT NULL AND type IN ('table', 'index') AND "
      "name NOT LIKE 'sqlite_%' ORDER BY type DESC, name",
      [&all](const std::string& type, const std::string& name, const std::string& sql) {
        all.push_back({type, name, sql});
      });
  return all;
}

// The same statement for the database that is attached as `copy`.
std::string ForCopy(const Made& made) {
  std::string sql = made.sql;
  // A table that was made anew by a migration has its name in quotes.
  for (const std::string& name : {" " + made.name + " ", " \"" + made.name + "\" "})
    if (const auto at = sql.find(name); at != std::string::npos) return sql.insert(at + 1, "copy.");
  throw Failure(FailureKind::kOther, "cannot copy " + made.name);
}

}  // namespace

void CopySqlite(Session& session, const std::string& file) {
  std::string quoted = file;
  for (auto at = quoted.find('\''); at != std::string::npos; at = quoted.find('\'', at + 2)) quoted.insert(at, "'");
  session.Run("ATTACH DATABASE '" + quoted + "' AS copy");
  // Whoever makes a backup and is interrupted begins anew.
  session.Run("PRAGMA copy.journal_mode = OFF");
  session.Run("PRAGMA copy.synchronous = OFF");
  session.Run("BEGIN");
  const auto schema = SchemaOf(session);
  for (const Made& made : schema) session.Run(ForCopy(made));
  for (const Made& made : schema)
    if (made.type == "table" && made.name != kKeys)
      session.Run("INSERT INTO copy." + made.name + " SELECT * FROM main." + made.name);
  session.Run("COMMIT");
  session.Run("DETACH DATABASE copy");
}

BackupCounts CountForBackup(Session& session) {
  BackupCounts counts;
  session.Read(
      "SELECT (SELECT COUNT(*) FROM members), (SELECT COUNT(*) FROM entries), (SELECT COUNT(*) FROM receipts), "
      "(SELECT COUNT(*) FROM commands)",
      [&counts](std::int64_t members, std::int64_t entries, std::int64_t receipts, std::int64_t commands) {
        counts = {members, entries, receipts, commands};
      });
  return counts;
}

std::vector<MemberKeyRow> MemberKeysAfter(Session& session, std::int64_t id, int limit) {
  return ReadRows<MemberKeyRow>(
      session, " WHERE member_id > " + std::to_string(id) + " ORDER BY member_id LIMIT " + std::to_string(limit));
}

std::string MakeMemberKeysSql(Session& session) {
  std::string sql;
  if (session.engine() == Engine::kMysql)
    session.Read("SHOW CREATE TABLE member_keys", [&sql](const std::string&, const std::string& text) { sql = text; });
  return sql;
}

void RemakeMemberKeys(Session& session, const std::string& sql) {
  session.Run("DROP TABLE IF EXISTS member_keys");
  session.Run(sql);
}

void InsertMemberKeys(Session& session, const std::vector<MemberKeyRow>& keys) {
  const auto& table = MemberKeyRow::table();
  Rows rows(table.columns().size());
  for (const MemberKeyRow& key : keys) table.AddInsert(rows, key);
  Transaction transaction(session);
  session.Write(table.Insert(), rows);
  transaction.Commit();
}

void DropForeignMemberKeys(Session& session) {
  session.Run("DELETE FROM member_keys WHERE NOT EXISTS (SELECT 1 FROM members WHERE id = member_keys.member_id)");
}

std::optional<ReceiptRow> LastReceipt(Session& session) {
  return First(ReadRows<ReceiptRow>(session, " ORDER BY record_time DESC, id DESC LIMIT 1"));
}

ServerPlace PlaceOfServer(Session& session) {
  ServerPlace place;
  session.Read("SELECT @@hostname, @@datadir", [&place](const std::string& host, const std::string& directory) {
    place = {host, directory};
  });
  return place;
}

}  // namespace loyalty::storage
