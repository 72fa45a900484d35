#include "services/queue/room.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <deque>

namespace loyalty {
namespace {

constexpr std::int64_t kOne = 1, kOther = 2;

TEST(Room, EndsWithItsPlacesOrItsBytesAndTakesBothOrNeither) {
  WaitingRoom room;
  constexpr WaitingRoom::Limit kLimit{.places = 2, .bytes = 100};
  EXPECT_FALSE(room.Enter(kOne, 101, kLimit));
  EXPECT_TRUE(room.Enter(kOne, 60, kLimit));
  EXPECT_FALSE(room.Enter(kOther, 41, kLimit)) << "a place, but no bytes";
  EXPECT_TRUE(room.Enter(kOther, 40, kLimit));
  EXPECT_FALSE(room.Enter(kOther, 0, kLimit)) << "no place";
  EXPECT_EQ(room.places(), 2U);
  EXPECT_EQ(room.bytes(), 100U);
  room.Leave(kOne, 60);
  EXPECT_TRUE(room.Enter(kOther, 60, kLimit));
  room.Leave(kOther, 60);
  room.Leave(kOther, 40);
  EXPECT_EQ(room.places(), 0U);
  EXPECT_EQ(room.bytes(), 0U);
}

// How often a holder gets in, at most `tries`.
std::size_t Fill(WaitingRoom& room, std::int64_t holder, std::size_t bytes, const WaitingRoom::Limit& whole,
                 int tries = 10'000) {
  std::size_t entered = 0;
  for (int i = 0; i < tries; ++i) entered += room.Enter(holder, bytes, whole) ? 1 : 0;
  return entered;
}

TEST(Room, OneAloneLeavesAFifthToTheOthers) {
  constexpr WaitingRoom::Limit kPlaces{.places = 640};
  WaitingRoom room;
  EXPECT_EQ(Fill(room, kOne, 1, kPlaces), 513U);
  EXPECT_EQ(Fill(room, kOther, 1, kPlaces, 100), 100U);
  constexpr WaitingRoom::Limit kBytes{.places = 10'000, .bytes = 1'000'000};
  WaitingRoom bytes;
  EXPECT_EQ(Fill(bytes, kOne, 10'000, kBytes), 81U);
  EXPECT_EQ(Fill(bytes, kOther, 10'000, kBytes, 15), 15U);
}

// Each of them as greedy as it can be. The first have most of it before the last come, and as what they took is done,
// they do not get it back.
TEST(Room, HowManyEverFillItWhoComesLaterSoonFindsAPlace) {
  constexpr std::int64_t kHolders = 40;
  constexpr WaitingRoom::Limit kWhole{.places = 640};
  WaitingRoom room;
  std::deque<std::int64_t> inside;  // in the order in which they are done
  for (int done = 0; done < 10'000; ++done) {
    for (std::int64_t holder = 1; holder <= kHolders; ++holder)
      while (room.Enter(holder, 0, kWhole)) inside.push_back(holder);
    room.Leave(inside.front(), 0);
    inside.pop_front();
  }
  for (std::int64_t holder = 1; holder <= kHolders; ++holder)
    EXPECT_THAT(std::count(inside.begin(), inside.end(), holder),
                ::testing::AllOf(::testing::Ge(10), ::testing::Le(20)))
        << holder;
  EXPECT_TRUE(room.Enter(kHolders + 1, 0, kWhole));
}

TEST(Room, WhoLeavesMakesRoomForHimselfAndOthers) {
  constexpr WaitingRoom::Limit kWhole{.places = 5};
  WaitingRoom room;
  const std::size_t all = Fill(room, kOne, 1, kWhole);
  EXPECT_EQ(all, 5U) << "where there is little, a fifth is nothing";
  EXPECT_FALSE(room.Enter(kOther, 1, kWhole));
  room.Leave(kOne, 1);
  EXPECT_TRUE(room.Enter(kOther, 1, kWhole));
}

TEST(Room, AShareOfTheWholeMayBeTheMostThatIsTaken) {
  constexpr WaitingRoom::Limit kWhole{.places = 640}, kStreams{.places = 512};
  WaitingRoom room;
  for (int i = 0; i < 512; ++i) EXPECT_TRUE(room.Enter(kOne, 0, kStreams, kWhole)) << i;
  EXPECT_FALSE(room.Enter(kOther, 0, kStreams, kWhole));
  EXPECT_TRUE(room.Enter(kOther, 0, kWhole));
}

}  // namespace
}  // namespace loyalty
