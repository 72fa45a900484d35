// The files of a backup, DIR being what `loyaltyd backup DIR` was given:
//   DIR/member_keys            keys of members: only the newest, whatever the age of the backup it is used with
//   DIR/TIME/manifest.json     what the backup is; written last, so that without it there is none
//   DIR/TIME/loyalty.db        the database of SQLite, or
//   DIR/TIME/mariadb/          the files of MariaDB, prepared: a server can be started on a copy of them
// No secret of the state directory is among them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "domain/result.h"
#include "storage/backup.h"
#include "storage/rows.h"

namespace loyalty {

struct BackedUpFile {
  std::string name;  // below the manifest's directory
  std::int64_t bytes = 0;
  std::string hash;  // BLAKE2b-256, hexadecimal
};

struct Manifest {
  std::string program;  // which one, by its oldest secret (ProgramName)
  storage::Engine engine = storage::Engine::kSqlite;
  std::string database;  // its name, on MariaDB
  std::string time;      // when the backup began
  std::string version;   // of the program that made it
  int schema = 0;
  std::string seal;              // of when the backup began: what it covers is in the backup
  storage::BackupCounts counts;  // of then as well
  std::vector<BackedUpFile> files;
};

// Tells programs apart and gives nothing of their secrets away.
std::string ProgramName(const Secrets& secrets);

// Every file below the directory but the manifest, by name, with its hash; what is not on disk yet is then. Errors:
// kInternal (cannot be read).
Result<std::vector<BackedUpFile>> HashFiles(const std::filesystem::path& directory);

// Errors of all below: kInternal, for people.
Status WriteManifest(const std::filesystem::path& directory, const Manifest& manifest);
Result<Manifest> ReadManifest(const std::filesystem::path& directory);
// Each file is there, as long as it was, and the same.
Status CheckFiles(const std::filesystem::path& directory, const std::vector<BackedUpFile>& files);

// Keys of members, page by page, into DIR/member_keys in place of what was there. Returns how many.
struct MemberKeysHeader {
  std::string program, time;
  std::string sql;  // how to make the table; empty: it is there
};
using NextKeys = std::function<std::vector<storage::MemberKeyRow>(std::int64_t after_id)>;
Result<std::int64_t> WriteMemberKeys(const std::filesystem::path& directory, const MemberKeysHeader& header,
                                     const NextKeys& next);
// Calls `take` with pages of keys when the file is whole. Nothing is taken from one that is not, or of another program.
Result<MemberKeysHeader> ReadMemberKeys(
    const std::filesystem::path& directory, const std::string& program,
    const std::function<void(const MemberKeysHeader&, const std::vector<storage::MemberKeyRow>&)>& take);

}  // namespace loyalty
