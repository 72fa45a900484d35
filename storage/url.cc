#include "storage/url.h"

#include <charconv>

namespace loyalty::storage {
namespace {

Error Bad(std::string why) {
  return Error{Reason::kInvalidArgument,
               "database URL: " + why + "; write sqlite:///path/file.db or mysql://user@host:3306/database?sslca=FILE",
               {{"field", "db"}}};
}

// The values go into SOCI's connection string, whose quotes and blanks have a meaning.
bool IsSafe(std::string_view text) { return text.find_first_of(" '\"\\;") == std::string_view::npos; }

}  // namespace

std::string DatabaseUrl::Display() const {
  if (engine == Engine::kSqlite) return "sqlite://" + path;
  return "mysql://" + user + "@" + (unix_socket.empty() ? host + ":" + std::to_string(port) : unix_socket) + "/" +
         database;
}

Result<DatabaseUrl> ParseDatabaseUrl(std::string_view text) {
  DatabaseUrl url;
  constexpr std::string_view kSqlite = "sqlite://";
  constexpr std::string_view kMysql = "mysql://";
  if (text.substr(0, kSqlite.size()) == kSqlite) {
    url.path = text.substr(kSqlite.size());
    if (url.path.empty() || (url.path[0] != '/' && url.path != ":memory:"))
      return Bad("the SQLite path must be absolute");
    if (!IsSafe(url.path)) return Bad("the SQLite path must not hold blanks or quotes");
    return url;
  }
  if (text.substr(0, kMysql.size()) != kMysql)
    return Bad("unknown scheme in '" + std::string(text.substr(0, text.find(':'))) + "'");
  url.engine = Engine::kMysql;
  std::string_view rest = text.substr(kMysql.size());
  std::string_view query;
  if (const auto mark = rest.find('?'); mark != std::string_view::npos) {
    query = rest.substr(mark + 1);
    rest = rest.substr(0, mark);
  }
  const auto at = rest.rfind('@');
  const auto slash = rest.find('/', at == std::string_view::npos ? 0 : at);
  if (at == std::string_view::npos || slash == std::string_view::npos) return Bad("user, host or database is missing");
  url.user = rest.substr(0, at);
  if (url.user.find(':') != std::string::npos)
    return Bad(
        "a password must not stand in the URL, where every user of the machine can read it: use --db-password-file or "
        "LOYALTY_DB_PASSWORD");
  std::string_view host = rest.substr(at + 1, slash - at - 1);
  url.database = rest.substr(slash + 1);
  if (const auto colon = host.rfind(':'); colon != std::string_view::npos) {
    const auto digits = host.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), url.port);
    if (error != std::errc() || end != digits.data() + digits.size() || url.port < 1 || url.port > 65535)
      return Bad("bad port");
    host = host.substr(0, colon);
  }
  url.host = host.empty() ? "127.0.0.1" : host;
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto part = query.substr(0, end);
    query = end == std::string_view::npos ? "" : query.substr(end + 1);
    const auto equals = part.find('=');
    const auto key = part.substr(0, equals);
    const std::string value(equals == std::string_view::npos ? "" : part.substr(equals + 1));
    if (key == "unix_socket") {
      url.unix_socket = value;
    } else if (key == "sslca") {
      url.ssl_ca = value;
    } else {
      return Bad("unknown parameter '" + std::string(key) + "'");
    }
  }
  for (const auto& part : {url.user, url.host, url.database, url.unix_socket, url.ssl_ca})
    if (!IsSafe(part)) return Bad("no blanks or quotes are allowed in it");
  if (url.user.empty() || url.database.empty()) return Bad("user or database is missing");
  return url;
}

}  // namespace loyalty::storage
