#include "services/queue/pin_workers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <vector>

namespace loyalty {
namespace {

TEST(PinWorkersTest, OneTillLeavesPlacesToTheOthers) {
  PinWorkers workers;
  std::vector<std::shared_ptr<PinWorkers::Place>> places;
  while (auto place = workers.Enter(1)) places.push_back(std::move(place));
  EXPECT_LE(places.size(), kPinsMax * 4 / 5 + 1);
  EXPECT_NE(workers.Enter(2), nullptr);
  places.pop_back();
  EXPECT_NE(workers.Enter(1), nullptr) << "given back when nobody holds it";
}

TEST(PinWorkersTest, OneAfterTheOtherIsLookedAt) {
  std::atomic<int> now{0}, most{0};
  {
    PinWorkers workers;
    for (int i = 0; i < 8; ++i)
      workers.Enter(i)->Run([&] {
        most = std::max(most.load(), ++now);
        --now;
      });
  }
  EXPECT_EQ(most, 1) << "and what waits still runs when it ends";
}

}  // namespace
}  // namespace loyalty
