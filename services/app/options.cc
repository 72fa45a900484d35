#include "services/app/options.h"

#include <CLI/CLI.hpp>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>

#include "services/app/version.h"

namespace loyalty {
namespace {

constexpr const char* kExamples = R"(Examples:
  loyaltyd init --currency EUR --time-zone Europe/Berlin --country DE --language de --self-signed
  loyaltyd init --currency EUR --time-zone Europe/Berlin --self-signed --tls-names points.example,192.0.2.7
  loyaltyd serve --tls-cert DIR/tls.crt --tls-key DIR/tls.key
  loyaltyd serve --listen 127.0.0.1:50051 --insecure
  loyaltyd serve --tls-cert server.crt --tls-key server.key --tls-client-ca ca.crt --tls-crl-dir /etc/loyalty/crl
  loyaltyd admin-key new                         (the key of the administrator was lost)
  loyaltyd verify --db mysql://loyalty@db.example:3306/loyalty?sslca=/etc/ssl/db-ca.pem
  loyaltyd backup /var/backups/loyaltyd
  loyaltyd restore --check /var/backups/loyaltyd
  loyaltyd key backup /media/safe/loyaltyd
  loyaltyd verify --since 1.2048.31.97.3f2a...   (the SEAL of a day before: nothing it covers may be gone)

Every flag can be set by the environment (--state-dir: LOYALTY_STATE_DIR), or by a line of the configuration file
(state-dir = "/var/lib/loyaltyd"). Flags win over the environment, the environment over the file. A password of the
database comes from LOYALTY_DB_PASSWORD or the file of --db-password-file, never from the command line.

Exit codes: 0 done; 1 refused (the text says why); 2 wrong usage or settings; 4 not now: the database does not answer or
the port is taken, and to try again may help. What starts a server again by itself should stop at 1 and 2.)";

std::string EnvironmentName(std::string flag) {
  for (char& c : flag) c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return "LOYALTY_" + flag;
}

std::string DefaultStateDir() {
  if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state != '\0')
    return std::string(state) + "/loyaltyd";
  const char* home = std::getenv("HOME");
  return home == nullptr ? "/var/lib/loyaltyd" : std::string(home) + "/.local/state/loyaltyd";
}

// A flag that can be set by the environment too.
template <typename Value>
void Add(CLI::App* app, const std::string& name, Value& value, const std::string& help) {
  app->add_option("--" + name, value, help)->envname(EnvironmentName(name))->capture_default_str();
}

void AddDatabase(CLI::App* app, Options& options) {
  Add(app, "db", options.db,
      "sqlite:///FILE or mysql://USER@HOST:PORT/DB?sslca=FILE; default: a file in the state dir");
  Add(app, "db-password-file", options.db_password_file, "File that holds the password of the database");
}

void AddCommon(CLI::App* app, Options& options, std::string& config) {
  Add(app, "state-dir", options.state_dir, "Directory of keys and, with SQLite, of the database");
  app->add_option("--config", config, "Configuration file")->envname("LOYALTY_CONFIG");
}

void AddInit(CLI::App* app, Options& options) {
  Add(app, "currency", options.currency, "ISO 4217 code of the program's points; cannot be changed later");
  Add(app, "time-zone", options.time_zone, "IANA time zone in which points expire, for instance Europe/Berlin");
  Add(app, "language", options.language, "Default language of members, BCP 47; en when nothing is said");
  Add(app, "country", options.country,
      "Country of ISO 3166, for instance DE, to which phone numbers without a country code belong; else they need one");
  app->add_flag("--self-signed", options.self_signed, "Also make tls.crt and tls.key for this machine");
  Add(app, "tls-names", options.tls_names,
      "With --self-signed: further names and addresses, separated by commas, by which clients reach the server");
}

