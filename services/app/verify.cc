// loyaltyd verify.
#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <optional>

#include "services/app/commands.h"
#include "services/app/key_files.h"
#include "storage/migrations.h"
#include "storage/program.h"
#include "storage/seal.h"
#include "storage/secrets.h"
#include "storage/verify.h"

namespace loyalty {
namespace {

// One line that is overwritten; nothing when nobody watches.
bool ShowProgress(const storage::VerifyReport& report) {
  static const bool kWatched = isatty(STDERR_FILENO) == 1;
  if (kWatched) std::cerr << fmt::format("\r{} members, {} entries ...", report.members, report.entries) << std::flush;
  return true;
}

}  // namespace

int RunVerify(const Options& options) {
  const auto url = DatabaseOf(options);
  if (!url) return Complain(kExitUnable, url.error().message);
  const auto secrets = ReadSecrets(options.state_dir);
  if (!secrets) return Complain(kExitUnable, secrets.error().message);
  storage::Session session(*url);
  if (const Status schema = storage::CheckSchema(session); !schema)
    return Complain(kExitUnable, schema.error().message);
  const auto program = storage::ReadProgram(session);
  if (!program) return Complain(kExitUnable, "the database holds no program: run 'loyaltyd init' first");
  if (const Status ok = storage::CheckSecrets(session, *secrets); !ok)
    return Complain(kExitUnable, options.state_dir + ": " + ok.error().message);
  std::optional<storage::ProgramSeal> since;
  if (!options.since.empty()) {
    since = storage::ParseSeal(options.since);
    if (!since) return Complain(kExitUnable, "--since: not a SEAL; give the text behind 'SEAL' that verify printed");
  }
  const auto report = storage::VerifyLedger(session, DeriveKeys(*secrets), std::nullopt, since, ShowProgress);
  if (isatty(STDERR_FILENO) == 1) std::cerr << "\r\033[K";
  std::cout << fmt::format("{} members, {} entries, {} lots, {} receipts, {} commands: {}\n", report.members,
                           report.entries, report.lots, report.receipts, report.commands,
                           report.first_difference.empty() ? "everything agrees" : "DIFFERENCE");
  if (report.first_difference.empty()) {
    std::cout << "SEAL " << storage::SealText(report.seal) << "\n";
    return kExitOk;
  }
  std::cout << report.first_difference << "\n";
  return kExitRefused;
}

}  // namespace loyalty
