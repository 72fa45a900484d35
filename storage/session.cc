#include "storage/session.h"

#include <soci/mysql/soci-mysql.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <utility>

#include "storage/galera.h"
#include "storage/guards.h"
#include "storage/mysql_message.h"
#include "storage/prepared.h"

namespace loyalty::storage {
namespace {

// A message ends with the statement that makes it longer than this; what that may come to: kPacketBytesMin.
constexpr std::size_t kMessageBytes = 1 << 20;

// What VERSION() says: "10.11.6-MariaDB-0+deb12u1", "8.0.36", "8.0.11-TiDB-v7.5.0".
bool CanSkipLocks(const std::string& version) {
  int major = 0, minor = 0;
  if (std::sscanf(version.c_str(), "%d.%d", &major, &minor) != 2) return false;
  if (version.find("TiDB") != std::string::npos) return false;
  if (version.find("MariaDB") == std::string::npos) return major >= 8;
  return major > 10 || (major == 10 && minor >= 6);
}

}  // namespace

void UseSqliteWithoutLocks() {
  sqlite_api::sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
  sqlite_api::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

struct Session::Impl {
  // A statement over rows; without on_row it writes.
  struct Part {
    const SetStatement* statement;
    const Rows* rows;
    const std::vector<Type>* result = nullptr;
    const OnRow* on_row = nullptr;
  };

  DatabaseUrl url;
  SessionOptions options;
  bool skips_locks = false;
  soci::session sql;
  std::map<std::pair<const SetStatement*, std::size_t>, std::unique_ptr<Prepared>> prepared;
  std::int64_t statements = 0;
  std::int64_t messages = 0;
  Rank locked = Rank::kNone;  // the highest rank that the transaction has locked
  bool suspect = false;
  std::chrono::steady_clock::time_point used = std::chrono::steady_clock::now();
  int cache_kb = 32'768;  // of SQLite
  bool begin = false;     // START TRANSACTION travels with the next statement (MariaDB)
  bool on_galera = false;
  std::function<void(std::string_view)> hook;

  MYSQL* mysql() { return static_cast<soci::mysql_session_backend*>(sql.get_backend())->conn_; }

  void Count(std::string_view name) {
    ++statements;
    if (hook) hook(name);
  }

  void CheckLock(const SetStatement& statement) {
    if (statement.lock() == Rank::kNone) return;
    if (statement.lock() < locked) throw Failure(FailureKind::kOther, "lock out of order: " + statement.name());
    locked = statement.lock();
  }

  void Open() {
    if (url.engine == Engine::kSqlite) {
      sql.open(soci::sqlite3, "dbname=" + url.path + " timeout=" + std::to_string(kLockWaitSeconds));
      auto* backend = static_cast<soci::sqlite3_session_backend*>(sql.get_backend());
      sqlite_api::sqlite3_extended_result_codes(backend->conn_, 1);
      // The order matters: synchronous is per connection, journal_mode of the file.
      for (const std::string& pragma :
           {std::string("journal_mode=WAL"),
            std::string(TheGuards().full_sync ? "synchronous=FULL" : "synchronous=NORMAL"),
            std::string("temp_store=MEMORY"), "wal_autocheckpoint=" + std::to_string(kWalPages),
            "journal_size_limit=" + std::to_string(kWalBytesMax)})
        RunText("PRAGMA " + pragma);
      SetCache();
      return;
    }
    std::string text = "db=" + url.database + " user=" + url.user + " host=" + url.host +
                       " port=" + std::to_string(url.port) +
                       " charset=utf8mb4 connect_timeout=" + std::to_string(kConnectSeconds);
    if (const auto seconds = std::to_string(options.network_seconds); options.network_seconds > 0)
      text += " read_timeout=" + seconds + " write_timeout=" + seconds;
    if (!url.unix_socket.empty()) text += " unix_socket=" + url.unix_socket;
    if (!url.ssl_ca.empty()) text += " sslca=" + url.ssl_ca;
    if (!url.password.empty()) {
      text += " password='";
      for (const char c : url.password) text.append(c == '\'' || c == '\\' ? "\\" : "").append(1, c);
      text += "'";
    }
    sql.open(soci::mysql, text);
    begin = false;
    NoticeALostPeer(mysql());
    AllowManyStatements(mysql());
    RunText("SET NAMES utf8mb4 COLLATE utf8mb4_bin");
    RunText(
        "SET SESSION sql_mode = "
        "'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,ONLY_FULL_GROUP_BY'");
    RunText("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    RunText("SET SESSION innodb_lock_wait_timeout = " + std::to_string(kLockWaitSeconds));
    std::string version;
    sql << "SELECT VERSION()", soci::into(version);
    skips_locks = CanSkipLocks(version);
    if (version.find("MariaDB") != std::string::npos) {
      if (options.idle_transaction_seconds > 0)
        RunText("SET SESSION idle_transaction_timeout = " + std::to_string(options.idle_transaction_seconds));
      RunText("SET SESSION max_statement_time = " + std::to_string(options.statement_ms) + " / 1000");
      RunText("SET SESSION in_predicate_conversion_threshold = 0");
    } else {
      RunText("SET SESSION max_execution_time = " + std::to_string(options.statement_ms));
    }
    on_galera = IsGalera(sql);
    if (on_galera) RunEach(GaleraSetUp());
    if (options.table_wait_seconds > 0)
      RunText("SET SESSION lock_wait_timeout = " + std::to_string(options.table_wait_seconds));
  }

  std::vector<std::string> Opening() const {
    return on_galera ? GaleraOpening() : std::vector<std::string>{"START TRANSACTION"};
  }
  void Close() {
    if (on_galera) RunText(kGaleraClose);
  }

  void RunEach(const std::vector<std::string>& texts) {
    for (const auto& text : texts) RunText(text);
  }

  void SetCache() { RunText("PRAGMA cache_size=-" + std::to_string(cache_kb)); }

  void RunText(const std::string& text) {
    if (std::exchange(begin, false)) RunEach(Opening());
    soci::statement statement(sql);
    statement.alloc();
    statement.prepare(text);
    statement.define_and_bind();
    statement.execute(true);
    if (url.engine == Engine::kSqlite)  // a PRAGMA may answer rows
      while (statement.fetch()) {
      }
  }

  void ReadText(const std::string& text, const std::vector<Type>& result, const OnRow& on_row) {
    if (std::exchange(begin, false)) RunEach(Opening());
    Output output(result);
    soci::statement statement(sql);
    statement.alloc();
    statement.prepare(text);
    output.Bind(statement);
    statement.define_and_bind();
    for (bool more = statement.execute(true); more; more = statement.fetch()) on_row(output);
  }

  std::int64_t SendPrepared(const SetStatement& statement, const Rows& rows, const std::vector<Type>& result,
                            const OnRow* on_row) {
    constexpr std::size_t kChunk = ChunkRows(Engine::kSqlite);
    std::int64_t affected = 0;
    for (std::size_t from = 0; from < rows.size(); from += kChunk) {
      const std::size_t to = std::min(rows.size(), from + kChunk);
      Count(statement.name());
      ++messages;
      const std::size_t capacity = CapacityFor(to - from);
      auto& slot = prepared[{&statement, capacity}];
      if (!slot) slot = std::make_unique<Prepared>(sql, statement, capacity, result);
      affected += slot->Execute(rows, from, to, on_row);
    }
    return affected;
  }

  // Statements on their way to MariaDB: text, and for each the index of its part.
  struct Message {
    std::string text;
    std::vector<std::size_t> parts;
  };

  void SendMessage(Message& message, const std::vector<Part>& parts, std::vector<std::int64_t>& affected) {
    if (message.parts.empty()) return;
    const bool begins = std::exchange(begin, false);
    const auto opening = begins ? Opening() : std::vector<std::string>();
    for (auto text = opening.rbegin(); text != opening.rend(); ++text) message.text.insert(0, *text + ";");
    ++messages;
    MysqlMessage sent(mysql(), message.text);
    for (std::size_t i = 0; i < opening.size(); ++i) sent.Next(0, nullptr);
    for (const std::size_t i : message.parts) affected[i] += sent.Next(parts[i].result->size(), parts[i].on_row);
    message.text.clear();
    message.parts.clear();
  }

  void SendLiterals(const std::vector<Part>& parts, std::vector<std::int64_t>& affected) {
    const MysqlEscaper escaper(mysql());
    Message message;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const Part& part = parts[i];
      constexpr std::size_t kChunk = ChunkRows(Engine::kMysql);
      for (std::size_t from = 0; from < part.rows->size(); from += kChunk) {
        try {
          Count(part.statement->name());
        } catch (...) {  // a fault at this statement: those before it have run
          SendMessage(message, parts, affected);
          throw;
        }
        if (!message.parts.empty()) message.text += ';';
        AppendLiteral(message.text, *part.statement, *part.rows, from, std::min(part.rows->size(), from + kChunk),
                      escaper);
        message.parts.push_back(i);
        if (message.text.size() > kMessageBytes) SendMessage(message, parts, affected);
      }
    }
    SendMessage(message, parts, affected);
  }

  // Affected rows of each part.
  std::vector<std::int64_t> SendAll(const std::vector<Part>& parts) {
    std::vector<std::int64_t> affected(parts.size());
    for (const Part& part : parts)
      if (!part.rows->empty()) CheckLock(*part.statement);
    if (url.engine == Engine::kSqlite) {
      for (std::size_t i = 0; i < parts.size(); ++i)
        affected[i] = SendPrepared(*parts[i].statement, *parts[i].rows, *parts[i].result, parts[i].on_row);
    } else {
      SendLiterals(parts, affected);
    }
    return affected;
  }

  // Runs `body`; whatever it throws leaves as a Failure and marks the session.
  template <typename Body>
  auto Guarded(Body body) {
    used = std::chrono::steady_clock::now();
    try {
      return body();
    } catch (...) {
      suspect = true;
      RethrowAsFailure();
    }
  }
};

Session::Session(DatabaseUrl url, SessionOptions options) : impl_(std::make_unique<Impl>()) {
  impl_->url = std::move(url);
  impl_->options = options;
  impl_->Guarded([this] { impl_->Open(); });
}

Session::~Session() = default;

Engine Session::engine() const { return impl_->url.engine; }
const DatabaseUrl& Session::url() const { return impl_->url; }
bool Session::skips_locks() const { return impl_->skips_locks; }
bool Session::suspect() const { return impl_->suspect; }
std::int64_t Session::statements() const { return impl_->statements; }
std::int64_t Session::messages() const { return impl_->messages; }
void Session::set_hook(std::function<void(std::string_view)> hook) { impl_->hook = std::move(hook); }

void Session::Reconnect() {
  impl_->Guarded([this] {
    impl_->prepared.clear();
    try {
      impl_->sql.close();
    } catch (const soci::soci_error&) {
      // The old connection is gone either way.
    }
    impl_->Open();
  });
  impl_->suspect = false;
}

void Session::RenewIfIdle(std::chrono::milliseconds idle) {
  if (engine() == Engine::kSqlite || !TheGuards().renew_idle) return;
  if (std::chrono::steady_clock::now() - impl_->used < idle) return;
  Reconnect();
}

void Session::KeepFewPages() {
  impl_->cache_kb = 1'024;
  if (engine() == Engine::kSqlite) impl_->Guarded([this] { impl_->SetCache(); });
}

void Session::Run(std::string_view sql) {
  impl_->Guarded([&] {
    impl_->Count(sql);
    ++impl_->messages;
    impl_->RunText(std::string(sql));
  });
}

void Session::ReadRows(std::string_view sql, const std::vector<Type>& result, const OnRow& on_row) {
  impl_->Guarded([&] {
    impl_->Count(sql);
    ++impl_->messages;
    impl_->ReadText(std::string(sql), result, on_row);
  });
}

void Session::ReadRows(const SetStatement& statement, const Rows& rows, const std::vector<Type>& result,
                       const OnRow& on_row) {
  impl_->Guarded([&] { impl_->SendAll({{&statement, &rows, &result, &on_row}}); });
}

std::int64_t Session::Write(const SetStatement& statement, const Rows& rows) {
  static const std::vector<Type> kNothing;
  return impl_->Guarded([&] { return impl_->SendAll({{&statement, &rows, &kNothing, nullptr}}).front(); });
}

void Session::Send(const std::vector<Step>& steps) {
  impl_->Guarded([&] {
    std::vector<Impl::Part> parts;
    parts.reserve(steps.size());
    for (const Step& step : steps)
      parts.push_back({step.statement, &step.rows, &step.result, step.on_row ? &step.on_row : nullptr});
    const auto affected = impl_->SendAll(parts);
    for (std::size_t i = 0; i < steps.size(); ++i)
      if (steps[i].otherwise != nullptr && affected[i] != static_cast<std::int64_t>(steps[i].rows.size()))
        throw Failure(FailureKind::kConflict, steps[i].otherwise);
  });
}

Patience::Patience(Session& session, int table_wait_seconds) : session_(session), before_(session.impl_->options) {
  if (session.engine() == Engine::kSqlite) return;
  SessionOptions& options = session.impl_->options;
  if (TheGuards().migrate_limit) options.statement_ms = options.network_seconds = 0;
  if (TheGuards().migrate_wait) options.table_wait_seconds = table_wait_seconds;
  session.Reconnect();
}

Patience::~Patience() {
  session_.impl_->options = before_;
  if (session_.engine() == Engine::kSqlite) return;
  try {
    session_.Reconnect();
  } catch (const Failure&) {
    // The session is suspect now; whoever uses it next opens it again.
  }
}

Transaction::Transaction(Session& session) : session_(session) {
  if (session.suspect()) session.Reconnect();
  session.impl_->locked = Rank::kNone;
  if (session.engine() == Engine::kSqlite) {
    session.Run("BEGIN IMMEDIATE");
  } else {
    session.impl_->Guarded([&session] { session.impl_->Count("START TRANSACTION"); });
    session.impl_->begin = true;
  }
  open_ = true;
}

Transaction::~Transaction() {
  if (!open_) return;
  if (std::exchange(session_.impl_->begin, false)) {  // nothing was sent
    session_.impl_->suspect = false;
    return;
  }
  try {
    session_.impl_->RunText("ROLLBACK");
    session_.impl_->Close();
    // A refused statement leaves a usable connection behind once its transaction is rolled back.
    session_.impl_->suspect = false;
  } catch (...) {
    session_.impl_->suspect = true;
  }
}

void Transaction::Commit() {
  if (session_.suspect()) throw Failure(FailureKind::kOther, "COMMIT after a failure: the transaction is dead");
  session_.Run("COMMIT");
  open_ = false;
  session_.impl_->Guarded([this] { session_.impl_->Close(); });
  if (session_.impl_->hook) session_.impl_->Guarded([this] { session_.impl_->hook("COMMIT done"); });
}

}  // namespace loyalty::storage
