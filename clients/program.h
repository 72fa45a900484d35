// What both programs have in common: options, settings from environment and file, opening a session, exit codes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "clients/command_line.h"
#include "clients/failure.h"
#include "clients/output.h"
#include "clients/session.h"

namespace loyalty::client {

class Program {
 public:
  // The global options are added to an app of the name with the description.
  Program(std::string name, const std::string& description);

  // Its commands are added to this.
  Command app() const { return line_.root(); }

  // What a subcommand does. Call it in the subcommand's callback; the last call counts.
  void Choose(std::function<Outcome(Session&)> command);
  void ChooseWithoutKey(std::function<Outcome(Session&)> command);  // calls carry no key
  void ChooseOffline(std::function<Outcome()> command);             // without a server

  // What a till takes beside: the session of who has signed on, and the key of who approves. Before Run.
  void TakePersons();
  // Where the session is kept; known while a command runs. Empty: nowhere.
  const std::string& session_file() const { return session_file_; }

  // What --output asks for; known while a command runs.
  OutputFormat format() const { return output_ == "json" ? OutputFormat::kJson : OutputFormat::kTable; }

  // Parses the command line, runs the chosen command, answers the exit code.
  int Run(int argc, char** argv);

 private:
  Outcome OpenSession(std::optional<Session>& session) const;

  std::string name_;
  CommandLine line_;
  ConnectionOptions connection_;
  std::string key_file_;
  std::string ca_file_;
  std::string cert_file_, cert_key_file_;
  std::string session_file_;
  std::string approval_key_file_;
  bool takes_persons_ = false;
  std::string state_dir_;
  std::string output_ = "table";
  std::function<Outcome()> offline_;
  std::function<Outcome(Session&)> command_;
};

// Commands of the program that a source is linked into: `const ProgramCommands kRedeem{AddRedeemCommand};` and nothing
// else anywhere. --help lists them in the order of their sources' names.
class ProgramCommands {
 public:
  explicit ProgramCommands(void (*add)(Program& program)) { All().push_back(add); }
  static void AddTo(Program& program) {
    for (const auto add : All()) add(program);
  }

 private:
  static std::vector<void (*)(Program& program)>& All() {
    static std::vector<void (*)(Program & program)> all;
    return all;
  }
};

// The exit codes, for the end of --help.
std::string ExitCodesHelp();

}  // namespace loyalty::client
