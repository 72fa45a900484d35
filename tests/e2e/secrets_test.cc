// Another secret becomes current: what the one before has made stays good, at the same server and at others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/e2e/caller.h"
#include "tests/e2e/server.h"
#include "tests/e2e/shell.h"
#include "tests/support/database.h"

namespace loyalty::test {
namespace {

using ::testing::HasSubstr;

const std::vector<std::string> kLocal{"--listen", "127.0.0.1:0", "--insecure"};

class SecretsOf : public ::testing::TestWithParam<storage::Engine> {
 protected:
  std::filesystem::path file() const { return installation_.state_dir() / "chain.key"; }
  // What chain.key says: the first secret as `init` made it, and a second one.
  void Write(const std::string& second_key, bool second_is_current) const {
    const std::string first = first_.substr(0, first_.find(" current"));
    std::ofstream(file()) << first << (second_is_current ? "" : " current") << "\n2 " << second_key
                          << (second_is_current ? " current" : "") << "\n";
  }
  static v1::EnrollTerminalRequest KeyRequest() {
    v1::EnrollTerminalRequest request;
    request.set_request_id("a-key-for-the-first-till");
    request.set_terminal(TerminalName(1));
    return request;
  }
  // The SEAL that verify prints; the test fails when something differs.
  std::string Verify(const std::vector<std::string>& flags = {}) const {
    const Ended ended = installation_.Loyaltyd("verify", flags);
    EXPECT_EQ(ended.code, 0) << ended.out << ended.err;
    const auto at = ended.out.find("SEAL ");
    return at == std::string::npos ? "" : ended.out.substr(at + 5, ended.out.find('\n', at) - at - 5);
  }

  Installation installation_{GetParam()};
  const std::string first_ = ReadText(file());
};
INSTANTIATE_TEST_SUITE_P(Engines, SecretsOf, kBothEngines, EngineName);

TEST_P(SecretsOf, KeysTokensAndRowsOfTheOneBeforeStayGood) {
  Server server(installation_);
  const Caller admin(Connect(server.address()), installation_.admin_key());
  SetUpProgram(admin, 3);
  v1::EnrollTerminalResponse issued;
  ASSERT_TRUE(admin.Call(&v1::AdminService::Stub::EnrollTerminal, KeyRequest(), &issued).ok());
  v1::ListTerminalsRequest list;
  list.set_store("stores/S1");
  list.set_page_size(1);
  v1::ListTerminalsResponse page;
  ASSERT_TRUE(admin.Call(&v1::AdminService::Stub::ListTerminals, list, &page).ok());
  list.set_page_token(page.next_page_token());
  const Caller till(admin.channel(), issued.key());
  const auto scan = PlainScan(NewRequestId("scan"), "2600000001");
  v1::ScanResponse sold;
  ASSERT_EQ(till.Call(&v1::TerminalService::Stub::Scan, scan, &sold).reason(), "OK");
  ASSERT_EQ(server.Stop(), 0);
  const std::string since = Verify();

  Write(std::string(64, 'b'), true);
  server.Start();
  v1::ScanResponse again;
  const CallResult replay = till.Call(&v1::TerminalService::Stub::Scan, scan, &again);
  EXPECT_EQ(replay.reason(), "OK") << "the till's key still opens";
  EXPECT_TRUE(replay.replayed);
  EXPECT_EQ(again.result().SerializeAsString(), sold.result().SerializeAsString());
  EXPECT_EQ(till.Call(&v1::TerminalService::Stub::Scan, PlainScan(NewRequestId("scan"), "2600000001"), &again).reason(),
            "OK");
  EXPECT_EQ(admin.Call(&v1::AdminService::Stub::ListTerminals, list, &page).reason(), "OK") << "the page goes on";
  EXPECT_EQ(page.terminals(0).name(), TerminalName(2));
  v1::EnrollTerminalResponse repeated;
  EXPECT_TRUE(admin.Call(&v1::AdminService::Stub::EnrollTerminal, KeyRequest(), &repeated).replayed);
  EXPECT_EQ(repeated.key(), issued.key()) << "a repeat derives the key of then";
  auto other = KeyRequest();
  other.set_request_id("a-key-for-the-second-till");
  other.set_terminal(TerminalName(2));
  ASSERT_TRUE(admin.Call(&v1::AdminService::Stub::EnrollTerminal, other, &repeated).ok());
  EXPECT_EQ(repeated.result().secret_id(), 2);
  v1::ScanRequest visit;
  visit.set_request_id(NewRequestId("visit"));
  visit.mutable_identifier()->set_card("2600000001");
  EXPECT_EQ(Caller(admin.channel(), repeated.key()).Call(&v1::TerminalService::Stub::Scan, visit, &again).reason(),
            "OK");
  ASSERT_EQ(server.Stop(), 0);
  Verify({"--since", since});
  Verify({"--since", Verify()});
}

TEST_P(SecretsOf, AServerWithoutOneThatIsInUseDoesNotStart) {
  const auto serve = [&] { return installation_.Loyaltyd("serve", kLocal, std::chrono::seconds(20)); };
  Write(std::string(64, 'b'), false);
  {
    const Server knows_both(installation_);  // and makes nothing with the second yet
  }
  EXPECT_EQ(installation_.Number("SELECT COUNT(*) FROM secrets"), 2);
  std::ofstream(file()) << first_;
  for (const Ended& refused : {serve(), installation_.Loyaltyd("verify"), installation_.Loyaltyd("init")}) {
    EXPECT_NE(refused.code, 0);
    EXPECT_THAT(refused.err, HasSubstr("chain key 2"));
  }
  Write(std::string(64, 'c'), true);
  EXPECT_EQ(serve().code, 1);
  std::ofstream(file()) << std::string(64, 'a') << "\n";
  const Ended malformed = serve();
  EXPECT_EQ(malformed.code, 1);
  EXPECT_THAT(malformed.err, HasSubstr("line 1"));
  EXPECT_EQ(installation_.Number("SELECT COUNT(*) FROM secrets"), 2);
}

}  // namespace
}  // namespace loyalty::test
