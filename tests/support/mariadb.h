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
  bool started = true;                // else it is only installed, and Start begins it
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
  // The first value that a statement answers, on a connection of its own; empty when there is none, or no answer.
  std::string Ask(const std::string& sql) const;

  // SIGKILL, as a crash, also of the programs that it has started; returns when the process is gone.
  void Kill();
  // Starts it again on the same data, with further arguments for this time; returns when it answers.
  void Start(const std::vector<std::string>& more = {});
  // Runs it on its data until it ends by itself, as with --wsrep-recover; what it has said.
  std::string RunToEnd(const std::vector<std::string>& more);

  const std::string& data_dir() const { return data_dir_; }
  std::string LogEnd() const;
  pid_t pid() const { return pid_; }
  int port() const { return port_; }

 private:
  void Install() const;
  std::vector<std::string> Arguments(const std::vector<std::string>& more) const;
  void WaitUntilItAnswers();

  MariaDbOptions options_;
  ScratchDirectory directory_;
  std::string socket_, data_dir_;
  int port_ = 0;
  pid_t pid_ = 0;
};

}  // namespace loyalty::test
