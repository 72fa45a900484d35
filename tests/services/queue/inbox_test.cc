#include "services/queue/inbox.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <thread>

namespace loyalty {
namespace {

using std::chrono::milliseconds;

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

// What an inbox goes by: a batch takes as long as a test says.
struct Time {
  Inbox::Clock::time_point now{};
  std::function<Inbox::Clock::time_point()> Source() {
    return [this] { return now; };
  }
};

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

TEST(Inbox, WhoComesIsInTheBatchThatWaits) {
  // Beside other work the wait, of milliseconds, may be over before the others come.
  std::size_t most = 0;
  for (int attempt = 0; attempt < 1'000 && most < 6; ++attempt) {
    Time time;
    Inbox inbox(Inbox::Gather::kCallers, time.Source());
    Put(inbox, 16);
    (void)inbox.Take(kMost);
    time.now += milliseconds(50);  // that is how long the batch took
    Put(inbox, 1);
    std::thread others([&inbox] { Put(inbox, 5); });
    most = std::max(most, inbox.Take(kMost).size());
    others.join();
  }
  EXPECT_EQ(most, 6);
}

// 17 callers are known of and 6 are waited for: 5 do not come.
TEST(Inbox, WhoDoesNotComeIsNotWaitedForForEver) {
  for (const auto gather : {Inbox::Gather::kCallers, Inbox::Gather::kNothing}) {
    Time time;
    Inbox inbox(gather, time.Source());
    Put(inbox, 16);
    EXPECT_EQ(inbox.Take(kMost).size(), 16);
    time.now += milliseconds(50);
    Put(inbox, 1);
    EXPECT_EQ(inbox.Take(kMost).size(), 1);
  }
}

TEST(Inbox, StopEndsTheWaitForMoreToo) {
  Time time;
  Inbox inbox(Inbox::Gather::kCallers, time.Source());
  Put(inbox, 16);
  (void)inbox.Take(kMost);
  time.now += milliseconds(50);
  Put(inbox, 1);
  std::thread stops([&inbox] { inbox.Stop(); });
  EXPECT_EQ(inbox.Take(kMost).size(), 1);
  EXPECT_TRUE(inbox.Take(kMost).empty());
  stops.join();
}

TEST(Inbox, StopEndsTheWaitAndLosesNothing) {
  Inbox inbox(Inbox::Gather::kCallers);
  std::thread stops([&inbox] {
    inbox.Put(Scan());
    inbox.Stop();
  });
  EXPECT_EQ(inbox.Take(kMost).size(), 1);
  EXPECT_TRUE(inbox.Take(kMost).empty());
  stops.join();
}

}  // namespace
}  // namespace loyalty
