#include "services/queue/inbox.h"

#include <gtest/gtest.h>

#include <array>
#include <thread>

#include "tests/threads/callers.h"

namespace loyalty {
namespace {

using test::kCallers;

constexpr int kItemsEach = 20'000;
constexpr std::size_t kTakenMost = 256;

// Some run alone, as an administrator's.
Inbox::Item NthOf(int caller, int n) {
  auto item = std::make_unique<PendingCommand>();
  item->command.principal_id = caller;
  item->command.deadline = n;
  if (n % 97 == 0) item->command.payload = Admin{};
  return item;
}

TEST(InboxThreads, EachCommandIsTakenOnceAndThoseOfACallerInTheirOrder) {
  for (const auto gather : {Inbox::Gather::kCallers, Inbox::Gather::kNothing}) {
    Inbox inbox(gather);
    std::array<int, kCallers> taken{};
    std::thread taker([&] {
      for (int takes = 0; !inbox.is_over(); ++takes) {
        const auto items =
            takes % 2 == 0 ? inbox.Take(kTakenMost) : inbox.Take(kTakenMost, std::chrono::milliseconds(1));
        EXPECT_LE(items.size(), kTakenMost);
        for (const auto& item : items) {
          EXPECT_TRUE(items.size() == 1 || !item->command.runs_alone());
          EXPECT_EQ(item->command.deadline, taken.at(static_cast<std::size_t>(item->command.principal_id))++);
        }
      }
    });
    test::AllAtOnce([&inbox](int caller) {
      for (int n = 0; n < kItemsEach; ++n) inbox.Put(NthOf(caller, n));
    });
    inbox.Stop();
    taker.join();
    for (const int count : taken) EXPECT_EQ(count, kItemsEach);
  }
}

}  // namespace
}  // namespace loyalty
