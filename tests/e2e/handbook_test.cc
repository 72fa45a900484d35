// docs/OPERATIONS.md says what the programs say: it cannot lag behind them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "tests/e2e/installation.h"

namespace loyalty::test {
namespace {

std::string Handbook() { return ReadText(std::string(LOYALTY_SOURCE) + "/docs/OPERATIONS.md"); }

struct Flag {
  std::string value;               // its default; empty: none
  std::set<std::string> commands;  // that take it
  bool operator==(const Flag&) const = default;
};
using Flags = std::map<std::string, Flag>;

std::ostream& operator<<(std::ostream& out, const Flag& flag) {
  out << flag.value << " of";
  for (const auto& command : flag.commands) out << " " << command;
  return out;
}

// What `loyaltyd COMMAND --help` says of flags.
Flags FlagsOfHelp(const std::vector<std::string>& command) {
  const ScratchDirectory directory;
  ProcessOptions options;
  options.arguments = {ProgramPath("loyaltyd")};
  std::string name;
  for (const auto& word : command) {
    options.arguments.push_back(word);
    name += (name.empty() ? "" : " ") + word;
  }
  options.arguments.emplace_back("--help");
  options.environment["XDG_STATE_HOME"] = "$XDG_STATE_HOME";  // as it stands in the handbook
  options.log = directory.path() / "help";
  const Ended help = RunProgram(std::move(options));
  EXPECT_EQ(help.code, 0) << help.err;
  Flags flags;
  const std::regex line(R"(\n  (--[a-z-]+)(?: [A-Z]+(?:=(\S+))?)?)");
  const std::string text = help.out.substr(0, help.out.find("\nExamples:"));
  for (std::sregex_iterator at(text.begin(), text.end(), line), end; at != end; ++at)
    flags[(*at)[1]] = {(*at)[2], {name}};
  return flags;
}

// | `--flag` | `default` | commands | what it is |
Flags FlagsOfHandbook() {
  Flags flags;
  const std::string text = Handbook();
  const std::regex row(R"re(\n\| `(--[a-z-]+)` \| (?:`([^`]*)`)? *\| ([a-z, -]+) \|)re");
  for (std::sregex_iterator at(text.begin(), text.end(), row), end; at != end; ++at) {
    Flag flag{(*at)[2], {}};
    std::istringstream commands((*at)[3]);
    for (std::string command; std::getline(commands >> std::ws, command, ',');) flag.commands.insert(command);
    EXPECT_TRUE(flags.emplace((*at)[1], flag).second) << (*at)[1] << " stands there twice";
  }
  return flags;
}

TEST(Handbook, HasEachFlagOfEachCommandWithItsDefault) {
  Flags all;
  for (const std::vector<std::string>& command : {std::vector<std::string>{"init"},
                                                  {"serve"},
                                                  {"migrate"},
                                                  {"verify"},
                                                  {"backup"},
                                                  {"restore"},
                                                  {"key", "backup"},
                                                  {"admin-key", "new"}})
    for (const auto& [name, flag] : FlagsOfHelp(command)) {
      Flag& known = all.emplace(name, Flag{flag.value, {}}).first->second;
      EXPECT_EQ(known.value, flag.value) << name;
      known.commands.insert(flag.commands.begin(), flag.commands.end());
    }
  EXPECT_GT(all.size(), 15U);
  const Flags told = FlagsOfHandbook();
  for (const auto& [name, flag] : all) {
    ASSERT_TRUE(told.contains(name)) << name << " is not in docs/OPERATIONS.md";
    EXPECT_EQ(told.at(name), flag) << name;
  }
  for (const auto& [name, flag] : told) EXPECT_TRUE(all.contains(name)) << "there is no " << name;
}

TEST(Handbook, HasAHeadingForEachAlertAndForNoOther) {
  const auto all = [](const std::string& text, const std::string& pattern) {
    std::set<std::string> found;
    const std::regex regex(pattern);
    for (std::sregex_iterator at(text.begin(), text.end(), regex), end; at != end; ++at) found.insert((*at)[1]);
    return found;
  };
  const std::string rules = ReadText(std::string(LOYALTY_SOURCE) + "/deploy/prometheus/alerts.yml");
  const auto alerts = all(rules, "- alert: ([A-Za-z]+)\n");
  EXPECT_GT(alerts.size(), 10U);
  EXPECT_EQ(all(Handbook(), "\n#### (Stammgast[A-Za-z]+)\n"), alerts);
  // The rules point there by what a heading becomes on a page.
  std::set<std::string> anchors;
  for (std::string name : alerts) {
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    anchors.insert("docs/OPERATIONS.md#" + name);
  }
  EXPECT_EQ(all(rules, "runbook: (\\S+)"), anchors);
}

}  // namespace
}  // namespace loyalty::test
