#include "clients/request_ids.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace loyalty::client {
namespace {

using ::testing::MatchesRegex;

TEST(RequestIds, AreUuidsOfVersion7ThatStartWithTheirTime) {
  const std::string id = NewRequestId(0x0123456789AB);
  EXPECT_THAT(id, MatchesRegex("01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_LT(NewRequestId(1000), NewRequestId(1001));
}

TEST(RequestIds, NoTwoAreEqual) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) ids.insert(NewRequestId(5));
  EXPECT_EQ(ids.size(), 1000U);
}

TEST(RequestIds, DerivedOnesCanBeComputedAgain) {
  const std::string id = DerivedRequestId("run", 7, "content");
  EXPECT_THAT(id, MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_EQ(id, DerivedRequestId("run", 7, "content"));
}

TEST(RequestIds, DerivedOnesDifferInRunPlaceAndContent) {
  const std::set<std::string> ids{DerivedRequestId("run", 7, "content"), DerivedRequestId("ran", 7, "content"),
                                  DerivedRequestId("run", 8, "content"), DerivedRequestId("run", 7, "contend"),
                                  DerivedRequestId("run", 7, ""),        DerivedRequestId("", 7, "content")};
  EXPECT_EQ(ids.size(), 6U);
}

TEST(RequestIds, AFingerprintIsAFileName) {
  EXPECT_THAT(Fingerprint("Scan\n--card 123"), MatchesRegex("[0-9a-f]{32}"));
  EXPECT_NE(Fingerprint("a"), Fingerprint("b"));
}

}  // namespace
}  // namespace loyalty::client
