// What `loyaltyd init` makes, in a directory of a test's own: keys, a database, the program.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "storage/session.h"
#include "tests/support/mariadb.h"
#include "tests/support/process.h"
#include "tests/support/scratch_directory.h"

namespace loyalty::test {

// The path of a built program: loyaltyd, loyalty-till, loyalty-admin, loyaltyd_sabotage, loyaltyd_test. A path stays
// what it is.
std::string ProgramPath(const std::string& name);

struct InstallationOptions {
  std::string program = "loyaltyd";  // that makes it
  std::vector<std::string> init;     // further flags of init
  MariaDb* mariadb = nullptr;        // the server for kMysql; none: the one that the binary shares
  bool initialised = true;           // run init, which must succeed
  std::string sqlite_dir = {};       // where the file of kSqlite lies; empty: with the rest
};

// A program in EUR and Berlin time. Gone with the object. Throws std::runtime_error when init fails.
class Installation {
 public:
  explicit Installation(storage::Engine engine, InstallationOptions options = {});
  ~Installation();
  Installation(const Installation&) = delete;
  Installation& operator=(const Installation&) = delete;

  const std::filesystem::path& directory() const { return directory_.path(); }
  std::filesystem::path state_dir() const { return directory_.path() / "state"; }
  const storage::DatabaseUrl& url() const { return url_; }
  std::string admin_key() const;    // without the line end
  std::string certificate() const;  // PEM; made by `--self-signed`

  // The database by way of a proxy, 127.0.0.1:PORT; its server has networking.
  storage::DatabaseUrl UrlThrough(const std::string& proxy) const;

  // --state-dir and --db: which installation a loyaltyd is about.
  std::vector<std::string> Flags() const;
  // Runs `loyaltyd COMMAND` (its words) on this installation to its end.
  Ended Loyaltyd(const std::string& command, const std::vector<std::string>& flags = {},
                 std::chrono::seconds most = std::chrono::seconds(120)) const;
  // The flags of a first init.
  static std::vector<std::string> InitFlags();

  // One statement on the database, past the server; and the one number that a query answers.
  void Execute(const std::string& sql) const;
  std::int64_t Number(const std::string& sql) const;
  // Rows of every table that a client can change, by name: equal before and after what must not change anything.
  std::map<std::string, std::int64_t> RowCounts() const;

 private:
  ScratchDirectory directory_;
  std::string program_;
  storage::DatabaseUrl url_;
  MariaDb* mariadb_ = nullptr;
};

// The URL as `loyaltyd --db` takes it.
std::string UrlText(const storage::DatabaseUrl& url);

// Makes a key and a certificate that vouches for itself: NAME.key and NAME.crt in the installation's directory; the
// path of NAME. Throws std::runtime_error when openssl fails.
std::string MakeCertificate(const Installation& installation, const std::string& name);

}  // namespace loyalty::test
