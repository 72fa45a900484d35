// loyalty-till and loyalty-admin as a person or a script runs them.
#pragma once

#include <gtest/gtest.h>

#include <google/protobuf/util/json_util.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/e2e/installation.h"
#include "tests/support/process.h"

namespace loyalty::test {

// Programs that call one server. Each has a state directory and log files inside the installation's directory.
class Shell {
 public:
  // `tls`: trusts the installation's certificate; else plain text.
  Shell(const Installation& installation, std::string address, bool tls);

  // Another key than the admin's from now on; a path.
  void UseKey(std::filesystem::path file) { key_file_ = std::move(file); }
  std::filesystem::path admin_key() const { return installation_.state_dir() / "admin.key"; }
  std::filesystem::path state_dir() const { return directory_ / "state"; }
  // Variables of the programs' environment from now on.
  void UseEnvironment(std::map<std::string, std::string> environment) { environment_ = std::move(environment); }
  // A file of this name in the directory the programs run in.
  std::filesystem::path Write(const std::string& name, const std::string& text) const;
  std::filesystem::path File(const std::string& name) const { return directory_ / name; }

  Ended Admin(const std::vector<std::string>& arguments) const;
  Ended Till(const std::vector<std::string>& arguments) const;
  // The program, ready to be started.
  ProcessOptions AdminProcess(const std::vector<std::string>& arguments) const;
  ProcessOptions TillProcess(const std::vector<std::string>& arguments) const;

  // What `--output json` prints, as the message that it is. The run must end well and print nothing else.
  template <typename Message>
  Message AdminJson(std::vector<std::string> arguments) const {
    return Parse<Message>(arguments, Admin(WithJson(arguments)));
  }
  template <typename Message>
  Message TillJson(std::vector<std::string> arguments) const {
    return Parse<Message>(arguments, Till(WithJson(arguments)));
  }

 private:
  static std::vector<std::string> WithJson(std::vector<std::string> arguments);
  ProcessOptions Options(const std::string& program, const std::vector<std::string>& arguments) const;

  template <typename Message>
  static Message Parse(const std::vector<std::string>& arguments, const Ended& ended) {
    EXPECT_EQ(ended.code, 0) << ended.err;
    Message message;
    const auto status = google::protobuf::util::JsonStringToMessage(ended.out, &message);
    EXPECT_TRUE(status.ok()) << arguments.front() << ": " << ended.out << status.ToString();
    return message;
  }

  const Installation& installation_;
  std::string address_;
  bool tls_;
  std::filesystem::path directory_;
  std::filesystem::path key_file_;
  std::map<std::string, std::string> environment_;
};

}  // namespace loyalty::test
