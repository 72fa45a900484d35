#include "tests/e2e/installation.h"

#include <atomic>
#include <sstream>
#include <stdexcept>

#include "storage/session.h"
#include "tests/support/table_names.h"

namespace loyalty::test {
namespace {

// What a server writes by itself, whoever asks for what.
bool IsOfServers(const std::string& table) {
  return table == "leases" || table == "seals" || table == "id_blocks" || table == "lookup_counts";
}

std::string NewName() {
  static std::atomic<int> count{0};
  return "e2e_" + std::to_string(++count);
}

}  // namespace

std::string ProgramPath(const std::string& name) {
  return name.front() == '/' ? name : std::string(LOYALTY_BIN) + "/" + name;
}

std::string UrlText(const storage::DatabaseUrl& url) {
  if (url.engine == storage::Engine::kSqlite) return "sqlite://" + url.path;
  std::string text = "mysql://" + url.user + "@" + url.host + ":" + std::to_string(url.port) + "/" + url.database;
  if (!url.unix_socket.empty()) text += "?unix_socket=" + url.unix_socket;
  return text;
}

Installation::Installation(storage::Engine engine, InstallationOptions options) : program_(std::move(options.program)) {
  if (engine == storage::Engine::kMysql) {
    mariadb_ = options.mariadb != nullptr ? options.mariadb : &MariaDb::Shared();
    url_ = mariadb_->UrlOf(NewName());
    mariadb_->Execute("CREATE DATABASE " + url_.database);
  } else {
    url_.engine = engine;
    url_.path = (options.sqlite_dir.empty() ? directory_.path().string() : options.sqlite_dir) + "/loyalty.db";
  }
  if (!options.initialised) return;
  auto flags = InitFlags();
  flags.insert(flags.end(), options.init.begin(), options.init.end());
  const Ended init = Loyaltyd("init", flags);
  if (init.code != 0) throw std::runtime_error("loyaltyd init: " + init.out + init.err);
}

Installation::~Installation() {
  if (mariadb_ == nullptr) return;
  try {
    mariadb_->Execute("DROP DATABASE IF EXISTS " + url_.database);
  } catch (const std::exception&) {
    // The server may have been stopped by the test; its files go with it.
  }
}

std::string Installation::admin_key() const {
  const std::string text = ReadText(state_dir() / "admin.key");
  return text.substr(0, text.find('\n'));
}

std::string Installation::certificate() const { return ReadText(state_dir() / "tls.crt"); }

storage::DatabaseUrl Installation::UrlThrough(const std::string& proxy) const {
  storage::DatabaseUrl url = url_;
  url.unix_socket.clear();
  url.host = proxy.substr(0, proxy.find(':'));
  url.port = std::stoi(proxy.substr(proxy.find(':') + 1));
  return url;
}

std::vector<std::string> Installation::Flags() const {
  return {"--state-dir", state_dir().string(), "--db", UrlText(url_)};
}

std::vector<std::string> Installation::InitFlags() {
  return {"--currency", "EUR", "--time-zone", "Europe/Berlin", "--language", "de"};
}

Ended Installation::Loyaltyd(const std::string& command, const std::vector<std::string>& flags,
                             std::chrono::seconds most) const {
  ProcessOptions options;
  options.arguments = {ProgramPath(program_)};
  std::istringstream words(command);
  for (std::string word; words >> word;) options.arguments.push_back(word);
  const auto ours = Flags();
  options.arguments.insert(options.arguments.end(), ours.begin(), ours.end());
  options.arguments.insert(options.arguments.end(), flags.begin(), flags.end());
  options.log = directory_.path() / ("loyaltyd-" + NewName());
  return RunProgram(std::move(options), most);
}

void Installation::Execute(const std::string& sql) const { storage::Session(url_).Run(sql); }

std::int64_t Installation::Number(const std::string& sql) const {
  storage::Session session(url_);
  std::int64_t number = 0;
  int rows = 0;
  session.Read(sql, [&](std::int64_t value) {
    number = value;
    ++rows;
  });
  if (rows != 1) throw std::runtime_error(std::to_string(rows) + " rows: " + sql);
  return number;
}

std::map<std::string, std::int64_t> Installation::RowCounts() const {
  std::map<std::string, std::int64_t> counts;
  storage::Session session(url());
  for (const std::string& table : TableNames(session))
    if (!IsOfServers(table)) counts[table] = Number("SELECT COUNT(*) FROM " + table);
  return counts;
}

std::string MakeCertificate(const Installation& installation, const std::string& name) {
  auto path = (installation.directory() / name).string();
  const Ended made = RunProgram(
      {.arguments = {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                     "-subj", "/CN=" + name, "-days", "2", "-keyout", path + ".key", "-out", path + ".crt"},
       .log = path});
  if (made.code != 0) throw std::runtime_error("openssl: " + made.err);
  return path;
}

}  // namespace loyalty::test
