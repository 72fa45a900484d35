#include "clients/program.h"

#include <cstdlib>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "clients/files.h"
#include "clients/output.h"

namespace loyalty::client {
namespace {

struct Setting {
  const char* option;
  const char* variable;
};

constexpr Setting kSettings[] = {{"--server", "LOYALTY_SERVER"},   {"--key-file", "LOYALTY_KEY_FILE"},
                                 {"--ca", "LOYALTY_CA"},           {"--insecure", "LOYALTY_INSECURE"},
                                 {"--cert", "LOYALTY_CERT"},       {"--cert-key", "LOYALTY_CERT_KEY"},
                                 {"--timeout", "LOYALTY_TIMEOUT"}, {"--state-dir", "LOYALTY_STATE_DIR"},
                                 {"--output", "LOYALTY_OUTPUT"},   {"--config", "LOYALTY_CONFIG"}};

constexpr Setting kPersons[] = {{"--session-file", "LOYALTY_SESSION_FILE"}};

// The environment as options.
std::vector<std::string> FromEnvironment(bool takes_persons) {
  std::vector<std::string> arguments;
  std::vector<Setting> settings(std::begin(kSettings), std::end(kSettings));
  if (takes_persons) settings.insert(settings.end(), std::begin(kPersons), std::end(kPersons));
  for (const auto& setting : settings) {
    const char* value = std::getenv(setting.variable);
    if (value != nullptr && *value != '\0') arguments.push_back(std::string(setting.option) + "=" + value);
  }
  return arguments;
}

bool IsTrue(std::string_view text) { return text == "true" || text == "on" || text == "yes" || text == "1"; }

// Which way to the server options name, whatever their order.
struct Way {
  bool tls = false;
  bool plain = false;

  bool open() const { return tls == plain; }
};

Way WayOf(const std::vector<std::string>& arguments) {
  constexpr std::string_view kCa = "--ca";
  constexpr std::string_view kInsecure = "--insecure";
  Way way;
  for (const std::string_view argument : arguments) {
    const auto name = argument.substr(0, argument.find('='));
    if (name == kCa) way.tls = true;
    if (name == kInsecure) way.plain = name == argument || IsTrue(argument.substr(name.size() + 1));
  }
  return way;
}

}  // namespace

std::string ExitCodesHelp() {
  return "Exit codes:\n"
         "  0 done\n"
         "  1 refused by the server\n"
         "  2 wrong usage, setting or input file; nothing was sent\n"
         "  3 replay: some receipts rejected\n"
         "  4 server unreachable or tries used up; the same command resumes\n"
         "  5 a local file could not be read or written\n"
         "With --output json a failure is on stdout too: {\"error\": {\"code\": 1, \"reason\": ..., \"message\": "
         "...}}\n";
}

Program::Program(std::string name, const std::string& description) : name_(std::move(name)), line_(name_, description) {
  const Command root = line_.root();
  root.RequireCommand();
  const std::string group = "Connection";
  root.Add("--server", connection_.server, "Server to call (env LOYALTY_SERVER)").Type("HOST:PORT").Group(group);
  root.Add("--key-file", key_file_, "File whose first line is the key (env LOYALTY_KEY_FILE)")
      .Type("FILE")
      .Group(group);
  root.Add("--ca", ca_file_, "TLS: trust this certificate, PEM (env LOYALTY_CA)").Type("FILE").Group(group);
  root.Add("--cert", cert_file_, "TLS: the certificate of this client, PEM (env LOYALTY_CERT)")
      .Type("FILE")
      .Group(group);
  root.Add("--cert-key", cert_key_file_, "Its private key, PEM (env LOYALTY_CERT_KEY)").Type("FILE").Group(group);
  root.AddFlag("--insecure", connection_.insecure, "No TLS: this machine or a private network (env LOYALTY_INSECURE)")
      .Group(group);
  root.Add("--timeout", connection_.timeout_seconds, "Seconds to wait for each try of a call (env LOYALTY_TIMEOUT)")
      .Range(0.1, 3600.0)
      .ShowDefault()
      .Group(group);
  root.Add("--state-dir", state_dir_,
           "Where unfinished requests are kept (env LOYALTY_STATE_DIR; default ~/.local/state/loyalty)")
      .Type("DIR")
      .Group(group);
  root.Add("--output", output_, "table for people, json for programs (env LOYALTY_OUTPUT)")
      .OneOf({"table", "json"})
      .ShowDefault()
      .Group(group);
  line_
      .AddSettingsFile("--config", "Settings from a TOML or INI file, by the names of the options (env LOYALTY_CONFIG)")
      .Type("FILE")
      .Group(group);
}

void Program::Choose(std::function<Outcome(Session&)> command) {
  command_ = std::move(command);
  connection_.keyless = false;
}

void Program::ChooseWithoutKey(std::function<Outcome(Session&)> command) {
  command_ = std::move(command);
  connection_.keyless = true;
}

void Program::ChooseOffline(std::function<Outcome()> command) { offline_ = std::move(command); }

void Program::TakePersons() {
  takes_persons_ = true;
  const std::string group = "Persons";
  line_.root()
      .Add("--session-file", session_file_,
           "File with the session of who has signed on; none: nobody has (env LOYALTY_SESSION_FILE)")
      .Type("FILE")
      .Group(group);
  line_.root()
      .Add("--approval-key-file", approval_key_file_,
           "File with the key of a second person who approves; with a key that is no terminal's")
      .Type("FILE")
      .Group(group);
}

int Program::Run(int argc, char** argv) {
  const std::vector<std::string> line(argv + 1, argv + argc);
  // The environment in front, since a later one wins: command line before environment before file. The parser by itself
  // would let the file win over the environment.
  auto arguments = FromEnvironment(takes_persons_);
  const Way outer = WayOf(arguments);
  arguments.insert(arguments.end(), line.begin(), line.end());
  if (const auto code = line_.Parse(std::move(arguments))) return *code;
  // --ca and --insecure are one setting with two names: the one that is nearer to the user replaces the other.
  const Way inner = WayOf(line);
  const Way& way = inner.tls || inner.plain ? inner : outer;
  if (!way.open()) {
    if (way.plain) ca_file_.clear();
    if (way.tls) connection_.insecure = false;
  }
  const auto report = [this, before = PrintedBytes()](const Outcome& outcome) {
    // One answer on stdout, not two: a summary or a report tells by itself what has failed.
    return Report(name_.c_str(), outcome, format() == OutputFormat::kJson && PrintedBytes() == before);
  };
  if (offline_) return report(offline_());
  std::optional<Session> session;
  if (auto failed = OpenSession(session)) return report(failed);
  return report(command_(*session));
}

Outcome Program::OpenSession(std::optional<Session>& session) const {
  ConnectionOptions options = connection_;
  options.key_file = key_file_;
  options.ca_file = ca_file_;
  options.cert_file = cert_file_;
  options.cert_key_file = cert_key_file_;
  options.session_file = session_file_;
  options.approval_key_file = approval_key_file_;
  Connection connection;
  if (auto failed = Connection::Open(options, connection)) return failed;
  std::filesystem::path state_dir = state_dir_;
  if (state_dir.empty()) {
    auto found = DefaultStateDir();
    if (!found) return UsageFailure(found.error().message, "use --state-dir DIR");
    state_dir = *std::move(found);
  }
  session.emplace(std::move(connection), Journal(std::move(state_dir)), format());
  return {};
}

}  // namespace loyalty::client
