#include "tests/e2e/shell.h"

#include <atomic>
#include <fstream>

namespace loyalty::test {
namespace {

int NextNumber() {
  static std::atomic<int> count{0};
  return ++count;
}

}  // namespace

Shell::Shell(const Installation& installation, std::string address, bool tls)
    : installation_(installation),
      address_(std::move(address)),
      tls_(tls),
      directory_(installation.directory() / ("shell-" + std::to_string(NextNumber()))),
      key_file_(admin_key()) {
  std::filesystem::create_directory(directory_);
}

std::filesystem::path Shell::Write(const std::string& name, const std::string& text) const {
  std::ofstream(File(name), std::ios::binary) << text;
  return File(name);
}

Ended Shell::Admin(const std::vector<std::string>& arguments) const { return RunProgram(AdminProcess(arguments)); }

Ended Shell::Till(const std::vector<std::string>& arguments) const { return RunProgram(TillProcess(arguments)); }

ProcessOptions Shell::AdminProcess(const std::vector<std::string>& arguments) const {
  return Options("loyalty-admin", arguments);
}

ProcessOptions Shell::TillProcess(const std::vector<std::string>& arguments) const {
  return Options("loyalty-till", arguments);
}

std::vector<std::string> Shell::WithJson(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--output", "json"});
  return arguments;
}

ProcessOptions Shell::Options(const std::string& program, const std::vector<std::string>& arguments) const {
  ProcessOptions options;
  options.arguments = {ProgramPath(program), "--server",          address_, "--key-file", key_file_.string(),
                       "--state-dir",        state_dir().string()};
  if (tls_) {
    options.arguments.insert(options.arguments.end(), {"--ca", (installation_.state_dir() / "tls.crt").string()});
  } else {
    options.arguments.emplace_back("--insecure");
  }
  options.arguments.insert(options.arguments.end(), arguments.begin(), arguments.end());
  options.environment = environment_;
  options.directory = directory_;
  options.log = directory_ / (program + "-" + std::to_string(NextNumber()));
  return options;
}

}  // namespace loyalty::test