void AddServe(CLI::App* app, Options& options) {
  Add(app, "listen", options.listen, "HOST:PORT for gRPC; port 0: any free one");
  Add(app, "admin-listen", options.admin_listen,
      "HOST:PORT for gRPC with all services, reflection and channelz; --listen then has only what a terminal may call");
  Add(app, "http", options.http, "HOST:PORT for /healthz and /metrics; default: none");
  Add(app, "tls-cert", options.tls_cert, "Certificate chain, PEM; read again when the file changes");
  Add(app, "tls-key", options.tls_key, "Its private key, PEM");
  Add(app, "tls-client-ca", options.tls_client_ca,
      "Only clients with a certificate of this CA may connect, PEM; one with the URI stammgast:stores/S/terminals/T is "
      "that terminal's, and no other key comes through it");
  Add(app, "tls-crl-dir", options.tls_crl_dir,
      "Directory of lists of revoked certificates (CRL) of that CA, PEM or DER; looked at every second");
  app->add_flag("--insecure", options.insecure, "No TLS; on a loopback address only")->envname("LOYALTY_INSECURE");
  app->add_option(
         "--trusted-proxy", options.trusted_proxies,
         "NETWORK, for instance 10.0.0.7 or 2001:db8::/64, of proxies whose X-Forwarded-For is the address of "
         "the caller, for limits by address, and whose Ssl-Client-Cert is its certificate; may be given again, or "
         "several separated by commas")
      ->envname("LOYALTY_TRUSTED_PROXY")
      ->delimiter(',')
      ->take_all();
  Add(app, "lanes", options.lanes, "Parallel write transactions; 0: what fits the database (SQLite: always 1)");
  Add(app, "slow-call-ms", options.slow_call_ms,
      "Calls that take so many milliseconds or more get a line in the log, as those that fail do; 0: each call");
}

void AddVerify(CLI::App* app, Options& options) {
  Add(app, "since", options.since, "A SEAL that verify or the log told: also check that nothing it covers is gone");
}

void AddAdminKey(CLI::App* app, Options& options) {
  app->add_option("--out", options.out, "File for the key, readable by you only; default: admin.key in the state dir");
}

void AddDirectory(CLI::App* app, Options& options, const std::string& help) {
  app->add_option("DIR", options.directory, help)->required();
}

void AddRestore(CLI::App* app, Options& options) {
  app->add_flag("--check", options.check, "Restore into a place of its own beside the backup, and keep nothing");
  app->add_option("--into", options.into, "Restore into this directory, which is new or empty, and keep it");
}

// The configuration file's lines become environment variables where there are none: that is their precedence.
void ApplyConfig(int argc, char** argv, const std::set<std::string>& known) {
  std::string path = std::getenv("LOYALTY_CONFIG") == nullptr ? "" : std::getenv("LOYALTY_CONFIG");
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--config" && i + 1 < argc) path = argv[i + 1];
    if (argument.rfind("--config=", 0) == 0) path = argument.substr(9);
  }
  if (path.empty()) return;
  std::ifstream file(path);
  if (!file) throw CLI::FileError::Missing(path);
  for (const auto& item : CLI::ConfigINI().from_config(file)) {
    if (item.inputs.empty()) continue;
    if (known.count(item.name) == 0 || item.inputs.size() != 1)
      throw CLI::ConversionError(path + ": unknown setting '" + item.fullname() + "'");
    setenv(EnvironmentName(item.name).c_str(), item.inputs[0].c_str(), 0);
  }
}

}  // namespace

