// How many look-ups a caller may make, at one server and at several that tell each other.
#include "services/queue/lookups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <random>

namespace loyalty {
namespace {

constexpr Instant kStart = 1'700'000'000 * kSecond;
constexpr std::int64_t kTill = 7;
constexpr std::int64_t kLimit = 30;

std::string Number(int i) { return "phone" + std::to_string(i); }

class LookupsTest : public ::testing::Test {
 protected:
  bool May(Lookups& at, int i, Instant now, std::int64_t limit = kLimit) {
    return !at.Ask(kTill, Number(i), limit, now);
  }
  // How many of so many new numbers are answered.
  int Burst(Lookups& at, int count, Instant now) {
    int answered = 0;
    for (int i = 0; i < count; ++i) answered += May(at, ++numbers_, now) ? 1 : 0;
    return answered;
  }
  // What two servers do once a second, through a table.
  void Share(Instant now) {
    for (auto& [name, server] : servers_) {
      const auto news = server.TakeNews(now);
      for (const auto& count : news.counts) table_[{name, count.slot_time, count.principal}] = count.lookups;
      server.Told(news);
    }
    for (auto& [name, server] : servers_) {
      std::vector<Lookups::Heard> heard;
      for (const auto& [key, lookups] : table_)
        if (std::get<0>(key) != name)
          heard.push_back({std::get<0>(key), {std::get<1>(key), std::get<2>(key), lookups}});
      server.Hear(heard);
    }
  }
  Lookups& one() { return servers_["one"]; }
  Lookups& two() { return servers_["two"]; }

