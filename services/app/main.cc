// loyaltyd: the server, and what prepares and checks its database.
#include <sodium.h>
#include <sys/stat.h>

#include <chrono>
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

Instant SystemNow() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

namespace {

int Run(const Options& options) {
  switch (options.command) {
    case Options::Command::kInit: return RunInit(options);
    case Options::Command::kMigrate: return RunMigrate(options);
    case Options::Command::kVerify: return RunVerify(options);
    case Options::Command::kServe: return RunServe(options);
  }
  return kExitUnable;
}

}  // namespace
}  // namespace loyalty

int main(int argc, char** argv) {
  int exit_code = -1;
  const loyalty::Options options = loyalty::ParseOptions(argc, argv, exit_code);
  if (exit_code >= 0) return exit_code;
  if (sodium_init() < 0) return loyalty::Complain(loyalty::kExitUnable, "libsodium cannot be used");
  umask(0077);               // what init and SQLite make is for this user only
  signal(SIGPIPE, SIG_IGN);  // NOLINT: a client that hangs up is no reason to end
  // Before any thread: a second SIGTERM must not end a server that is still answering what it accepted.
  if (options.command == loyalty::Options::Command::kServe) loyalty::BlockStopSignals();
  loyalty::SetUpMemory();
  loyalty::StartLog();
  loyalty::storage::UseSqliteWithoutLocks();
  try {
    return loyalty::Run(options);
  } catch (const loyalty::storage::Failure& failure) {
    const auto url = loyalty::DatabaseOf(options);
    return loyalty::Complain(loyalty::kExitNotNow,
                             (url ? url->Display() : "the database") + " cannot be used: " + failure.what());
  } catch (const std::exception& error) {
    return loyalty::Complain(loyalty::kExitNotNow, error.what());
  }
}