Options ParseOptions(int argc, char** argv, int& exit_code) {
  std::string config;
  CLI::App app("The server of a Stammgast loyalty program.", "loyaltyd");
  app.footer(kExamples);
  app.set_version_flag("--version", ProgramVersions, "Print the versions of program, schema and libraries");
  app.require_subcommand(1);
  struct Command {
    CLI::App* app;
    Options options;  // of its own: the parser also reads the environment for commands that were not given
  };
  CLI::App* key = app.add_subcommand("key", "The secrets of the state directory");
  key->require_subcommand(1);
  CLI::App* admin_key = app.add_subcommand("admin-key", "Keys of administrators, made on this machine");
  admin_key->require_subcommand(1);
  std::array<Command, 8> commands{
      {{app.add_subcommand("init", "Make tables, keys and the program; a repeat keeps what is there"), {}},
       {app.add_subcommand("serve", "Run the server until SIGTERM or SIGINT"), {}},
       {app.add_subcommand("migrate", "Bring an older database up to date"), {}},
       {app.add_subcommand("verify", "Recompute every balance from the ledger; exit 1 names the first fault"), {}},
       {app.add_subcommand("backup", "Copy the database into a new directory below DIR while servers go on"), {}},
       {app.add_subcommand("restore", "Make a database of a backup again, prove it, and say where its books end"), {}},
       {key->add_subcommand("backup", "Copy chain.key, admin.key and the files of TLS to DIR"), {}},
       {admin_key->add_subcommand("new", "Make another one: the old one was lost"), {}}}};
  constexpr std::array kCommands{Options::Command::kInit,      Options::Command::kServe,   Options::Command::kMigrate,
                                 Options::Command::kVerify,    Options::Command::kBackup,  Options::Command::kRestore,
                                 Options::Command::kKeyBackup, Options::Command::kAdminKey};
  for (std::size_t i = 0; i < commands.size(); ++i) {
    commands[i].options.command = kCommands[i];
    commands[i].options.state_dir = DefaultStateDir();
    AddCommon(commands[i].app, commands[i].options, config);
    if (kCommands[i] != Options::Command::kRestore && kCommands[i] != Options::Command::kKeyBackup)
      AddDatabase(commands[i].app, commands[i].options);
    commands[i].app->footer(kExamples);
  }
  AddInit(commands[0].app, commands[0].options);
  AddServe(commands[1].app, commands[1].options);
  AddVerify(commands[3].app, commands[3].options);
  AddDirectory(commands[4].app, commands[4].options, "Where backups lie; made when it is not there");
  AddDirectory(commands[5].app, commands[5].options, "A backup, or where backups lie: then the newest");
  AddRestore(commands[5].app, commands[5].options);
  AddDirectory(commands[6].app, commands[6].options, "Where the copies lie; made when it is not there");
  AddAdminKey(commands[7].app, commands[7].options);
  std::set<std::string> known;
  for (const Command& command : commands)
    for (const CLI::Option* option : command.app->get_options())
      if (!option->get_lnames().empty()) known.insert(option->get_lnames()[0]);
  try {
    ApplyConfig(argc, argv, known);
    app.parse(argc, argv);
    exit_code = -1;
  } catch (const CLI::ParseError& error) {
    exit_code = app.exit(error) == 0 ? kExitOk : kExitUnable;
  }
  for (Command& command : commands)
    if (*command.app) return std::move(command.options);
  return {};
}

Result<storage::DatabaseUrl> DatabaseOf(const Options& options) {
  const std::string text =
      options.db.empty()
          ? "sqlite://" + std::filesystem::absolute(options.state_dir).lexically_normal().string() + "/loyalty.db"
          : options.db;
  auto url = storage::ParseDatabaseUrl(text);
  if (!url) return url;
  // Only init makes a database: a misspelt name must not become a new, empty one.
  if (url->engine == storage::Engine::kSqlite && options.command != Options::Command::kInit &&
      !std::filesystem::exists(url->path))
    return InvalidField("db", "there is no " + url->path + ": 'loyaltyd init' makes it");
  if (!options.db_password_file.empty()) {
    std::ifstream file(options.db_password_file);
    if (!std::getline(file, url->password))
      return InvalidField("db-password-file", "cannot read a password from " + options.db_password_file);
  } else if (const char* password = std::getenv("LOYALTY_DB_PASSWORD"); password != nullptr) {
    url->password = password;
  }
  return url;
}

}  // namespace loyalty
