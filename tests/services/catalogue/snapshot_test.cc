#include "services/catalogue/snapshot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/catalogue/read_snapshot.h"
#include "storage/read_table.h"
#include "tests/support/batch_world.h"
#include "tests/support/program.h"

namespace loyalty {
namespace {

using test::BatchWorld;
using test::kStart;
using test::Outcome;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SnapshotTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  SnapshotTest() { world_.check_at_end = false; }  // it would find what is changed here past the server

  // As an administrator's command does it.
  void Change(const std::string& sql) {
    world_.session().Run(sql);
    world_.session().Run("UPDATE program SET generation = generation + 1");
    holder_.Refresh();
  }
  void AddCatalogue(std::int64_t version, Instant effective_time, const std::string& content) {
    storage::CatalogueRow row;
    row.version = version;
    row.effective_time = effective_time;
    row.content = content;
    storage::InsertRow(world_.session(), row, test::TestKeys());
    Change("UPDATE program SET country = 'DE'");
  }
  std::shared_ptr<const Snapshot> Newest() const { return holder_.Newest(); }

  BatchWorld world_{GetParam()};
  SnapshotHolder holder_{world_.database().url(), [] { return kStart; }};
};
INSTANTIATE_TEST_SUITE_P(Engines, SnapshotTest, test::kBothEngines, test::EngineName);

constexpr char kOfANewerServer[] = R"({"earning": {"points": "1", "per_amount_minor": "100", "moon_phase": "FULL"}})";

TEST_P(SnapshotTest, AVersionOfANewerServerEndsPricingWhenItsTimeComesAndNothingElse) {
  AddCatalogue(2, kStart + 100, kOfANewerServer);
  EXPECT_FALSE(holder_.IsWhole());
  EXPECT_TRUE(holder_.IsFresh());
  EXPECT_THAT(Newest()->problems, ElementsAre(HasSubstr("catalogue version 2")));
  EXPECT_TRUE(Newest()->Prices(kStart + 99));
  const Status refused = Newest()->Prices(kStart + 100);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::kCatalogueStale);
  EXPECT_THAT(refused.error().message, HasSubstr("catalogue version 2"));
  // A readable one that follows does not help who sends a late receipt.
  AddCatalogue(3, kStart + 200, "{}");
  EXPECT_EQ(Newest()->catalogue.InForceAt(kStart + 300).version, 3);
  EXPECT_FALSE(Newest()->Prices(kStart + 300));
  // The rest stays in use, and what changes beside it is seen.
  EXPECT_FALSE(Newest()->access_keys.empty());
  Change("UPDATE access_keys SET revoked_time = 1");
  EXPECT_THAT(Newest()->access_keys, IsEmpty());
}

TEST_P(SnapshotTest, WhatIsPricedIsRefusedThenAndWhatIsNotIsNot) {
  world_.Must(world_.Scan(1, 1'000));
  const std::string member = test::ScanOf(world_.Run(world_.Scan(1, 1'000))).member();
  AddCatalogue(2, kStart, kOfANewerServer);
  world_.set_snapshot(Newest());
  const Command scan = world_.Scan(1, 1'000);
  EXPECT_EQ(Outcome(world_.Run(scan)), "CATALOGUE_STALE");
  EXPECT_EQ(Outcome(world_.Run(world_.Redeem(1, 1))), "CATALOGUE_STALE");
  EXPECT_EQ(Outcome(world_.Run(world_.Link(member, 2))), "OK");
}

TEST_P(SnapshotTest, AStoreWhoseZoneIsUnknownHereIsLeftOutUntilItIsKnown) {
  Change("UPDATE stores SET time_zone = 'Mars/Olympus' WHERE name = 'south'");
  EXPECT_THAT(Newest()->problems, ElementsAre(AllOf(HasSubstr("south"), HasSubstr("Mars/Olympus"))));
  EXPECT_EQ(Newest()->stores.count("south"), 0U);
  EXPECT_EQ(Newest()->stores.count("north"), 1U);
  EXPECT_TRUE(Newest()->Prices(kStart));
  // As if it had been installed: nothing in the database says so.
  world_.session().Run("UPDATE stores SET time_zone = 'Europe/Berlin' WHERE name = 'south'");
  holder_.Refresh();
  EXPECT_TRUE(holder_.IsWhole());
  EXPECT_EQ(Newest()->stores.count("south"), 1U);
}

// Each change by an administrator makes every server read again.
TEST_P(SnapshotTest, WhatCannotHaveChangedIsNotReadAgain) {
  const auto version = Newest()->catalogue.versions().front();
  Change("UPDATE catalogue_versions SET content = 'would be noticed'");
  EXPECT_EQ(Newest()->catalogue.versions().front(), version);
  EXPECT_TRUE(holder_.IsWhole());
  EXPECT_FALSE(ReadSnapshot(world_.session(), nullptr, kStart)->problems.empty());
}

TEST_P(SnapshotTest, KeysThatHaveEndedAreNotHeld) {
  ASSERT_EQ(Newest()->access_keys.size(), 1U);
  Change("UPDATE access_keys SET expire_time = " + std::to_string(kStart + 1));
  EXPECT_EQ(Newest()->access_keys.size(), 1U);
  Change("UPDATE access_keys SET expire_time = " + std::to_string(kStart));
  EXPECT_THAT(Newest()->access_keys, IsEmpty());
}

}  // namespace
}  // namespace loyalty
