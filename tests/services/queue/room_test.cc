#include "services/queue/room.h"

#include <gtest/gtest.h>

namespace loyalty {
namespace {

TEST(Room, EndsWithItsPlacesOrItsBytesAndTakesBothOrNeither) {
  Room room;
  constexpr Room::Limit kLimit{.places = 2, .bytes = 100};
  EXPECT_FALSE(room.Enter(101, kLimit));
  EXPECT_TRUE(room.Enter(60, kLimit));
  EXPECT_FALSE(room.Enter(41, kLimit)) << "a place, but no bytes";
  EXPECT_TRUE(room.Enter(40, kLimit));
  EXPECT_FALSE(room.Enter(0, kLimit)) << "no place";
  EXPECT_EQ(room.places(), 2U);
  EXPECT_EQ(room.bytes(), 100U);
  room.Leave(60);
  EXPECT_TRUE(room.Enter(60, kLimit));
  room.Leave(60);
  room.Leave(40);
  EXPECT_EQ(room.places(), 0U);
  EXPECT_EQ(room.bytes(), 0U);
}

}  // namespace
}  // namespace loyalty
