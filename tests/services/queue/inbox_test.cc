#include "services/queue/inbox.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <thread>

namespace loyalty {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kMost = 256;

Inbox::Item Scan() { return std::make_unique<PendingCommand>(); }
Inbox::Item Admin() {
  auto item = Scan();
  item->command.payload = loyalty::Admin{};
  return item;
}

void Put(Inbox& inbox, int scans) {
  for (int i = 0; i < scans; ++i) inbox.Put(Scan());
}

struct Taken {
  std::size_t items;
  steady_clock::duration time;
};
Taken Take(Inbox& inbox) {
  const auto start = steady_clock::now();
  const std::size_t items = inbox.Take(kMost).size();
  return {items, steady_clock::now() - start};
}

// The shortest of several: what the machine does beside it is nobody's wait.
template <typename Prepare>
steady_clock::duration Shortest(Prepare prepare, Inbox::Gather gather = Inbox::Gather::kCallers) {
  auto shortest = steady_clock::duration::max();
  for (int i = 0; i < 20; ++i) {
    Inbox inbox(gather);
    prepare(inbox);
    shortest = std::min(shortest, Take(inbox).time);
  }
  return shortest;
}

TEST(Inbox, GivesInOrderWhatMayShareABatch) {
  Inbox inbox(Inbox::Gather::kCallers);
  Put(inbox, 3);
  inbox.Put(Admin());
  Put(inbox, 2);
  EXPECT_EQ(inbox.Take(2).size(), 2);
  EXPECT_EQ(inbox.Take(kMost).size(), 1) << "an admin command has a batch of its own";
  const auto alone = inbox.Take(kMost);
  ASSERT_EQ(alone.size(), 1);
  EXPECT_TRUE(std::holds_alternative<loyalty::Admin>(alone[0]->command.payload));
  EXPECT_EQ(inbox.Take(kMost).size(), 2);
}

// 17 callers are known of and 6 are waited for: 5 do not come.
void AfterABatchOf16(Inbox& inbox) {
  Put(inbox, 16);
  EXPECT_EQ(inbox.Take(kMost).size(), 16);
  std::this_thread::sleep_for(milliseconds(50));  // that is how long the batch took
  Put(inbox, 1);
}

TEST(Inbox, ABatchWaitsForTheCallersThatWereJustAnswered) {
  EXPECT_GE(Shortest(AfterABatchOf16), milliseconds(4));
  EXPECT_LT(Shortest(AfterABatchOf16, Inbox::Gather::kNothing), milliseconds(1)) << "a router does not wait";
}

TEST(Inbox, WhoComesIsInTheBatchThatWaits) {
  // Beside other work the wait may be over before the others come.
  std::size_t most = 0;
  for (int attempt = 0; attempt < 50 && most < 6; ++attempt) {
    Inbox inbox(Inbox::Gather::kCallers);
    Put(inbox, 16);
    (void)inbox.Take(kMost);
    std::this_thread::sleep_for(milliseconds(50));
    Put(inbox, 1);
    std::thread others([&inbox] { Put(inbox, 5); });
    most = std::max(most, Take(inbox).items);
    others.join();
  }
  EXPECT_EQ(most, 6);
}

TEST(Inbox, NobodyIsWaitedForWhenOneCallerIsAloneOrEnoughAreThere) {
  EXPECT_LT(Shortest([](Inbox& inbox) {
              Put(inbox, 1);
              (void)inbox.Take(kMost);
              std::this_thread::sleep_for(milliseconds(20));
              Put(inbox, 1);
            }),
            milliseconds(1));
  EXPECT_LT(Shortest([](Inbox& inbox) {
              Put(inbox, 16);
              (void)inbox.Take(kMost);
              std::this_thread::sleep_for(milliseconds(20));
              Put(inbox, 10);
            }),
            milliseconds(1));
}

TEST(Inbox, CallersWhoWentHomeAreForgotten) {
  EXPECT_LT(Shortest([](Inbox& inbox) {
              Put(inbox, 64);
              for (int batch = 0; batch < 350; ++batch) {
                (void)inbox.Take(kMost);
                Put(inbox, 1);
              }
              (void)inbox.Take(kMost);
              std::this_thread::sleep_for(milliseconds(20));
              Put(inbox, 1);
            }),
            milliseconds(1));
}

TEST(Inbox, StopEndsTheWaitForMoreToo) {
  Inbox inbox(Inbox::Gather::kCallers);
  Put(inbox, 16);
  (void)inbox.Take(kMost);
  std::this_thread::sleep_for(milliseconds(20));
  Put(inbox, 1);
  std::thread stops([&inbox] { inbox.Stop(); });
  EXPECT_EQ(inbox.Take(kMost).size(), 1);
  EXPECT_TRUE(inbox.Take(kMost).empty());
  stops.join();
}

TEST(Inbox, StopEndsTheWaitAndLosesNothing) {
  Inbox inbox(Inbox::Gather::kCallers);
  std::thread stops([&inbox] {
    std::this_thread::sleep_for(milliseconds(20));
    inbox.Put(Scan());
    inbox.Stop();
  });
  EXPECT_EQ(inbox.Take(kMost).size(), 1);
  EXPECT_TRUE(inbox.Take(kMost).empty());
  stops.join();
}

}  // namespace
}  // namespace loyalty
