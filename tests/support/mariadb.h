// A real MariaDB server of the tests' own: started in a private directory, reached over a unix socket.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "storage/url.h"
#include "tests/support/scratch_directory.h"

namespace loyalty::test {

struct MariaDbOptions {
  bool networking = false;            // else the unix socket is the only way in
  std::string data_dir = {};          // a directory that exists; empty: one of its own, gone with the server
  std::vector<std::string> settings;  // further arguments of mariadbd
};

// Durable as in production (innodb_flush_log_at_trx_commit=1). Runs as user mysql when the tests run as root. Dies with
// the process that started it, however that ends. Everything throws std::runtime_error with the end of the server's
// log, so that a test fails where MariaDB is missing and never passes without it.
class MariaDb {
 public:
  explicit MariaDb(MariaDbOptions options = {});
  ~MariaDb();
  MariaDb(const MariaDb&) = delete;
  MariaDb& operator=(const MariaDb&) = delete;

  // The one server that the tests of a binary share. Started by the first that asks.
  static MariaDb& Shared();

  storage::DatabaseUrl UrlOf(std::string_view database) const;
  // Runs one statement as root on a connection of its own.
  void Execute(const std::string& sql);

  void Kill();   // SIGKILL, as a crash; returns when the process is gone
  void Start();  // starts it again on the same data; returns when it answers

  pid_t pid() const { return pid_; }
  int port() const { return port_; }

 private:
  void Install() const;
  void WaitUntilItAnswers();
  std::string LogEnd() const;

  MariaDbOptions options_;
  ScratchDirectory directory_;
  std::string socket_, data_dir_;
  int port_ = 0;
  pid_t pid_ = 0;
};

}  // namespace loyalty::test
