#include "services/queue/answers.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "tests/threads/callers.h"

namespace loyalty {
namespace {

using test::kCallers;

constexpr int kAnswersEach = 150'000;
constexpr int kAnswersOfABatch = 50;

// Lanes that put the answers of a batch and help to give them, as if there were eight.
TEST(AnswersThreads, EachAnswerIsGivenOnce) {
  Answers answers;
  answers.Start();
  std::vector<int> given(kCallers * kAnswersEach);  // plain: each is given by one thread, and Stop is behind all
  test::AllAtOnce([&](int caller) {
    for (int n = 0; n < kAnswersEach; ++n) {
      answers.Put([&given, at = static_cast<std::size_t>(caller * kAnswersEach + n)] { ++given.at(at); });
      if (n % kAnswersOfABatch == 0) answers.Help();
    }
    // One that fails is like any other.
    if (caller == 0) answers.Put([] { throw std::runtime_error("planned"); });
  });
  answers.Stop();
  for (const int times : given) ASSERT_EQ(times, 1);
}

}  // namespace
}  // namespace loyalty
