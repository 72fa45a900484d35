// The till of clients/python, which somebody wrote who had seen docs/INTEGRATION.md, the protos and a certificate, and
// nothing else of this project: it enrols, sells, loses an answer, repeats, redeems and rotates its key, over TLS. Its
// own test (tests/clients/python) plays the whole story against the server that is started here. Debian's Python,
// protoc and grpc_python_plugin must be there, else this fails.
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "tests/e2e/caller.h"
#include "tests/e2e/server.h"
#include "tests/support/database.h"

namespace loyalty::test {
namespace {

constexpr std::int64_t kEndingIn = 30 * 86'400;  // may be renewed

class PythonTill : public ::testing::TestWithParam<storage::Engine> {
 protected:
  PythonTill() {
    v1::Catalogue catalogue;
    catalogue.mutable_earning()->set_points(1);
    catalogue.mutable_earning()->set_per_amount_minor(100);
    catalogue.mutable_burn()->set_points(100);
    catalogue.mutable_burn()->set_value_minor(100);
    v1::Reward& coffee = *catalogue.add_rewards();
    coffee.set_name("rewards/coffee");
    coffee.set_display_name("A coffee");
    coffee.set_cost_points(30);
    SetUpProgram(admin_, 1, catalogue);
  }

  // As docs/INTEGRATION.md says, 1.
  Ended GenerateStubs() const {
    ProcessOptions options;
    options.arguments = {"sh", "-c",
                         "mkdir -p gen && protoc -I \"$0\" --python_out=gen --grpc_python_out=gen "
                         "--plugin=protoc-gen-grpc_python=\"$(which grpc_python_plugin)\" \"$0\"/loyalty/v1/*.proto "
                         "\"$0\"/google/rpc/*.proto \"$0\"/google/api/field_behavior.proto",
                         LOYALTY_SOURCE "/protos"};
    options.directory = installation_.directory();
    options.log = installation_.directory() / "protoc";
    return RunProgram(std::move(options), std::chrono::seconds(60));
  }

  std::string KeyFile(const std::string& name, const std::string& key) const {
    const std::filesystem::path path = installation_.directory() / name;
    std::ofstream(path) << key << "\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return path;
  }

  std::string EndingKey() const {
    v1::EnrollTerminalRequest request;
    request.set_request_id("a-key-that-ends-soon");
    request.set_terminal(TerminalName(1));
    request.mutable_expire_time()->set_seconds(std::time(nullptr) + kEndingIn);
    v1::EnrollTerminalResponse response;
    EXPECT_EQ(admin_.Call(&v1::AdminService::Stub::EnrollTerminal, request, &response).reason(), "OK");
    return response.key();
  }

  const Installation installation_{GetParam(), {.init = {"--self-signed"}}};
  const Server server_{installation_, {.tls = true}};
  const Caller admin_{Connect(server_.address(), installation_.certificate()), installation_.admin_key()};
};

TEST_P(PythonTill, PlaysTheWholeStory) {
  const Ended stubs = GenerateStubs();
  ASSERT_EQ(stubs.code, 0) << stubs.err;
  ProcessOptions options;
  options.arguments = {"/usr/bin/python3", LOYALTY_SOURCE "/tests/clients/python/till_test.py"};
  options.environment = {{"TILL_SERVER", server_.address()},
                         {"TILL_CA", installation_.state_dir() / "tls.crt"},
                         {"TILL_KEY_FILE", KeyFile("till.key", EnrollTerminal(admin_, TerminalName(1)))},
                         {"TILL_ENDING_KEY_FILE", KeyFile("ending.key", EndingKey())},
                         {"PYTHONPATH", installation_.directory() / "gen"},
                         {"PYTHONDONTWRITEBYTECODE", "1"}};
  options.log = installation_.directory() / "till_test";
  const Ended story = RunProgram(std::move(options), std::chrono::seconds(240));
  EXPECT_EQ(story.code, 0) << story.out << story.err;
  EXPECT_EQ(story.err.find("skipped"), std::string::npos) << story.err;
  EXPECT_EQ(installation_.Loyaltyd("verify").code, 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, PythonTill, kBothEngines, EngineName);

}  // namespace
}  // namespace loyalty::test
