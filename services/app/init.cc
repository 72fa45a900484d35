// loyaltyd init and migrate.
#include <filesystem>
#include <iostream>

#include "domain/money.h"
#include "services/app/commands.h"
#include "services/app/key_files.h"
#include "services/rpc/auth.h"
#include "services/rpc/issue_key.h"
#include "services/rpc/text.h"
#include "storage/file_system.h"
#include "storage/migrations.h"
#include "storage/program.h"
#include "storage/secrets.h"

namespace loyalty {
namespace {

Status CheckWish(const Options& options) {
  if (!CurrencyExponent(options.currency)) return InvalidField("--currency", "an ISO 4217 code, for instance EUR");
  if (options.time_zone.size() > 64 || !LoadZone(options.time_zone))
    return InvalidField("--time-zone", "an IANA time zone, for instance Europe/Berlin");
  if (const Status ok = CheckRegion("--country", options.country); !ok) return ok;
  return CheckLanguage("--language", options.language);
}

// Files first, row last: an init that was interrupted goes on with the keys it has made.
Status MakeProgram(storage::Session& session, const Options& options, const Secrets& secrets, Instant now) {
  const auto token = AdminTokenIn(options.state_dir);
  if (!token) return token.error();
  storage::ProgramRow program;
  program.currency = options.currency;
  program.time_zone = options.time_zone;
  program.language = options.language.empty() ? "en" : options.language;
  program.country = options.country;
  program.create_time = now;
  storage::Transaction transaction(session);
  storage::InsertProgram(session, program, TokenHash(*token), DeriveKeys(secrets), now + kKeyLifeMax);
  for (const Secret& secret : secrets.all) storage::InsertSecret(session, secret, program.create_time);
  transaction.Commit();
  return Ok{};
}

Status MakeCertificate(const Options& options) {
  if (!options.self_signed || std::filesystem::exists(options.state_dir + "/tls.key")) return Ok{};
  const auto names = ParseTlsNames(options.tls_names);
  return names ? MakeSelfSigned(options.state_dir, *names) : names.error();
}

void SayWhatIsThere(const Options& options, const storage::DatabaseUrl& url, const storage::ProgramRow& program,
                    bool made) {
  const std::string& dir = options.state_dir;
  std::cout << (made ? "Made" : "Already there, nothing was changed") << ": a program in " << program.currency
            << ", time zone " << program.time_zone << ", language " << program.language << "\n"
            << "  database   " << url.Display() << "\n"
            << "  admin key  " << dir << "/admin.key\n"
            << "  chain key  " << dir
            << "/chain.key  (keep a copy apart from the database: without it no server starts)\n";
  const bool has_tls = std::filesystem::exists(dir + "/tls.key");
  if (has_tls) std::cout << "  TLS        " << dir << "/tls.crt, " << dir << "/tls.key\n";
  std::cout << "Start it: loyaltyd serve --state-dir " << dir << (options.db.empty() ? "" : " --db " + options.db)
            << (has_tls ? " --tls-cert " + dir + "/tls.crt --tls-key " + dir + "/tls.key" : " --insecure") << "\n";
}

// On stderr: a table of millions of rows takes minutes, and nobody should believe that nothing happens.
void SayStep(const storage::MigrationStep& step) {
  std::cerr << step.migration << ": step " << step.number << " of " << step.of;
  if (step.done) {
    std::cerr << " done in " << step.elapsed.count() << " ms\n";
  } else {
    std::cerr << " ..." << std::endl;
  }
}

}  // namespace

int RunInit(const Options& options, const Clock& clock) {
  if (const auto names = ParseTlsNames(options.tls_names); !names) return Complain(kExitUnable, names.error().message);
  if (const Status ok = MakeStateDir(options.state_dir); !ok) return Complain(kExitUnable, ok.error().message);
  const auto url = DatabaseOf(options);
  if (!url) return Complain(kExitUnable, url.error().message);
  // A wish that cannot be granted leaves no file behind.
  const bool fresh = url->engine == storage::Engine::kSqlite && !std::filesystem::exists(url->path);
  if (fresh)
    if (const Status ok = CheckWish(options); !ok) return Complain(kExitUnable, ok.error().message);
  if (const Status ok = storage::CheckPlace(*url); !ok) return Complain(kExitRefused, ok.error().message);
  storage::Session session(*url);
  if (const auto migrated = storage::Migrate(session, clock()); !migrated)
    return Complain(kExitRefused, migrated.error().message);
  auto program = storage::ReadProgram(session);
  const bool is_new = !program;
  if (is_new) {
    if (const Status ok = CheckWish(options); !ok) return Complain(kExitUnable, ok.error().message);
    const auto secrets = SecretsIn(options.state_dir);
    if (!secrets) return Complain(kExitUnable, secrets.error().message);
    if (const Status ok = MakeProgram(session, options, *secrets, clock()); !ok)
      return Complain(kExitUnable, ok.error().message);
    program = storage::ReadProgram(session);
  } else {
    if (!options.currency.empty() && options.currency != program->currency)
      return Complain(kExitRefused, "the program's currency is " + program->currency +
                                        " and cannot be changed: what was earned and spent in it stands in the ledger");
    for (const auto& [flag, wish, is] : {std::tuple{"--time-zone", options.time_zone, program->time_zone},
                                         std::tuple{"--language", options.language, program->language},
                                         std::tuple{"--country", options.country, program->country}})
      if (!wish.empty() && wish != is)
        return Complain(kExitRefused, std::string("the program has ") + flag + " " + (is.empty() ? "unset" : is) +
                                          "; init does not change it");
    const auto secrets = ReadSecrets(options.state_dir);
    if (!secrets)
      return Complain(kExitRefused, secrets.error().message + ": use the --state-dir that was made with this database");
    if (const Status ok = storage::CheckSecrets(session, *secrets); !ok)
      return Complain(kExitRefused, options.state_dir + ": " + ok.error().message);
  }
  if (const Status ok = MakeCertificate(options); !ok) return Complain(kExitUnable, ok.error().message);
  SayWhatIsThere(options, *url, *program, is_new);
  return kExitOk;
}

int RunMigrate(const Options& options, const Clock& clock) {
  const auto url = DatabaseOf(options);
  if (!url) return Complain(kExitUnable, url.error().message);
  if (const Status ok = storage::CheckPlace(*url); !ok) return Complain(kExitRefused, ok.error().message);
  storage::Session session(*url);
  const auto migrated = storage::Migrate(session, clock(), {.on_step = SayStep});
  if (!migrated)
    return Complain(migrated.error().reason == Reason::kContention ? kExitUnable : kExitRefused,
                    migrated.error().message);
  std::cout << "Schema version " << storage::SchemaVersionKnown() << ", " << *migrated << " migrations applied now\n";
  return kExitOk;
}

}  // namespace loyalty
