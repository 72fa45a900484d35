#include "services/queue/gathering.h"

#include <gmock/gmock.h>

namespace loyalty {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::size_t kBatchMax = 256;

// A lane that has taken `batch` and finds `waiting`.
std::size_t WantedAfter(std::size_t batch, std::size_t waiting, std::size_t most = kBatchMax) {
  Gathering gathering;
  gathering.See(batch);
  gathering.Took(batch);
  gathering.See(waiting);
  return gathering.Wanted(most);
}

TEST(Gathering, ThreeOfEightCallersAreWorthWaitingFor) {
  EXPECT_EQ(WantedAfter(16, 1), 6) << "17 were here";
  EXPECT_EQ(WantedAfter(16, 10), 9) << "26: more wait than are wanted";
  EXPECT_EQ(WantedAfter(1, 1), 0) << "who is alone waits for nobody";
  EXPECT_EQ(WantedAfter(0, 1), 0) << "nor who comes to an idle lane";
  EXPECT_EQ(WantedAfter(2'000, 1), kBatchMax) << "a batch has its limit";
}

TEST(Gathering, CallersWhoWentHomeAreForgotten) {
  Gathering gathering;
  gathering.See(64);
  gathering.Took(64);
  gathering.See(1);
  EXPECT_EQ(gathering.Wanted(kBatchMax), 24);
  int batches = 0;
  for (; gathering.Wanted(kBatchMax) > 1; ++batches) {
    gathering.Took(1);
    gathering.See(1);
  }
  EXPECT_EQ(batches, 249);
}

TEST(Gathering, TheWaitIsAFifthOfTheLastBatchAndFiveMillisecondsAtMost) {
  EXPECT_EQ(Gathering::WaitMost(nanoseconds(0)), nanoseconds(0));
  EXPECT_EQ(Gathering::WaitMost(milliseconds(10)), milliseconds(2));
  EXPECT_EQ(Gathering::WaitMost(milliseconds(25)), milliseconds(5));
  EXPECT_EQ(Gathering::WaitMost(milliseconds(500)), milliseconds(5));
}

}  // namespace
}  // namespace loyalty
