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

// A version that was scheduled is dropped by a newer one that begins before it.
TEST(Catalogue, ANewerVersionLeavesNothingToOneThatBeginsLater) {
  const Catalogue catalogue({Version(1, 1000), Version(2, 3000), Version(3, 2000)});
  for (const auto& [at, version] : {std::pair{1999, 1}, {2000, 3}, {3000, 3}, {4000, 3}})
    EXPECT_EQ(catalogue.InForceAt(at).version, version) << at;
}

// Every order of up to five versions in four instants, with what they mean said plainly.
TEST(Catalogue, InForceIsTheNewestOfThoseThatHaveBegun) {
  for (int count = 1; count <= 5; ++count) {
    for (int code = 0; code < 1 << (2 * count); ++code) {
      std::vector<std::shared_ptr<const CatalogueVersion>> versions;
      for (int i = 0; i < count; ++i) versions.push_back(Version(i + 1, 10 * (1 + (code >> (2 * i)) % 4)));
      const Catalogue catalogue(versions);
      for (Instant at = 5; at <= 45; at += 5) {
        std::int64_t expected = 1;
        for (const auto& version : versions)
          if (version->effective_time <= at) expected = version->version;
        ASSERT_EQ(catalogue.InForceAt(at).version, expected) << count << " versions, code " << code << ", at " << at;
      }
    }
  }
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
