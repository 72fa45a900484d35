// One connection to the database, used by one thread at a time.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "storage/failure.h"
#include "storage/result_row.h"
#include "storage/rows.h"
#include "storage/url.h"

namespace loyalty::storage {

// Rows go to the database in chunks of at most this many. On SQLite each cell of a statement has a place of its own for
// as long as the session lives. On MariaDB lock statements must name at most 500 ids: it sorts longer lists after
// locking.
constexpr std::size_t ChunkRows(Engine engine) { return engine == Engine::kSqlite ? 64 : 256; }

// What a write session asks of the database. Lock waits and statements are short: a lane must never hang.
inline constexpr int kLockWaitSeconds = 1;
inline constexpr int kStatementSecondsMax = 5;
inline constexpr int kConnectSeconds = 2;
// A peer that went away without a word is noticed after this; longer than any statement of ours.
inline constexpr int kNetworkSeconds = 8;

// A connection that nobody used for so long may be gone without a word: a firewall forgets what is quiet. A question to
// it would wait for kNetworkSeconds; a new connection takes milliseconds.
inline constexpr std::chrono::seconds kRenewAfter{30};
// What was sent and is not confirmed after this ends the connection (TCP, not the statement: the server's kernel
// confirms); so does a quiet one whose peer is gone.
inline constexpr int kUnconfirmedSeconds = 3;
inline constexpr int kKeepAliveSeconds = 20;

// A write session whose transaction says nothing for so long is ended by the server, and its locks are free: a host
// that dies without a word between a lock and COMMIT would hold them until TCP gives up, for hours. Longer than
// anything that a lane does between two statements. MariaDB only: MySQL has no such limit, there the locks stay until
// the server ends the connection (set wait_timeout low). idle_write_transaction_timeout would not do: it passes over a
// transaction that has locked and written nothing yet.
inline constexpr int kIdleTransactionSeconds = 5;

struct SessionOptions {
  int idle_transaction_seconds = 0;  // 0: a transaction may be silent, as a long read between its pages is
  int statement_ms = kStatementSecondsMax * 1'000;  // 0: no limit
  int network_seconds = kNetworkSeconds;            // 0: no limit
  int table_wait_seconds = 0;  // how long DDL waits for those who use its table; 0: as the server says, a day
};
inline constexpr SessionOptions kWriteSession{.idle_transaction_seconds = kIdleTransactionSeconds};

// What MariaDB must take in one message (its max_allowed_packet): a message of ours has a megabyte and one statement
// more, whose largest row is a catalogue of a megabyte, written as JSON and escaped. It is also what servers take by
// default.
inline constexpr std::int64_t kPacketBytesMin = 16 << 20;

// SQLite's log (WAL) is checkpointed when it has so many pages of 4 kB, and begun anew when nobody reads from it.
inline constexpr int kWalPages = 4'000;
// A reader that stays long lets it grow without limit; once it is begun anew it is cut to this. Four times what it has
// when nobody reads: cut at each checkpoint, every commit would have to make the file longer again.
inline constexpr std::int64_t kWalBytesMax = 64 << 20;

// A statement over rows, among others that are sent together (Exchange).
struct Step {
  const SetStatement* statement = nullptr;
  Rows rows;
  std::vector<Type> result = {};  // types of the columns of its answer; empty: it writes
  OnRow on_row = {};
  const char* otherwise = nullptr;  // it must find as many rows as it was given, else kConflict with this text
};

// Tells SQLite that each connection is used by one thread at a time, as sessions are: without, it takes two locks for
// each column of each row, and one for each allocation. Before the first session of the process; later it has no
// effect.
void UseSqliteWithoutLocks();

class Session {
 public:
  // Connects and sets the session up (isolation, sql_mode, time limits). Throws Failure.
  explicit Session(DatabaseUrl url, SessionOptions options = {});
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Engine engine() const;
  const DatabaseUrl& url() const;

  // Drops the connection and opens a new one. What a transaction had not committed is gone. Throws Failure.
  void Reconnect();
  // Reconnects when nobody used the session for longer than this. Outside a transaction. Nothing on SQLite.
  void RenewIfIdle(std::chrono::milliseconds idle);
  // For a session that reads each page once: SQLite keeps few of them.
  void KeepFewPages();
  // Whether the server can leave out locked rows (SKIP LOCKED): MariaDB from 10.6, MySQL from 8.
  bool skips_locks() const;
  // True after a failure that may have left the connection unusable; Reconnect clears it.
  bool suspect() const;

  // Runs one statement without parameters or answer. Throws Failure, like all below.
  void Run(std::string_view sql);
  // Runs one statement without parameters, and a statement over rows; the callback's parameters are the columns.
  template <typename Callback>
  void Read(std::string_view sql, Callback callback) {
    ReadRows(sql, RowReader<Callback>::types(), RowReader<Callback>::Wrap(std::move(callback)));
  }
  template <typename Callback>
  void Read(const SetStatement& statement, const Rows& rows, Callback callback) {
    ReadRows(statement, rows, RowReader<Callback>::types(), RowReader<Callback>::Wrap(std::move(callback)));
  }
  void ReadRows(std::string_view sql, const std::vector<Type>& result, const OnRow& on_row);
  void ReadRows(const SetStatement& statement, const Rows& rows, const std::vector<Type>& result, const OnRow& on_row);
  // Runs a statement over rows; affected rows of all chunks. Nothing happens without rows.
  std::int64_t Write(const SetStatement& statement, const Rows& rows);
  // Runs statements in order. On MariaDB in one message: after a failure, those behind it may have run too.
  void Send(const std::vector<Step>& steps);

  // Statements sent so far, BEGIN and COMMIT included; messages to MariaDB, on SQLite the same number.
  std::int64_t statements() const;
  std::int64_t messages() const;
  // Seam for fault injection: called with the statement's name before it is sent ("COMMIT" before and, with " done",
  // after it took effect) and may throw Failure.
  void set_hook(std::function<void(std::string_view)> hook);

 private:
  friend class Transaction;
  friend class Patience;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// While it lives, statements of the session may take as long as they like, as those of migrations do; but a table that
// others use is waited for so long only. A peer that is gone is noticed all the same (kKeepAliveSeconds). Opens the
// connection anew, and again when it ends; nothing on SQLite. Outside transactions. Throws Failure.
class Patience {
 public:
  Patience(Session& session, int table_wait_seconds);
  ~Patience();
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;

 private:
  Session& session_;
  SessionOptions before_;
};

// A write transaction: BEGIN IMMEDIATE on SQLite, READ COMMITTED on MariaDB. Rolls back unless committed. After any
// failure it is dead: the server may have rolled back already, and a COMMIT would answer OK with nothing done. A lock
// after one of a higher rank is a mistake of ours and throws kOther.
class Transaction {
 public:
  explicit Transaction(Session& session);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  // Throws Failure; kLost means that the outcome is unknown. After a failure inside the transaction it always throws.
  void Commit();

 private:
  Session& session_;
  bool open_ = false;
};

}  // namespace loyalty::storage
