// loyaltyd restore: a backup becomes a database again, which is proved before anybody relies on it.
#include <fmt/format.h>
#include <stdlib.h>

#include <filesystem>
#include <iostream>
#include <optional>

#include "services/app/backup_files.h"
#include "services/app/commands.h"
#include "services/app/key_files.h"
#include "services/app/mariadb_tools.h"
#include "storage/backup.h"
#include "storage/migrations.h"
#include "storage/program.h"
#include "storage/secrets.h"
#include "storage/verify.h"

namespace loyalty {
namespace {

namespace fs = std::filesystem;

Error Bad(std::string why) { return Error{Reason::kInternal, std::move(why), {}}; }

// The backup that a path names: itself, or the newest below it.
Result<fs::path> FindBackup(const fs::path& path) {
  if (fs::exists(path / "manifest.json")) return path;
  fs::path newest;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(path, none))
    if (fs::exists(entry.path() / "manifest.json") && entry.path() > newest) newest = entry.path();
  if (newest.empty()) return Bad("there is no backup in " + path.string() + ": no manifest.json");
  return newest;
}

// A directory that is gone with the object, unless it is to be kept.
class Place {
 public:
  static Result<Place> Make(const fs::path& beside, const std::string& into) {
    if (!into.empty()) {
      const fs::path path = fs::absolute(into).lexically_normal();
      if (fs::exists(path) && !fs::is_empty(path)) return Bad(path.string() + " is not empty");
      if (const Status ok = MakeStateDir(path.string()); !ok) return ok.error();
      return Place(path, true);
    }
    std::string name = (beside / "restore-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) return Bad("cannot make a directory in " + beside.string());
    return Place(name, false);
  }
  Place(Place&& other) noexcept : path_(std::exchange(other.path_, {})), kept_(other.kept_) {}
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() {
    std::error_code ignored;
    if (!path_.empty() && !kept_) fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  Place(fs::path path, bool kept) : path_(std::move(path)), kept_(kept) {}

  fs::path path_;
  bool kept_;
};

struct Restored {
  std::unique_ptr<ScratchMariaDb> mariadb;  // that serves it
  storage::DatabaseUrl url;
};

Result<Restored> Restore(const fs::path& backup, const Manifest& manifest, const fs::path& place) {
  Restored restored;
  if (manifest.engine == storage::Engine::kSqlite) {
    restored.url.path = (place / "loyalty.db").string();
    fs::copy_file(backup / "loyalty.db", restored.url.path);
  } else {
    fs::copy(backup / "mariadb", place / "mariadb", fs::copy_options::recursive);
    auto server = ScratchMariaDb::Start(place, manifest.database);
    if (!server) return server.error();
    restored.mariadb = *std::move(server);
    restored.url = restored.mariadb->url();
  }
  return restored;
}

Status PutKeysBack(storage::Session& session, const fs::path& directory, const Manifest& manifest) {
  bool made = false;
  const auto read = ReadMemberKeys(directory, manifest.program,
                                   [&](const MemberKeysHeader& header, const std::vector<storage::MemberKeyRow>& keys) {
                                     if (!std::exchange(made, true) && !header.sql.empty())
                                       storage::RemakeMemberKeys(session, header.sql);
                                     storage::InsertMemberKeys(session, keys);
                                   });
  if (!read) return read.error();
  storage::DropForeignMemberKeys(session);
  return Ok{};
}

std::string ReceiptText(storage::Session& session) {
  const auto last = storage::LastReceipt(session);
  if (!last) return "no receipt was recorded";
  std::string place = "a terminal that is not known";
  for (const auto& terminal : storage::ReadTerminals(session))
    if (terminal.id == last->terminal_id)
      for (const auto& store : storage::ReadStores(session))
        if (store.id == terminal.store_id) place = "stores/" + store.name + "/terminals/" + terminal.name;
  return fmt::format("receipt {} of {} of {}, recorded {}", last->receipt_no, place, FormatDay(last->business_date),
                     FormatTime(last->record_time));
}

// Proves the books and says where they end.
Status Prove(storage::Session& session, const Manifest& manifest, const Secrets& secrets) {
  if (const Status schema = storage::CheckSchema(session); !schema) return schema;
  if (const Status ok = storage::CheckSecrets(session, secrets); !ok) return ok;
  const auto since = storage::ParseSeal(manifest.seal);
  if (!since) return Bad("the manifest's SEAL is none");
  const auto report = storage::VerifyLedger(session, DeriveKeys(secrets), std::nullopt, since,
                                            [](const storage::VerifyReport&) { return true; });
  std::cout << fmt::format("{} members, {} entries, {} lots, {} receipts, {} commands: {}\n", report.members,
                           report.entries, report.lots, report.receipts, report.commands,
                           report.first_difference.empty() ? "everything agrees" : "DIFFERENCE");
  if (!report.first_difference.empty()) return Bad(report.first_difference);
  const auto& least = manifest.counts;
  if (report.members < least.members || report.entries < least.entries || report.receipts < least.receipts ||
      report.commands < least.commands)
    return Bad("the backup had more when it was made than is here now");
  std::cout << "The books end with " << ReceiptText(session) << "\n"
            << "SEAL " << storage::SealText(report.seal) << "\n";
  return Ok{};
}

Status RestoreAndProve(const Options& options, const Secrets& secrets) {
  const auto backup = FindBackup(fs::absolute(options.directory).lexically_normal());
  if (!backup) return backup.error();
  const auto manifest = ReadManifest(*backup);
  if (!manifest) return manifest.error();
  if (manifest->program != ProgramName(secrets))
    return Bad(backup->string() + " is the backup of another program than " + options.state_dir +
               "/chain.key belongs to");
  if (const Status ok = CheckFiles(*backup, manifest->files); !ok) return ok;
  std::cout << "Backup of " << manifest->time << ", by loyaltyd " << manifest->version << ", schema "
            << manifest->schema << "\n";
  const fs::path directory = backup->parent_path();
  const auto place = Place::Make(directory, options.into);
  if (!place) return place.error();
  auto restored = Restore(*backup, *manifest, place->path());
  if (!restored) return restored.error();
  storage::Session session(restored->url, {.statement_ms = 0, .network_seconds = 0});
  if (const Status ok = PutKeysBack(session, directory, *manifest); !ok) return ok;
  if (const Status ok = Prove(session, *manifest, secrets); !ok) return ok;
  if (options.into.empty()) return Ok{};
  std::cout << "Restored into " << place->path().string()
            << (restored->mariadb ? "/mariadb: the data directory for a MariaDB server (chown -R mysql:mysql)\n"
                                  : "/loyalty.db\n");
  return Ok{};
}

}  // namespace

int RunRestore(const Options& options) {
  if (options.check == !options.into.empty())
    return Complain(kExitUnable, "either --check, which keeps nothing, or --into DIR, which keeps what was restored");
  const auto secrets = ReadSecrets(options.state_dir);
  if (!secrets) return Complain(kExitUnable, secrets.error().message);
  const Status done = RestoreAndProve(options, *secrets);
  return done ? kExitOk : Complain(kExitRefused, done.error().message);
}

}  // namespace loyalty
