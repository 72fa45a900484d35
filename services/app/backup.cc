// loyaltyd backup, and loyaltyd key backup.
#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include "domain/version.h"
#include "services/app/backup_files.h"
#include "services/app/commands.h"
#include "services/app/key_files.h"
#include "services/app/mariadb_tools.h"
#include "storage/backup.h"
#include "storage/migrations.h"
#include "storage/program.h"
#include "storage/seal.h"
#include "storage/secrets.h"

namespace loyalty {
namespace {

namespace fs = std::filesystem;

constexpr int kKeysOfAPage = 5'000;

// A name that sorts by time and that every file system takes: 20261128T140000Z.
std::string NameOf(Instant time) {
  std::string name;
  for (const char c : FormatTime(time / kSecond * kSecond))
    if (c != '-' && c != ':') name += c;
  return name;
}

// What the database says before anything is copied: the copy has at least that.
Result<Manifest> Begin(storage::Session& session, const Secrets& secrets, Instant now) {
  if (const Status schema = storage::CheckSchema(session); !schema) return schema.error();
  if (!storage::ReadProgram(session))
    return Error{Reason::kInternal, "the database holds no program: run 'loyaltyd init' first", {}};
  if (const Status ok = storage::CheckSecrets(session, secrets); !ok) return ok.error();
  Manifest manifest;
  manifest.program = ProgramName(secrets);
  manifest.engine = session.engine();
  manifest.database = session.url().database;
  manifest.time = FormatTime(now);
  manifest.version = VersionText();
  manifest.schema = storage::SchemaVersionKnown();
  manifest.seal = storage::SealText(storage::ReadSeal(session, DeriveKeys(secrets)));
  manifest.counts = storage::CountForBackup(session);
  return manifest;
}

Status Copy(storage::Session& session, const fs::path& directory) {
  if (session.engine() == storage::Engine::kMysql)
    return BackUpMariaDb(session.url(), storage::PlaceOfServer(session), directory / "mariadb",
                         directory.string() + ".log");
  storage::CopySqlite(session, (directory / "loyalty.db").string());
  return Ok{};
}

// The keys that there are when the copy is done, not when it began: whoever was erased in between stays erased.
Result<std::int64_t> CopyMemberKeys(storage::Session& session, const fs::path& directory, const Manifest& manifest,
                                    Instant now) {
  return WriteMemberKeys(
      directory, {manifest.program, FormatTime(now), storage::MakeMemberKeysSql(session)},
      [&session](std::int64_t after_id) { return storage::MemberKeysAfter(session, after_id, kKeysOfAPage); });
}

Status BackUp(const Options& options, const storage::DatabaseUrl& url, const Secrets& secrets, const Clock& clock) {
  const fs::path directory = fs::absolute(options.directory).lexically_normal();
  if (const Status ok = MakeStateDir(directory.string()); !ok) return ok;
  // Counting rows takes as long as it takes.
  storage::Session session(url, {.statement_ms = 0, .network_seconds = 0});
  session.KeepFewPages();
  const Instant now = clock();
  auto manifest = Begin(session, secrets, now);
  if (!manifest) return manifest.error();
  const fs::path place = directory / NameOf(now), unfinished = place.string() + ".unfinished";
  if (fs::exists(place)) return Error{Reason::kInternal, place.string() + " is there already", {}};
  fs::remove_all(unfinished);
  if (const Status ok = MakeStateDir(unfinished.string()); !ok) return ok;
  if (const Status ok = Copy(session, unfinished); !ok) return ok;
  fs::remove(unfinished.string() + ".log");
  session.Reconnect();
  const auto keys = CopyMemberKeys(session, directory, *manifest, clock());
  if (!keys) return keys.error();
  auto files = HashFiles(unfinished);
  if (!files) return files.error();
  manifest->files = *std::move(files);
  if (const Status ok = WriteManifest(unfinished, *manifest); !ok) return ok;
  fs::rename(unfinished, place);
  std::int64_t bytes = 0;
  for (const auto& file : manifest->files) bytes += file.bytes;
  std::cout << fmt::format("Backup       {}\n", place.string())
            << fmt::format("Bytes        {} in {} files; {} keys of members in {}\n", bytes, manifest->files.size(),
                           *keys, (directory / "member_keys").string())
            << fmt::format("Has at least {} members, {} entries, {} receipts, {} commands\n", manifest->counts.members,
                           manifest->counts.entries, manifest->counts.receipts, manifest->counts.commands)
            << "SEAL " << manifest->seal << "\n"
            << "No secret of " << options.state_dir
            << " is in it: without a copy of chain.key it is worth nothing ('loyaltyd key backup')\n";
  return Ok{};
}

}  // namespace

int RunBackup(const Options& options, const Clock& clock) {
  const auto url = DatabaseOf(options);
  if (!url) return Complain(kExitUnable, url.error().message);
  const auto secrets = ReadSecrets(options.state_dir);
  if (!secrets) return Complain(kExitUnable, secrets.error().message);
  const Status done = BackUp(options, *url, *secrets, clock);
  return done ? kExitOk : Complain(kExitRefused, done.error().message);
}

int RunKeyBackup(const Options& options) {
  const fs::path from = options.state_dir, to = fs::absolute(options.directory).lexically_normal();
  if (const auto secrets = ReadSecrets(from.string()); !secrets) return Complain(kExitUnable, secrets.error().message);
  if (const Status ok = MakeStateDir(to.string()); !ok) return Complain(kExitRefused, ok.error().message);
  for (const char* name : {"chain.key", "admin.key", "tls.key", "tls.crt"}) {
    if (!fs::exists(from / name)) continue;
    const auto text = ReadSecretFile((from / name).string());
    if (!text) return Complain(kExitRefused, text.error().message);
    // What lies there may be the only copy of another program's secrets.
    if (fs::exists(to / name)) {
      const auto there = ReadSecretFile((to / name).string());
      if (!there || *there != *text)
        return Complain(kExitRefused, (to / name).string() + " is there already and is another one");
    } else if (const Status ok = WriteSecret((to / name).string(), *text); !ok) {
      return Complain(kExitRefused, ok.error().message);
    }
    std::cout << (to / name).string() << "\n";
  }
  std::cout << "Keep these apart from the backups of the database: whoever has both can read and change everything\n";
  return kExitOk;
}

}  // namespace loyalty
