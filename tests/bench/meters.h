// What a connection to SQLite does, seen from within.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "storage/session.h"

struct sqlite3;

namespace loyalty::test {

// Catches the connection that is opened while it lives: a session shows its own to nobody.
class ConnectionCatcher {
 public:
  ConnectionCatcher();
  ~ConnectionCatcher();
  ConnectionCatcher(const ConnectionCatcher&) = delete;
  ConnectionCatcher& operator=(const ConnectionCatcher&) = delete;

  // The last one. Throws std::runtime_error when there was none.
  sqlite3* connection() const;
};

// Rows that change while it lives, by table. Slows the connection down.
class RowMeter {
 public:
  struct Changes {
    double inserted = 0, updated = 0;
  };

  explicit RowMeter(sqlite3* connection);
  ~RowMeter();
  RowMeter(const RowMeter&) = delete;
  RowMeter& operator=(const RowMeter&) = delete;

  const std::map<std::string, Changes>& tables() const { return tables_; }

 private:
  sqlite3* connection_;
  std::map<std::string, Changes> tables_;
};

// Microseconds that statements take while it lives, by their table.
class TimeMeter {
 public:
  struct Times {
    double write_us = 0, read_us = 0;
  };

  TimeMeter(storage::Session& session, sqlite3* connection);
  ~TimeMeter();
  TimeMeter(const TimeMeter&) = delete;
  TimeMeter& operator=(const TimeMeter&) = delete;

  const std::map<std::string, Times>& tables() const { return tables_; }
  double begin_us() const { return begin_us_; }
  double commit_us() const { return commit_us_; }  // checkpoints in it

 private:
  void Named(std::string_view name);
  static int Traced(unsigned event, void* self, void* statement, void* text);

  storage::Session& session_;
  sqlite3* connection_;
  std::map<std::string, Times> tables_;
  double begin_us_ = 0, commit_us_ = 0, unnamed_us_ = 0;
  double* place_ = &unnamed_us_;  // where the running statement's time goes
  std::chrono::steady_clock::time_point start_, commit_start_;
};

// The table of a statement's name or text, and whether it writes there; empty where there is none.
struct Touched {
  std::string table;
  bool writes = false;
};
Touched TouchedBy(std::string_view statement);

}  // namespace loyalty::test
