// One command line: what every command needs first, and what a failure is told as.
#include "services/app/loyaltyd.h"

#include <sodium.h>
#include <sys/stat.h>

#include <csignal>
#include <iostream>

#include "services/app/commands.h"
#include "services/app/log.h"
#include "services/app/memory.h"
#include "storage/failure.h"
#include "storage/session.h"

namespace loyalty {

int Complain(int code, const std::string& text) {
  std::cerr << "loyaltyd: " << text << "\n";
  return code;
}

namespace {

int Run(const Options& options, const Clock& clock) {
  switch (options.command) {
    case Options::Command::kInit: return RunInit(options, clock);
    case Options::Command::kMigrate: return RunMigrate(options, clock);
    case Options::Command::kAdminKey: return RunAdminKey(options, clock);
    case Options::Command::kVerify: return RunVerify(options);
    case Options::Command::kBackup: return RunBackup(options, clock);
    case Options::Command::kRestore: return RunRestore(options);
    case Options::Command::kKeyBackup: return RunKeyBackup(options);
    case Options::Command::kServe: return RunServe(options, clock);
  }
  return kExitUnable;
}

}  // namespace

int RunLoyaltyd(int argc, char** argv, const Clock& clock) {
  int exit_code = -1;
  const Options options = ParseOptions(argc, argv, exit_code);
  if (exit_code >= 0) return exit_code;
  if (sodium_init() < 0) return Complain(kExitUnable, "libsodium cannot be used");
  umask(0077);               // what init and SQLite make is for this user only
  signal(SIGPIPE, SIG_IGN);  // NOLINT: a client that hangs up is no reason to end
  // Before any thread: a second SIGTERM must not end a server that is still answering what it accepted.
  if (options.command == Options::Command::kServe) BlockStopSignals();
  SetUpMemory();
  StartLog();
  storage::UseSqliteWithoutLocks();
  try {
    return Run(options, clock);
  } catch (const storage::Failure& failure) {
    const auto url = DatabaseOf(options);
    return Complain(kExitNotNow, (url ? url->Display() : "the database") + " cannot be used: " + failure.what());
  } catch (const std::exception& error) {
    return Complain(kExitNotNow, error.what());
  }
}

}  // namespace loyalty