  std::map<std::string, Lookups> servers_;
  std::map<std::tuple<std::string, Instant, std::int64_t>, std::int64_t> table_;
  int numbers_ = 0;
};

TEST_F(LookupsTest, NobodyAsksForMoreThanTheLimitWithinAMinute) {
  EXPECT_EQ(Burst(one(), 2'000, kStart), 30);
  EXPECT_EQ(Burst(one(), 100, kStart + 59 * kSecond), 0);
  EXPECT_FALSE(one().Ask(kTill + 1, "phone", kLimit, kStart)) << "another till";
  EXPECT_EQ(Burst(one(), 100, kStart + kMinute), 30);
}

TEST_F(LookupsTest, TheSameNumberAgainIsNoFurtherOne) {
  for (int i = 0; i < 29; ++i) EXPECT_TRUE(May(one(), i, kStart));
  for (int again = 0; again < 100; ++again) EXPECT_TRUE(May(one(), 3, kStart + kSecond));
  EXPECT_TRUE(May(one(), 29, kStart));
  EXPECT_FALSE(May(one(), 30, kStart));
  EXPECT_TRUE(May(one(), 3, kStart)) << "it was answered before";
}

TEST_F(LookupsTest, SaysWhenThereIsRoom) {
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(May(one(), i, kStart + i * kSecond, 3));
  const auto wait = one().Ask(kTill, Number(9), 3, kStart + 10 * kSecond);
  ASSERT_TRUE(wait);
  EXPECT_EQ(*wait, 50 * kSecond);
  // The catalogue says less by now: two more have to end.
  EXPECT_EQ(*one().Ask(kTill, Number(9), 1, kStart + 10 * kSecond), 52 * kSecond);
  EXPECT_TRUE(May(one(), 9, kStart + kMinute, 3));
}

TEST_F(LookupsTest, ASaleGivesBackWhatWasAskedForIt) {
  EXPECT_EQ(Burst(one(), 29, kStart), 29);
  EXPECT_TRUE(May(one(), 1'000, kStart));
  EXPECT_FALSE(May(one(), 1'001, kStart));
  one().GiveBack(kTill, "somebody else's", "");
  one().GiveBack(kTill + 1, Number(1'000), "");
  EXPECT_FALSE(May(one(), 1'001, kStart)) << "neither was it this number nor this till";
  one().GiveBack(kTill, Number(1'000), "");
  EXPECT_TRUE(May(one(), 1'001, kStart));
  // By card, to whom had been looked up by phone and by e-mail.
  one().Found(kTill, Number(1'001), "erika");
  one().Found(kTill, Number(5), "erika");
  EXPECT_FALSE(May(one(), 1'002, kStart));
  one().GiveBack(kTill, "", "max");
  EXPECT_FALSE(May(one(), 1'002, kStart));
  one().GiveBack(kTill, "", "erika");
  EXPECT_EQ(Burst(one(), 10, kStart), 2);
  one().GiveBack(kTill, "", "erika");
  EXPECT_EQ(Burst(one(), 10, kStart), 0) << "once";
}

TEST_F(LookupsTest, TwoServersTogetherGiveTheLimitAndWhatOneSecondBrought) {
  EXPECT_EQ(Burst(one(), 20, kStart), 20);
  EXPECT_EQ(Burst(two(), 20, kStart), 20) << "they have not told each other yet";
  Share(kStart + kSecond);
  EXPECT_EQ(Burst(one(), 100, kStart + kSecond), 0);
  EXPECT_EQ(Burst(two(), 100, kStart + kSecond), 0);
  // From then on both know of both, and give no room away twice: not in the long run either.
  int answered = 0;
  for (int second = 2; second < 602; ++second) {
    const Instant now = kStart + second * kSecond;
    answered += Burst(one(), 10, now) + Burst(two(), 10, now);
    Share(now);
  }
  EXPECT_LE(answered, 10 * (kLimit + 1));
  EXPECT_GE(answered, 8 * kLimit);
}

TEST_F(LookupsTest, WhatWasGivenBackIsToldToo) {
  EXPECT_FALSE(two().Listens(kStart));  // it is there, and hears what is told
  EXPECT_EQ(Burst(one(), 29, kStart), 29);
  EXPECT_TRUE(May(one(), 1'000, kStart));
  Share(kStart + kSecond);
  EXPECT_FALSE(May(two(), 1'001, kStart + kSecond));
  one().GiveBack(kTill, Number(1'000), "");
  Share(kStart + 2 * kSecond);
  EXPECT_TRUE(May(two(), 1'001, kStart + 2 * kSecond));
}

TEST_F(LookupsTest, TellsWhatIsNewAndNothingElse) {
  EXPECT_TRUE(one().TakeNews(kStart).counts.empty());
  EXPECT_FALSE(one().Listens(kStart));
  EXPECT_TRUE(May(one(), 1, kStart));
  EXPECT_TRUE(May(one(), 2, kStart + Lookups::kSlot));
  EXPECT_TRUE(one().Listens(kStart));
  const auto lost = one().TakeNews(kStart + Lookups::kSlot);
  EXPECT_EQ(lost.counts.size(), 2U) << "one for each slot";
  EXPECT_TRUE(one().TakeNews(kStart + Lookups::kSlot).counts.empty());
  one().NotTold(lost);
  const auto news = one().TakeNews(kStart + Lookups::kSlot);
  EXPECT_EQ(news.counts.size(), 2U);
  one().Told(news);
  EXPECT_FALSE(one().Ask(kTill, Number(2), kLimit, kStart + Lookups::kSlot)) << "again";
  EXPECT_TRUE(one().TakeNews(kStart + Lookups::kSlot).counts.empty());
  EXPECT_TRUE(one().TakeNews(kStart + kHour).counts.empty()) << "what ends by itself need not be told";
  EXPECT_FALSE(one().Listens(kStart + kHour));
}

// Against one that keeps a list: times, sales and numbers at random.
TEST_F(LookupsTest, CountsAsAListWould) {
  std::mt19937 random(1);  // NOLINT: the same each time
  Lookups lookups;
  std::map<int, Instant> list;
  Instant now = kStart;
  for (int step = 0; step < 20'000; ++step) {
    now += static_cast<Instant>(random() % (3 * kSecond));
    std::erase_if(list, [now](const auto& one) { return one.second + kMinute <= now; });
    const int i = static_cast<int>(random() % 60);
    switch (random() % 8) {
      case 0:
        lookups.GiveBack(kTill, Number(i), "");
        list.erase(i);
        break;
      case 1: lookups.Told(lookups.TakeNews(now)); break;
      default: {
        const bool may = list.contains(i) || list.size() < 10;
        EXPECT_EQ(May(lookups, i, now, 10), may) << "step " << step;
        if (may) list.try_emplace(i, now);
      }
    }
  }
}

}  // namespace
}  // namespace loyalty
