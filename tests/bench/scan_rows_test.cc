// The reference programs write what the server writes; who writes less is found out.
#include "tests/bench/scan_rows.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/bench/raw_database.h"
#include "tests/bench/references.h"
#include "tests/support/batch_world.h"

namespace loyalty::test {
namespace {

class ScanRowsTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  ScanRowsTest() {
    world_.check_at_end = false;  // copies have the chain of what they are copied from
    for (int card = 1; card <= 20; ++card) world_.Must(world_.Scan(card, 1'000));
  }

  std::int64_t Receipts() { return world_.database().Number("SELECT COUNT(*) FROM receipts"); }
  void Demand() { DemandRows(*RawDatabase::Open(world_.database().url()), "the test", 1); }

  BatchWorld world_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Engines, ScanRowsTest, kBothEngines, EngineName);

TEST_P(ScanRowsTest, NaiveAndBulkWriteWhatTheServerWrites) {
  Demand();
  for (const Side& side : {NaiveSide(world_.database().url()), BulkSide(world_.database().url())}) {
    const auto before = Receipts();
    const Turn turn = side.run(0.1);
    EXPECT_GT(turn.per_second, 0) << side.name;
    EXPECT_GT(Receipts(), before) << side.name;
    Demand();
  }
}

TEST_P(ScanRowsTest, ARowThatIsMissingIsMissed) {
  const auto missed = [this](const std::string& sql) {
    world_.session().Run(sql);
    try {
      Demand();
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_NE(missed("UPDATE members SET available = available - 1").find("wrong balance"), std::string::npos);
  EXPECT_EQ(missed("UPDATE members SET available = available + 1"), "");
  // The other way round than they are looked at: what is found is the table that has just lost its rows.
  for (const char* table : {"identifiers", "requests", "open_lots", "entries", "receipt_lines"})
    EXPECT_NE(missed(std::string("DELETE FROM ") + table).find(std::string("rows to ") + table), std::string::npos);
}

}  // namespace
}  // namespace loyalty::test
