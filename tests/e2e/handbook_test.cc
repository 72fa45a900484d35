// docs/OPERATIONS.md says what the programs say, and what is to be typed from README.md and docs/INTEGRATION.md is
// there: they cannot lag behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "tests/e2e/installation.h"

namespace loyalty::test {
namespace {

std::string Page(const std::string& name) { return ReadText(std::string(LOYALTY_SOURCE) + "/" + name); }
std::string Handbook() { return Page("docs/OPERATIONS.md"); }

// What a program says of a command.
std::string HelpOf(const std::string& program, const std::vector<std::string>& command) {
  const ScratchDirectory directory;
  ProcessOptions options;
  options.arguments = {ProgramPath(program)};
  options.arguments.insert(options.arguments.end(), command.begin(), command.end());
  options.arguments.emplace_back("--help");
  options.environment["XDG_STATE_HOME"] = "$XDG_STATE_HOME";  // as it stands in the handbook
  options.log = directory.path() / "help";
  const Ended help = RunProgram(std::move(options));
  EXPECT_EQ(help.code, 0) << program << ": " << help.err;
  return help.out;
}

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
  std::string name;
  for (const auto& word : command) name += (name.empty() ? "" : " ") + word;
  const std::string help = HelpOf("loyaltyd", command);
  Flags flags;
  const std::regex line(R"(\n  (--[a-z-]+)(?: [A-Z]+(?:=(\S+))?)?)");
  const std::string text = help.substr(0, help.find("\nExamples:"));
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

// A command as it is to be typed: a line of a block that begins with a program, or follows another one.
struct Typed {
  std::string line, program;
  std::vector<std::string> command, flags;
};

std::vector<Typed> TypedIn(const std::string& page) {
  std::vector<Typed> all;
  std::istringstream lines(Page(page));
  const std::regex start(R"((?:^|&& )(loyalty-till|loyalty-admin|loyaltyd) )"), word("[a-z]+(?:-[a-z]+)*");
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("loyalty", 0) != 0) continue;
    for (std::sregex_iterator at(line.begin(), line.end(), start), end; at != end; ++at) {
      Typed typed{line, (*at)[1], {}, {}};
      std::istringstream words(at->suffix());
      bool commands_end = false;
      for (std::string next; words >> next && next != "&&" && next != "&";) {
        if (next.rfind("--", 0) == 0) {
          typed.flags.push_back(next);
          if (typed.command.empty()) words >> next;  // what is said before the command has a value
        } else if (!commands_end && std::regex_match(next, word)) {
          typed.command.push_back(next);
          continue;
        }
        commands_end = !typed.command.empty();
      }
      all.push_back(std::move(typed));
    }
  }
  return all;
}

TEST(Handbook, WhatIsToBeTypedIsThere) {
  for (const std::string page : {"README.md", "docs/INTEGRATION.md"}) {
    const auto all = TypedIn(page);
    EXPECT_GE(all.size(), 3U) << page;
    for (const Typed& typed : all) {
      const std::string help = HelpOf(typed.program, typed.command) + HelpOf(typed.program, {});
      for (const auto& flag : typed.flags)
        EXPECT_TRUE(std::regex_search(help, std::regex("\\s" + flag + "\\s"))) << page << ": " << typed.line;
    }
  }
}

}  // namespace
}  // namespace loyalty::test
