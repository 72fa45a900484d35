#include "clients/command_line.h"

#include <grpcpp/version_info.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <limits>
#include <sstream>
#include <utility>

#include "clients/failure.h"
#include "domain/version.h"

namespace loyalty::client {
namespace {

// The parser's own Range answers numbers of double precision written out in full.
template <typename Number>
CLI::Validator Between(Number least, Number most, const std::string& what, const std::string& shown) {
  return CLI::Validator(
      [=](std::string& input) {
        Number value{};
        if (CLI::detail::lexical_cast(input, value) && value >= least && value <= most) return std::string();
        return what + ", not '" + input + "'";
      },
      shown);
}

template <typename Number>
CLI::Validator Between(Number least, Number most, const std::string& kind) {
  std::ostringstream range;
  range << least << " to " << most;
  return Between(least, most, kind + " from " + range.str(), range.str());
}

// Groups of options like those the parser prints itself, with the rule of the group behind the heading.
class Formatter : public CLI::Formatter {
 public:
  std::string make_expanded(const CLI::App* group) const override {
    const auto options = group->get_options([&](const CLI::Option* option) { return option != group->get_help_ptr(); });
    const bool one = group->get_require_option_min() == 1;
    return make_group(group->get_group() + (one ? " (exactly one)" : " (at most one)"), false, options);
  }
};

}  // namespace

Option Option::Type(const std::string& name) const { return Option(option_->type_name(name)); }
Option Option::Group(const std::string& name) const { return Option(option_->group(name)); }
Option Option::Required() const { return Option(option_->required()); }
Option Option::Range(int least, int most) const {
  return Option(option_->check(Between(least, most, "a whole number")));
}
Option Option::Range(double least, double most) const {
  return Option(option_->check(Between(least, most, "a number")));
}
Option Option::Positive() const {
  return Option(
      option_->check(Between<std::int64_t>(1, std::numeric_limits<std::int64_t>::max(), "at least 1", "POSITIVE")));
}
Option Option::OneOf(const std::vector<std::string>& values) const {
  return Option(option_->check(CLI::IsMember(values)));
}
Option Option::ShowDefault() const { return Option(option_->capture_default_str()); }
Option Option::Excludes(const Option& other) const { return Option(option_->excludes(other.option_)); }

Option Command::Add(const std::string& name, std::string& value, const std::string& help) const {
  return Option(app_->add_option(name, value, help));
}
Option Command::Add(const std::string& name, std::int32_t& value, const std::string& help) const {
  return Option(app_->add_option(name, value, help));
}
Option Command::Add(const std::string& name, std::int64_t& value, const std::string& help) const {
  return Option(app_->add_option(name, value, help));
}
Option Command::Add(const std::string& name, double& value, const std::string& help) const {
  return Option(app_->add_option(name, value, help));
}
Option Command::Add(const std::string& name, std::vector<std::string>& values, const std::string& help) const {
  return Option(app_->add_option(name, values, help)->take_all());
}
Option Command::Add(const std::string& name, const std::function<void(const std::string&)>& take,
                    const std::string& help) const {
  return Option(app_->add_option_function<std::string>(name, take, help));
}
Option Command::AddFlag(const std::string& name, bool& value, const std::string& help) const {
  return Option(app_->add_flag(name, value, help));
}

Command Command::AddGroup(const std::string& name) const { return Command(app_->add_option_group(name)); }
void Command::RequireOptions(std::size_t least, std::size_t most) const { app_->require_option(least, most); }
Command Command::AddCommand(const std::string& name, const std::string& description) const {
  return Command(app_->add_subcommand(name, description));
}
void Command::RequireCommand() const { app_->require_subcommand(1); }
void Command::Footer(const std::string& text) const { app_->footer(text); }
void Command::OnUse(std::function<void()> action) const { app_->callback(std::move(action)); }

CommandLine::CommandLine(const std::string& name, const std::string& description)
    : app_(std::make_unique<CLI::App>(description, name)) {
  app_->formatter(std::make_shared<Formatter>());
  app_->set_version_flag("--version", name + " " + VersionText() + "\ngRPC " + GRPC_CPP_VERSION_STRING,
                         "Print the versions of program and libraries");
  app_->fallthrough();
  app_->option_defaults()->take_last();
}

CommandLine::~CommandLine() = default;

Option CommandLine::AddSettingsFile(const std::string& name, const std::string& help) {
  app_->allow_config_extras(CLI::config_extras_mode::error);
  return Option(app_->set_config(name, "", help));
}

std::optional<int> CommandLine::Parse(std::vector<std::string> arguments) {
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
  try {
    app_->parse(std::move(arguments));
  } catch (const CLI::Success& help) {
    return app_->exit(help);
  } catch (const CLI::ParseError& error) {
    app_->exit(error);
    return static_cast<int>(ExitCode::kUsage);
  }
  return std::nullopt;
}

}  // namespace loyalty::client
