#include "services/catalogue/snapshot.h"

#include <gtest/gtest.h>

#include "tests/support/batch_world.h"
#include "tests/threads/callers.h"

namespace loyalty {
namespace {

using test::kStart;

constexpr int kChanges = 150;
constexpr int kLooksEach = 3'000;

class SnapshotThreads : public ::testing::TestWithParam<storage::Engine> {
 protected:
  test::BatchWorld world_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Engines, SnapshotThreads, test::kBothEngines, test::EngineName);

// One changes the program, two read it again beside the round of each second, and the others price.
TEST_P(SnapshotThreads, WhoChangedReadsHisOwnWriteAndNobodySeesAnOlderOneAgain) {
  SnapshotHolder holder(world_.database().url(), [] { return kStart; });
  holder.Start();
  const std::int64_t first = holder.Newest()->generation;
  const auto changes = [&] {
    for (int i = 1; i <= kChanges; ++i) {
      world_.session().Run("UPDATE program SET generation = generation + 1");
      holder.Refresh();
      EXPECT_GE(holder.Newest()->generation, first + i);
    }
  };
  const auto looks = [&] {
    std::int64_t seen = first;
    for (int i = 0; i < kLooksEach; ++i) {
      const auto snapshot = holder.Get();
      ASSERT_TRUE(snapshot);
      EXPECT_GE((*snapshot)->generation, seen);
      seen = (*snapshot)->generation;
      EXPECT_EQ((*snapshot)->catalogue.InForceAt(kStart).version, 1);
      EXPECT_EQ((*snapshot)->stores.size(), 2U);
      EXPECT_TRUE(holder.IsFresh());
      EXPECT_TRUE(holder.IsWhole());
    }
  };
  test::AllAtOnce([&](int caller) {
    if (caller == 0) return changes();
    if (caller > 2) return looks();
    for (int i = 0; i < kChanges; ++i) holder.Refresh();
  });
  EXPECT_EQ(holder.Newest()->generation, first + kChanges);
}

}  // namespace
}  // namespace loyalty
