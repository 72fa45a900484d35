// The command line as the programs declare it: commands, options and groups. The parser stays behind this header,
// because it costs every source that sees it half a minute.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): the library is called so
class App;
class Option;
}  // namespace CLI

namespace loyalty::client {

// A handle of an option of a CommandLine; valid as long as that. Every function answers the same option again.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}

  Option Type(const std::string& name) const;   // what --help shows in place of a value
  Option Group(const std::string& name) const;  // the heading it stands under in --help
  Option Required() const;
  Option Range(int least, int most) const;  // both included
  Option Range(double least, double most) const;
  Option Positive() const;  // a whole number, at least 1
  Option OneOf(const std::vector<std::string>& values) const;
  Option ShowDefault() const;                  // --help shows the value the variable has now
  Option Excludes(const Option& other) const;  // both together are wrong usage

 private:
  CLI::Option* option_;
};

// A handle of a command, or of a group of its options; valid as long as its CommandLine.
class Command {
 public:
  explicit Command(CLI::App* app) : app_(app) {}

  // An option such as "--file" or "-f,--file", or an argument by position such as "file". Parsing writes what was given
  // to `value`, which has to live until then and stays as it is when nothing was given. The last one given counts.
  Option Add(const std::string& name, std::string& value, const std::string& help = {}) const;
  Option Add(const std::string& name, std::int32_t& value, const std::string& help = {}) const;
  Option Add(const std::string& name, std::int64_t& value, const std::string& help = {}) const;
  Option Add(const std::string& name, double& value, const std::string& help = {}) const;
  // All that were given, in their order.
  Option Add(const std::string& name, std::vector<std::string>& values, const std::string& help = {}) const;
  // Calls `take` with what was given; not at all when nothing was.
  Option Add(const std::string& name, const std::function<void(const std::string&)>& take,
             const std::string& help = {}) const;
  // An option without a value.
  Option AddFlag(const std::string& name, bool& value, const std::string& help) const;

  // Options of this command under a heading; RequireOptions then counts only them: exactly one, or at most one.
  Command AddGroup(const std::string& name) const;
  // Fewer than `least` or more than `most` of its options together are wrong usage.
  void RequireOptions(std::size_t least, std::size_t most) const;

  // A command below this one.
  Command AddCommand(const std::string& name, const std::string& description) const;
  // Exactly one command below this one has to be given.
  void RequireCommand() const;
  // What stands at the end of --help.
  void Footer(const std::string& text) const;
  // Called when the command was given and all options have their values.
  void OnUse(std::function<void()> action) const;

 private:
  CLI::App* app_;
};

// The command line of a program: what may be given, and then what was given.
class CommandLine {
 public:
  CommandLine(const std::string& name, const std::string& description);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  // The program itself. Its options may be given behind a command too.
  Command root() const { return Command(app_.get()); }

  // An option that names a file with values for the others. An unknown name in it is wrong usage.
  Option AddSettingsFile(const std::string& name, const std::string& help);

  // Nothing when the program shall go on. Otherwise all is printed, the answer is the exit code: 0 after --help,
  // that of wrong usage after an error.
  std::optional<int> Parse(std::vector<std::string> arguments);

 private:
  std::unique_ptr<CLI::App> app_;
};

}  // namespace loyalty::client
