#include "clients/program.h"

#include <cstdlib>
#include <utility>
#include <vector>

#include "clients/files.h"

namespace loyalty::client {
namespace {

struct Setting {
  const char* option;
  const char* variable;
};

constexpr Setting kSettings[] = {
    {"--server", "LOYALTY_SERVER"},     {"--key-file", "LOYALTY_KEY_FILE"},   {"--ca", "LOYALTY_CA"},
    {"--insecure", "LOYALTY_INSECURE"}, {"--state-dir", "LOYALTY_STATE_DIR"}, {"--output", "LOYALTY_OUTPUT"}};

// The environment as options in front of the others, where a later one wins: command line before environment before
// file. CLI11 2.1 by itself would let the file win over the environment.
std::vector<std::string> Arguments(int argc, char** argv) {
  std::vector<std::string> arguments;
  for (const auto& setting : kSettings) {
    const char* value = std::getenv(setting.variable);
    if (value != nullptr && *value != '\0') arguments.push_back(std::string(setting.option) + "=" + value);
  }
  arguments.insert(arguments.end(), argv + 1, argv + argc);
  return {arguments.rbegin(), arguments.rend()};  // CLI11 takes them from the back
}

}  // namespace

std::string ExitCodesHelp() {
  return "Exit codes:\n"
         "  0 done\n"
         "  1 refused by the server\n"
         "  2 wrong usage, setting or input file; nothing was sent\n"
         "  3 replay: some receipts rejected\n"
         "  4 server unreachable or tries used up; the same command resumes\n"
         "  5 a local file could not be read or written\n";
}

Program::Program(std::string name, const std::string& description) : name_(std::move(name)), app_(description, name_) {
  app_.fallthrough();
  app_.require_subcommand(1);
  app_.option_defaults()->take_last();
  const std::string group = "Connection";
  app_.add_option("--server", connection_.server, "Server to call (env LOYALTY_SERVER)")
      ->type_name("HOST:PORT")
      ->group(group);
  app_.add_option("--key-file", key_file_, "File whose first line is the key (env LOYALTY_KEY_FILE)")
      ->type_name("FILE")
      ->group(group);
  app_.add_option("--ca", ca_file_, "TLS: trust this certificate, PEM (env LOYALTY_CA)")
      ->type_name("FILE")
      ->group(group);
  app_.add_flag("--insecure", connection_.insecure, "No TLS: this machine or a private network (env LOYALTY_INSECURE)")
      ->group(group);
  app_.add_option("--timeout", connection_.timeout_seconds, "Seconds to wait for each try of a call")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str()
      ->group(group);
  app_.add_option("--state-dir", state_dir_,
                  "Where unfinished requests are kept (env LOYALTY_STATE_DIR; default ~/.local/state/loyalty)")
      ->type_name("DIR")
      ->group(group);
  app_.add_option("--output", output_, "table for people, json for programs (env LOYALTY_OUTPUT)")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str()
      ->group(group);
  app_.set_config("--config", "", "Settings from a TOML or INI file, by the names of the options")
      ->type_name("FILE")
      ->group(group);
  app_.allow_config_extras(CLI::config_extras_mode::error);
}

void Program::Choose(std::function<Outcome(Session&)> command) { command_ = std::move(command); }

void Program::ChooseOffline(std::function<Outcome()> command) { offline_ = std::move(command); }

int Program::Run(int argc, char** argv) {
  try {
    app_.parse(Arguments(argc, argv));
  } catch (const CLI::Success& help) {
    return app_.exit(help);
  } catch (const CLI::ParseError& error) {
    app_.exit(error);
    return static_cast<int>(ExitCode::kUsage);
  }
  if (offline_) return Report(name_.c_str(), offline_());
  std::optional<Session> session;
  if (auto failed = OpenSession(session)) return Report(name_.c_str(), failed);
  return Report(name_.c_str(), command_(*session));
}

Outcome Program::OpenSession(std::optional<Session>& session) const {
  ConnectionOptions options = connection_;
  options.key_file = key_file_;
  options.ca_file = ca_file_;
  Connection connection;
  if (auto failed = Connection::Open(options, connection)) return failed;
  std::filesystem::path state_dir = state_dir_;
  if (state_dir.empty()) {
    auto found = DefaultStateDir();
    if (!found) return UsageFailure(found.error().message, "use --state-dir DIR");
    state_dir = *std::move(found);
  }
  session.emplace(std::move(connection), Journal(std::move(state_dir)),
                  output_ == "json" ? OutputFormat::kJson : OutputFormat::kTable);
  return {};
}

}  // namespace loyalty::client
