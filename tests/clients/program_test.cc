#include "clients/program.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>

#include "tests/clients/temporary_directory.h"

namespace loyalty::client {
namespace {

using Variables = std::map<std::string, std::string>;

// Sets variables of the environment for the time of a test.
class Environment {
 public:
  explicit Environment(Variables variables) : variables_(std::move(variables)) {
    for (const auto& [name, value] : variables_) setenv(name.c_str(), value.c_str(), 1);
  }
  ~Environment() {
    for (const auto& [name, value] : variables_) unsetenv(name.c_str());
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  const Variables variables_;
};

class ProgramTest : public ::testing::Test {
 protected:
  ProgramTest() {
    std::ofstream(directory_.path() / "key") << "la_key\n";
    std::ofstream(directory_.path() / "ca.pem") << "no certificate, only read\n";
  }

  std::string File(const std::string& name) const { return directory_.path() / name; }

  // The exit code of `program ARGUMENTS... go`, which only opens a session.
  int Run(std::vector<std::string> arguments) {
    Program program("program", "A test.");
    program.app().AddCommand("go", "Goes").OnUse([&] {
      program.Choose([this](Session& session) -> Outcome {
        timeout_ = session.connection().timeout();
        server_ = session.connection().server();
        return {};
      });
    });
    arguments.insert(arguments.begin(), {"program", "--key-file", File("key"), "--state-dir", File("state")});
    arguments.emplace_back("go");
    std::vector<char*> argv;
    for (auto& argument : arguments) argv.push_back(argument.data());
    return program.Run(static_cast<int>(argv.size()), argv.data());
  }

  TemporaryDirectory directory_;
  std::chrono::milliseconds timeout_{0};
  std::string server_;
};

TEST_F(ProgramTest, ANumberOutOfRangeIsToldWhatIsAccepted) {
  const auto told = [](std::vector<std::string> arguments) {
    CommandLine line("program", "A test.");
    std::int64_t points = 0;
    double seconds = 0;
    std::int32_t streams = 0;
    line.root().Add("--points", points).Positive();
    line.root().Add("--timeout", seconds).Range(0.1, 3600.0);
    line.root().Add("--streams", streams).Range(1, 64);
    ::testing::internal::CaptureStderr();
    const auto code = line.Parse(std::move(arguments));
    const std::string text = ::testing::internal::GetCapturedStderr();
    return std::to_string(code.value_or(0)) + " " + text.substr(0, text.find('\n'));
  };
  EXPECT_EQ(told({"--points", "0"}), "2 --points: at least 1, not '0'");
  EXPECT_EQ(told({"--points", "ten"}), "2 --points: at least 1, not 'ten'");
  EXPECT_EQ(told({"--timeout", "abc"}), "2 --timeout: a number from 0.1 to 3600, not 'abc'");
  EXPECT_EQ(told({"--streams", "65"}), "2 --streams: a whole number from 1 to 64, not '65'");
  EXPECT_EQ(told({"--points", "1", "--timeout", "0.1", "--streams", "64"}), "0 ");
}

TEST_F(ProgramTest, WithJsonAFailureIsOnStdoutToo) {
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(Run({"--output", "json"}), 2) << "no server";
  const std::string out = ::testing::internal::GetCapturedStdout();
  for (const char* part : {"\"error\"", "\"code\": 2", "\"reason\": \"USAGE\"", "\"message\""})
    EXPECT_NE(out.find(part), std::string::npos) << part << " in " << out;
}

TEST_F(ProgramTest, TheCommandLineWinsOverTheOppositeInEnvironmentAndFile) {
  std::ofstream(File("tls.toml")) << "ca = \"" << File("ca.pem") << "\"\n";
  std::ofstream(File("plain.toml")) << "insecure = true\n";
  const std::vector<std::string> server{"--server", "localhost:1"};
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), server.begin(), server.end());
    return Run(std::move(arguments));
  };
  EXPECT_EQ(run({"--insecure"}), 0);
  EXPECT_EQ(run({"--ca", File("ca.pem")}), 0);
  EXPECT_EQ(run({}), 2) << "neither";
  EXPECT_EQ(run({"--insecure", "--ca", File("ca.pem")}), 2) << "both at one place";
  EXPECT_EQ(run({"--config", File("tls.toml"), "--insecure"}), 0);
  EXPECT_EQ(run({"--config", File("plain.toml"), "--ca=" + File("ca.pem")}), 0);
  {
    const Environment tls(Variables{{"LOYALTY_CA", File("ca.pem")}});
    EXPECT_EQ(run({}), 0);
    EXPECT_EQ(run({"--insecure"}), 0);
    EXPECT_EQ(run({"--insecure=false"}), 0);
    EXPECT_EQ(run({"--config", File("plain.toml")}), 0) << "environment before file";
  }
  {
    const Environment plain(Variables{{"LOYALTY_INSECURE", "true"}});
    EXPECT_EQ(run({}), 0);
    EXPECT_EQ(run({"--ca", File("ca.pem")}), 0);
    EXPECT_EQ(run({"--ca", File("absent.pem")}), 5) << "it is the certificate that counts";
    EXPECT_EQ(run({"--config", File("tls.toml")}), 0);
  }
  {
    const Environment both(Variables{{"LOYALTY_INSECURE", "true"}, {"LOYALTY_CA", File("ca.pem")}});
    EXPECT_EQ(run({}), 2);
    EXPECT_EQ(run({"--insecure"}), 0);
  }
}

TEST_F(ProgramTest, EverySettingComesFromCommandLineEnvironmentOrFileInThisOrder) {
  std::ofstream(File("settings.toml")) << "server = \"file:1\"\ntimeout = 3\ninsecure = true\n";
  const Environment config(Variables{{"LOYALTY_CONFIG", File("settings.toml")}});
  EXPECT_EQ(Run({}), 0);
  EXPECT_EQ(server_, "file:1");
  EXPECT_EQ(timeout_.count(), 3'000);
  const Environment environment(Variables{{"LOYALTY_SERVER", "environment:1"}, {"LOYALTY_TIMEOUT", "2.5"}});
  EXPECT_EQ(Run({}), 0);
  EXPECT_EQ(server_, "environment:1");
  EXPECT_EQ(timeout_.count(), 2'500);
  EXPECT_EQ(Run({"--server", "line:1", "--timeout", "1"}), 0);
  EXPECT_EQ(server_, "line:1");
  EXPECT_EQ(timeout_.count(), 1'000);
  std::ofstream(File("other.toml")) << "timeout = 4\ninsecure = true\n";
  unsetenv("LOYALTY_TIMEOUT");
  EXPECT_EQ(Run({"--config", File("other.toml")}), 0);
  EXPECT_EQ(timeout_.count(), 4'000) << "one file, not both";
}

}  // namespace
}  // namespace loyalty::client
