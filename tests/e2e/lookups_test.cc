// Somebody with the key of a till counts through phone numbers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "tests/e2e/caller.h"
#include "tests/e2e/server.h"
#include "tests/e2e/shell.h"
#include "tests/support/database.h"

namespace loyalty::test {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

constexpr int kLimit = 30;

class Lookups : public ::testing::TestWithParam<storage::Engine> {
 protected:
  Lookups() {
    SetUpProgram(admin_, 1);
    key_ = EnrollTerminal(admin_, TerminalName(1));
  }

  std::string Ask(const Caller& till) {
    v1::LookupMemberRequest request;
    request.mutable_identifier()->set_phone("+4930" + std::to_string(1'000'000 + ++phones_));
    v1::LookupMemberResponse response;
    const CallResult result = till.Call(&v1::MemberService::Stub::LookupMember, request, &response);
    EXPECT_THAT(result.reason(), AnyOf("MEMBER_UNKNOWN", "LOOKUP_LIMIT"));
    if (result.reason() == "LOOKUP_LIMIT") delay_ = client::Explain(result.status).retry_delay;
    return result.reason();
  }
  // How many of so many new numbers are answered.
  int Answered(const Caller& till, int count) {
    int answered = 0;
    for (int i = 0; i < count; ++i) answered += Ask(till) == "MEMBER_UNKNOWN" ? 1 : 0;
    return answered;
  }
  Caller TillAt(const Server& server) const { return Caller(Connect(server.address()), key_); }

  Installation installation_{GetParam()};
  TestClock clock_;
  Server server_{installation_, {.clock = &clock_}};
  Caller admin_{Connect(server_.address()), installation_.admin_key()};
  std::string key_;
  int phones_ = 0;
  std::optional<std::chrono::milliseconds> delay_;
};
INSTANTIATE_TEST_SUITE_P(Engines, Lookups, kBothEngines, EngineName);

TEST_P(Lookups, AStolenKeyCountsThroughNoNumbers) {
  const Caller till = TillAt(server_);
  EXPECT_EQ(Answered(till, 300), kLimit);
  ASSERT_TRUE(delay_);
  EXPECT_GT(delay_->count(), 0);
  EXPECT_LE(delay_->count(), 60'000);
  // The till itself sells on, by phone too.
  v1::ScanRequest sale = PlainScan(NewRequestId("sale"), "2600000001");
  sale.mutable_identifier()->set_phone("+49301000001");
  v1::ScanResponse response;
  EXPECT_EQ(till.Call(&v1::TerminalService::Stub::Scan, sale, &response).reason(), "OK");
  clock_.Forward(std::chrono::minutes(1), {&admin_});
  EXPECT_EQ(Answered(till, 40), kLimit);
}

TEST_P(Lookups, ThePersonAtTheTillIsToldAndNotKeptWaiting) {
  EXPECT_EQ(Answered(TillAt(server_), kLimit), kLimit);
  Shell shell(installation_, server_.address(), false);
  std::ofstream(shell.File("till.key")) << key_ << "\n";
  shell.UseKey(shell.File("till.key"));
  const Ended refused = shell.Till({"scan", "--phone", "+49309999999"});
  EXPECT_EQ(refused.code, 1) << refused.out;
  EXPECT_THAT(refused.err, HasSubstr("LOOKUP_LIMIT"));
}

TEST_P(Lookups, TwoServersCountTogether) {
  Server second(installation_, {.clock = &clock_});
  const Caller till = TillAt(server_), there = TillAt(second);
  EXPECT_EQ(Answered(till, 40), kLimit);
  const auto told = [this] { return installation_.Number("SELECT COALESCE(SUM(lookups), 0) FROM lookup_counts"); };
  while (told() < kLimit) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  // It listens from the first look-up on, and knows within a second. By itself it would give thirty.
  int answered = 0;
  while (Ask(there) == "MEMBER_UNKNOWN" && ++answered < kLimit)
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
  EXPECT_LT(answered, kLimit);
  while (told() < kLimit + answered) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(Answered(till, 10) + Answered(there, 10), 0);
}

}  // namespace
}  // namespace loyalty::test
