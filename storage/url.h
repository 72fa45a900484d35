// Where the database is: sqlite:///path/file.db or mysql://user@host:port/db?sslca=FILE&unix_socket=PATH.
#pragma once

#include <string>
#include <string_view>

#include "domain/result.h"
#include "storage/rows.h"

namespace loyalty::storage {

struct DatabaseUrl {
  Engine engine = Engine::kSqlite;
  std::string path;  // SQLite: the file, or :memory:
  std::string user, host, database, unix_socket, ssl_ca;
  int port = 3306;
  std::string password;  // from a file or the environment, never from the URL

  // Without password, for log lines and messages.
  std::string Display() const;
};

// Errors: kInvalidArgument with what is wrong and an example. A password in the URL is refused: argv is public.
Result<DatabaseUrl> ParseDatabaseUrl(std::string_view text);

}  // namespace loyalty::storage
