// The row of ./dev record (chaos_threads): when everything was run and nothing was wrong. The sanitizer ends the
// program at a race, before it comes here.
#include <gtest/gtest.h>

#include "tests/support/record.h"

namespace loyalty {
namespace {

class WriteAtEnd final : public ::testing::Environment {
 public:
  void TearDown() override {
    const auto& all = *::testing::UnitTest::GetInstance();
    if (!all.Passed() || all.test_to_run_count() != all.total_test_count()) return;
    test::Write({.id = "I26-threads",
                 .promise = "What two threads do at once never meets without a lock",
                 .test = "8 callers under ThreadSanitizer at queue, inbox, batches, answers, snapshot, read workers, "
                         "reads ahead and the window of a stream, on SQLite and MariaDB; losing controls: "
                         "threads_planted_*",
                 .figure = std::to_string(all.total_test_count()) + " tests of 8 components: 0 data races",
                 .command = "./dev test --label threads"});
  }
};
[[maybe_unused]] const auto* const kRecord = ::testing::AddGlobalTestEnvironment(new WriteAtEnd);

}  // namespace
}  // namespace loyalty
