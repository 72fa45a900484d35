#include "storage/libraries.h"

#include <soci/mysql/soci-mysql.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <soci/version.h>

namespace loyalty::storage {

std::string LibraryVersions() {
  constexpr int kMajor = 100'000, kMinor = 100;
  return "SOCI " + std::to_string(SOCI_VERSION / kMajor) + "." + std::to_string(SOCI_VERSION / kMinor % 1'000) + "." +
         std::to_string(SOCI_VERSION % kMinor) + ", SQLite " + sqlite_api::sqlite3_libversion() + ", MariaDB client " +
         mysql_get_client_info();
}

}  // namespace loyalty::storage
