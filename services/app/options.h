// The command line of loyaltyd: flags before environment before configuration file.
#pragma once

#include <string>

#include "domain/result.h"
#include "storage/url.h"

namespace loyalty {

// What a run of loyaltyd ends with.
inline constexpr int kExitOk = 0;
inline constexpr int kExitRefused = 1;  // it looked and said no: another currency, a difference, weak durability
inline constexpr int kExitUnable = 2;   // wrong usage, or it could not do its work: no database, no port

struct Options {
  enum class Command { kInit, kServe, kMigrate, kVerify };
  Command command = Command::kServe;
  std::string state_dir, db, db_password_file;
  // init
  std::string currency, time_zone, language;
  bool self_signed = false;
  // serve
  std::string listen = "127.0.0.1:50051", http, tls_cert, tls_key, tls_client_ca;
  bool insecure = false;
  int lanes = 0;  // 0: what fits the engine
  // verify
  std::string since;  // a seal; empty: none
};

// Reads the command line. `exit_code` >= 0 says that the run is over: help was printed, or the usage was wrong.
Options ParseOptions(int argc, char** argv, int& exit_code);

// The database that the options name, with its password; default: a SQLite file in the state directory.
// Errors: kInvalidArgument.
Result<storage::DatabaseUrl> DatabaseOf(const Options& options);

}  // namespace loyalty
