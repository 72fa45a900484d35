// A flood of calls that fail is no flood of lines, and nothing of it is forgotten.
#include "services/rpc/call_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/services/rpc/call_world.h"

namespace loyalty {
namespace {

class CallLogTest : public ::testing::Test {
 protected:
  CallLog Log() {
    return {calls_.deps().snapshots, [] { return test::kStart; },
            [this](bool failing, const std::string& json) { lines_.push_back((failing ? "failing " : "") + json); }};
  }

  test::CallWorld calls_{storage::Engine::kSqlite};
  std::vector<std::string> lines_;
};

TEST_F(CallLogTest, AFloodLeavesFewLinesAndTheNumberOfThoseThatAreMissing) {
  CallLog log = Log();
  const Error refused{Reason::kUnauthenticated, "", {}};
  constexpr int kCalls = 5'000;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < kCalls; ++i) log.Ended({.method = "a.B.C", .error = &refused});
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start);
  EXPECT_LE(static_cast<std::int64_t>(lines_.size()), CallLog::kLinesPerSecond * (seconds.count() + 1));
  std::int64_t told = 0, left_out = 0;
  const auto count = [&] {
    told = static_cast<std::int64_t>(lines_.size());
    left_out = 0;
    for (const auto& line : lines_)
      if (const auto at = line.find("\"left_out\":"); at != std::string::npos)
        left_out += std::stoll(line.substr(at + 11));
  };
  std::int64_t more = 0;
  do {  // until there is room for a line again
    log.Ended({.method = "a.B.C", .error = &refused});
    ++more;
    count();
  } while (told + left_out < kCalls + more);
  EXPECT_EQ(told + left_out, kCalls + more);
}

TEST_F(CallLogTest, TellsWhoAndWhyAndWhoseFaultItIs) {
  CallLog log = Log();
  const Error away{Reason::kUnavailable, "the text of a message", {}};
  const Error wrong{Reason::kInvalidArgument, "the text of a message", {{"field", "receipt.total"}}};
  v1::ScanRequest scan = calls_.Sale("a-request-id");
  log.Ended({.method = "a.B.C", .request = &scan, .authorization = "Bearer till", .seconds = 1.25});
  log.Ended({.method = "a.B.C", .request = &scan, .error = &away});
  log.Ended({.method = "a.B.C", .error = &wrong});
  log.Ended({.method = "a.B.C", .cancelled = true});
  ASSERT_EQ(lines_.size(), 4U);
  EXPECT_EQ(lines_[0],
            R"({"method":"a.B.C","code":"OK","ms":1250,"principal":"keys/admin","request_id":"a-request-id"})");
  EXPECT_EQ(
      lines_[1],
      R"(failing {"method":"a.B.C","code":"UNAVAILABLE","reason":"UNAVAILABLE","ms":0,"request_id":"a-request-id"})");
  EXPECT_EQ(
      lines_[2],
      R"({"method":"a.B.C","code":"INVALID_ARGUMENT","reason":"INVALID_ARGUMENT","field":"receipt.total","ms":0})");
  EXPECT_EQ(lines_[3], R"({"method":"a.B.C","code":"CANCELLED","ms":0})");
}

}  // namespace
}  // namespace loyalty
