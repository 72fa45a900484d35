#include "storage/engine_check.h"

#include "storage/guards.h"

namespace loyalty::storage {
namespace {

std::string ReadText(Session& session, std::string_view sql) {
  std::string text;
  session.Read(sql, [&text](const std::string& value) { text = value; });
  return text;
}

std::int64_t ReadNumber(Session& session, std::string_view sql) {
  std::int64_t number = 0;
  session.Read(sql, [&number](std::int64_t value) { number = value; });
  return number;
}

std::vector<std::string> SqliteProblems(Session& session) {
  std::vector<std::string> problems;
  if (const auto mode = ReadText(session, "PRAGMA journal_mode"); mode != "wal")
    problems.push_back("journal_mode is '" + mode +
                       "' and not 'wal': put the database file on a local file system that is not read-only");
  constexpr std::int64_t kFull = 2;
  if (TheGuards().full_sync && ReadNumber(session, "PRAGMA synchronous") < kFull)
    problems.emplace_back("synchronous is not FULL: a power cut could lose acknowledged receipts");
  return problems;
}

std::vector<std::string> MysqlProblems(Session& session) {
  std::vector<std::string> problems;
  if (ReadNumber(session, "SELECT @@innodb_flush_log_at_trx_commit") != 1)
    problems.emplace_back(
        "innodb_flush_log_at_trx_commit is not 1, so a power cut could lose acknowledged receipts: set "
        "innodb_flush_log_at_trx_commit=1 in the configuration of the database server");
  if (ReadNumber(session, "SELECT @@log_bin") != 0 && ReadNumber(session, "SELECT @@sync_binlog") != 1)
    problems.emplace_back(
        "log_bin is on and sync_binlog is not 1, so a power cut could lose acknowledged receipts: set sync_binlog=1 in "
        "the configuration of the database server");
  if (const auto packet = ReadNumber(session, "SELECT @@max_allowed_packet"); packet < kPacketBytesMin)
    problems.push_back(
        "max_allowed_packet is " + std::to_string(packet) +
        " bytes, so the database would hang up on large batches and catalogues: set max_allowed_packet=" +
        std::to_string(kPacketBytesMin >> 20) + "M or more in the configuration of the database server");
  const std::string mode = ReadText(session, "SELECT @@sql_mode");
  for (const char* wanted :
       {"STRICT_TRANS_TABLES", "ERROR_FOR_DIVISION_BY_ZERO", "NO_ENGINE_SUBSTITUTION", "ONLY_FULL_GROUP_BY"})
    if (mode.find(wanted) == std::string::npos)
      problems.push_back(std::string("sql_mode did not take ") + wanted +
                         ": connect to the server itself, or tell the proxy to pass SET statements on");
  if (mode.find("NO_BACKSLASH_ESCAPES") != std::string::npos)
    problems.emplace_back("sql_mode holds NO_BACKSLASH_ESCAPES: tell the proxy to pass SET statements on");
  std::string isolation;
  // tx_isolation is the name on MariaDB 10, transaction_isolation on MySQL 8 and MariaDB 11.
  session.Read("SHOW VARIABLES WHERE Variable_name IN ('tx_isolation', 'transaction_isolation')",
               [&isolation](const std::string&, const std::string& value) { isolation = value; });
  if (isolation != "READ-COMMITTED")
    problems.push_back("the isolation level is '" + isolation +
                       "' and not 'READ-COMMITTED': tell the proxy to pass SET statements on");
  return problems;
}

}  // namespace

std::vector<std::string> EngineProblems(Session& session) {
  return session.engine() == Engine::kSqlite ? SqliteProblems(session) : MysqlProblems(session);
}

}  // namespace loyalty::storage
