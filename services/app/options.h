// The command line of loyaltyd: flags before environment before configuration file.
#pragma once

#include <string>
#include <vector>

#include "domain/result.h"
#include "storage/url.h"

namespace loyalty {

// What a run of loyaltyd ends with. Scripts and deploy/loyaltyd.service depend on the numbers: whoever starts a server
// again and again stops at 1 and 2. As in the clients (clients/failure.h), as far as both can happen.
inline constexpr int kExitOk = 0;
inline constexpr int kExitRefused = 1;  // it looked and said no: another currency, a difference, weak durability
inline constexpr int kExitUnable = 2;   // wrong usage or settings: the same again would end the same way
inline constexpr int kExitNotNow = 4;   // the database does not answer, the port is taken: to try again may help

struct Options {
  enum class Command { kInit, kServe, kMigrate, kVerify, kBackup, kRestore, kKeyBackup, kAdminKey };
  Command command = Command::kServe;
  std::string state_dir, db, db_password_file;
  // init
  std::string currency, time_zone, language, country;
  bool self_signed = false;
  std::string tls_names;  // separated by commas
  // serve
  std::string listen = "127.0.0.1:50051", admin_listen, http, tls_cert, tls_key, tls_client_ca, tls_crl_dir;
  std::vector<std::string> trusted_proxies;  // networks
  bool insecure = false;
  int lanes = 0;  // 0: what fits the engine
  int slow_call_ms = 1'000;
  // admin-key new
  std::string out;  // a file; empty: admin.key in the state directory
  // verify
  std::string since;  // a seal; empty: none
  // backup, restore, key backup
  std::string directory;
  // restore
  bool check = false;
  std::string into;  // a directory; empty: none
};

// Reads the command line. `exit_code` >= 0 says that the run is over: help was printed, or the usage was wrong.
Options ParseOptions(int argc, char** argv, int& exit_code);

// The database that the options name, with its password; default: a SQLite file in the state directory.
// Errors: kInvalidArgument.
Result<storage::DatabaseUrl> DatabaseOf(const Options& options);

}  // namespace loyalty
