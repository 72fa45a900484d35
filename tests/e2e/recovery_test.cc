// What a till does when it does not know whether its request took effect: the same request again, never a new one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "storage/tables/requests.h"
#include "tests/e2e/caller.h"
#include "tests/e2e/server.h"
#include "tests/e2e/shell.h"
#include "tests/support/proxy.h"

namespace loyalty::test {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;

// In plain text, so that the proxy between till and server can tell which request it sees.
class Recovery : public ::testing::Test {
 protected:
  Recovery() {
    SetUpProgram(Caller(Connect(server_.address()), installation_.admin_key()), 1);
    (void)shell_.Till({"quote", "--card", "2600000017", "--terminal", TerminalName(1)});
  }

  std::int64_t Receipts() const { return installation_.Number("SELECT COUNT(*) FROM receipts"); }
  void WaitForReceipts(std::int64_t count) const {
    for (int i = 0; i < 1'000 && Receipts() < count; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    ASSERT_EQ(Receipts(), count);
  }
  // The requests that a till keeps because their outcome is unknown.
  std::vector<std::filesystem::path> Pending() const {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(shell_.state_dir() / "pending"))
      files.push_back(entry.path());
    return files;
  }

  const std::vector<std::string> scan_{"scan",       "--card", "2600000017", "--receipt-no", "1", "--total", "12.34",
                                       "--currency", "EUR",    "--terminal", TerminalName(1)};
  Installation installation_{storage::Engine::kSqlite};
  Server server_{installation_};
  Proxy proxy_{server_.address()};
  Shell shell_{installation_, proxy_.address(), false};
};

TEST_F(Recovery, AServerThatDiesBetweenCommitAndAnswerIsAskedAgainWithTheSameRequest) {
  proxy_.LoseAnswersTo("TerminalService/Scan");
  Process till(shell_.TillProcess(scan_));
  ASSERT_TRUE(proxy_.WaitUntilLost(seconds(20)));
  WaitForReceipts(1);
  EXPECT_EQ(Pending().size(), 1U);
  server_.Kill();
  proxy_.Heal();
  server_.Start();
  EXPECT_EQ(till.Wait(), 0) << till.Err();
  EXPECT_THAT(till.Out(), HasSubstr("this was done before"));
  EXPECT_THAT(till.Out(), HasSubstr("12 points"));
  EXPECT_EQ(Receipts(), 1);
  EXPECT_TRUE(Pending().empty()) << "the outcome is known";
  EXPECT_EQ(installation_.Loyaltyd("verify").code, 0);
}

TEST_F(Recovery, ATillThatDiesBetweenCommitAndAnswerResumesItsRequest) {
  proxy_.LoseAnswersTo("TerminalService/Scan");
  {
    Process till(shell_.TillProcess(scan_));
    ASSERT_TRUE(proxy_.WaitUntilLost(seconds(20)));
    WaitForReceipts(1);
    till.Kill();
  }
  proxy_.Heal();
  ASSERT_EQ(Pending().size(), 1U);
  const Ended again = shell_.Till(scan_);
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_THAT(again.err, HasSubstr("resuming unfinished request"));
  EXPECT_THAT(again.out, HasSubstr("this was done before"));
  EXPECT_EQ(Receipts(), 1);
  EXPECT_TRUE(Pending().empty());
}

TEST_F(Recovery, ARequestThatFoundNoServerIsKeptAndSentWhenTheSameCommandRunsAgain) {
  server_.Kill();
  const Ended first = shell_.Till(scan_);
  EXPECT_EQ(first.code, 4) << first.err;
  ASSERT_EQ(Pending().size(), 1U);
  const auto at = first.err.find("Request id ");
  ASSERT_NE(at, std::string::npos) << first.err;
  const auto id = first.err.substr(at + 11, first.err.find(' ', at + 11) - at - 11);
  server_.Start();
  const Ended second = shell_.Till(scan_);
  EXPECT_EQ(second.code, 0) << second.err;
  EXPECT_EQ(installation_.Number("SELECT COUNT(*) FROM receipts WHERE request_id = x'" +
                                 Hex(storage::PackRequestId(id)) + "'"),
            1);
  EXPECT_TRUE(Pending().empty());
}

TEST_F(Recovery, ATillFindsAServerThatComesBackWhileItTries) {
  server_.Kill();
  const int before = proxy_.connections();
  Process till(shell_.TillProcess(scan_));
  // It has tried, was sent away and tried again.
  while (proxy_.connections() < before + 2) {
    ASSERT_FALSE(till.Poll()) << "it gives up: " << till.Err();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  server_.Start();
  EXPECT_EQ(till.Wait(), 0) << till.Err();
  EXPECT_EQ(Receipts(), 1);
}

}  // namespace
}  // namespace loyalty::test
