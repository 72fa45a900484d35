#include "domain/catalogue.h"

#include <gtest/gtest.h>

namespace loyalty {
namespace {

std::shared_ptr<const CatalogueVersion> Version(std::int64_t number, Instant effective_time) {
  CatalogueVersion version;
  version.version = number;
  version.effective_time = effective_time;
  return std::make_shared<const CatalogueVersion>(version);
}

TEST(Catalogue, EmptyOneHasNoRules) {
  const Catalogue catalogue;
  EXPECT_EQ(catalogue.InForceAt(0).version, 0);
  EXPECT_FALSE(catalogue.InForceAt(kNever).earning);
  EXPECT_FALSE(catalogue.InForceAt(kNever).burn);
  EXPECT_TRUE(catalogue.InForceAt(kNever).rewards.empty());
}

TEST(Catalogue, FirstVersionIsInForceForAllEarlierTimes) {
  const Catalogue catalogue({Version(1, 1000)});
  for (const Instant at : {Instant{-5}, Instant{0}, Instant{999}, Instant{1000}, kNever})
    EXPECT_EQ(catalogue.InForceAt(at).version, 1) << at;
}

TEST(Catalogue, VersionIsInForceFromItsInstantToTheNext) {
  const Catalogue catalogue({Version(1, 1000), Version(2, 2000), Version(3, 3000)});
  struct Row {
    Instant at;
    std::int64_t version;
  };
  for (const Row& row : {Row{0, 1}, {1999, 1}, {2000, 2}, {2999, 2}, {3000, 3}, {kNever, 3}})
    EXPECT_EQ(catalogue.InForceAt(row.at).version, row.version) << row.at;
}

TEST(Catalogue, FindsARewardByItsWholeId) {
  CatalogueVersion version;
  for (const char* id : {"bag", "coffee", "mug"}) version.rewards.push_back({id, id, 10, 100});
  ASSERT_NE(version.FindReward("coffee"), nullptr);
  EXPECT_EQ(version.FindReward("coffee")->id, "coffee");
  EXPECT_NE(version.FindReward("bag"), nullptr);
  EXPECT_NE(version.FindReward("mug"), nullptr);
  for (const char* id : {"", "a", "coff", "coffee2", "zzz", "Coffee"}) EXPECT_EQ(version.FindReward(id), nullptr) << id;
}

}  // namespace
}  // namespace loyalty
