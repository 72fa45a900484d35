// Which libraries stand between us and a database: what a report of a fault should name.
#pragma once

#include <string>

namespace loyalty::storage {

// "SOCI 4.0.3, SQLite 3.40.1, MariaDB client 3.3.14"
std::string LibraryVersions();

}  // namespace loyalty::storage
