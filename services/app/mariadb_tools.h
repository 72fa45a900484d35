// MariaDB's own programs: mariadb-backup, and a server of our own on files that it has made.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>

#include "domain/result.h"
#include "storage/backup.h"
#include "storage/url.h"

namespace loyalty {

// Copies the files of the server behind `url` into `directory`, but for the table member_keys of its database, and
// prepares them. What the program says goes to `log`. Errors: kInternal (the files cannot be read from here, the
// program is missing or fails), with what to do.
Status BackUpMariaDb(const storage::DatabaseUrl& url, const storage::ServerPlace& server,
                     const std::filesystem::path& directory, const std::filesystem::path& log);

// A server on prepared files, for this process alone: no network, no passwords. Ends with the object, and with this
// process however that ends.
class ScratchMariaDb {
 public:
  // `directory` has the files in "mariadb"; socket and log lie beside. Errors: kInternal.
  static Result<std::unique_ptr<ScratchMariaDb>> Start(const std::filesystem::path& directory,
                                                       const std::string& database);
  ~ScratchMariaDb();
  ScratchMariaDb(const ScratchMariaDb&) = delete;
  ScratchMariaDb& operator=(const ScratchMariaDb&) = delete;

  const storage::DatabaseUrl& url() const { return url_; }

 private:
  ScratchMariaDb() = default;

  storage::DatabaseUrl url_;
  pid_t pid_ = 0;
};

}  // namespace loyalty
