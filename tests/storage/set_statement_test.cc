#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "tests/storage/sample_table.h"

namespace loyalty::storage {
namespace {

const std::vector<std::string> kSampleColumns = {"id", "number", "version"};
const SetStatement kSampleInsert = SetStatement::Insert("sample", kSampleColumns, test::kIdNumberVersion);
const SetStatement kSampleUpdate =
    SetStatement::Update("sample", {"id"}, {"number"}, false, {Type::kNumber, Type::kNumber});
const SetStatement kSampleGuarded = SetStatement::Update("sample", {"id"}, {"number"}, true, test::kIdNumberVersion);
const SetStatement kSampleDelete = SetStatement::Delete("sample", {"id", "version"}, {Type::kNumber, Type::kNumber});
const SetStatement kSelect = SetStatement::SelectIn("SELECT id FROM sample WHERE id", Type::kNumber, " ORDER BY id");
const SetStatement kSampleKeys =
    SetStatement::SelectKeys("SELECT id", "sample", {"id", "version"}, {Type::kNumber, Type::kNumber});
const SetStatement kSampleEach = SetStatement::SelectEach<std::int64_t>("SELECT id FROM sample WHERE id = ?");

class SetStatementTest : public test::SampleTable {
 protected:
  static Rows Numbers(std::int64_t count, std::int64_t number) {
    Rows rows(3);
    for (std::int64_t id = 0; id < count; ++id) rows.Add(id, number, 1);
    return rows;
  }
  static Rows Keys(std::int64_t count, std::optional<std::int64_t> version = {}) {
    Rows rows(version ? 2 : 1);
    for (std::int64_t id = 0; id < count; ++id) version ? rows.Add(id, *version) : rows.Add(id);
    return rows;
  }
  std::int64_t Count(const SetStatement& statement, const Rows& keys) {
    std::int64_t count = 0;
    session_.Read(statement, keys, [&count](const std::optional<std::int64_t>& id) {
      EXPECT_TRUE(id);
      ++count;
    });
    return count;
  }
  std::int64_t Count(const SetStatement& statement, std::int64_t keys) { return Count(statement, Keys(keys)); }
  const std::int64_t chunk_ = static_cast<std::int64_t>(ChunkRows(GetParam()));
};
INSTANTIATE_TEST_SUITE_P(Engines, SetStatementTest, test::kBothEngines, test::EngineName);

// Around the sizes where a prepared statement has places left over, and where rows go in several chunks.
TEST_P(SetStatementTest, EveryCountOfRowsIsWrittenAndReadWhole) {
  for (const std::int64_t count : {1, 2, 3, 4, 5, 63, 64, 65, 127, 128, 129, 255, 256, 257, 511, 512, 513, 1'000}) {
    SCOPED_TRACE(count);
    session_.Run("DELETE FROM sample");
    EXPECT_EQ(session_.Write(kSampleInsert, Numbers(count, 1)), count);
    EXPECT_EQ(database_.Number("SELECT COUNT(*) FROM sample"), count);
    EXPECT_EQ(session_.Write(kSampleGuarded, Numbers(count, 2)), count);
    EXPECT_EQ(database_.Number("SELECT COUNT(*) FROM sample WHERE number = 2 AND version = 2"), count);
    EXPECT_EQ(Count(kSelect, count), count);
    EXPECT_EQ(Count(kSampleKeys, Keys(count, 2)), count);
    EXPECT_EQ(Count(kSampleKeys, Keys(count, 1)), 0);
    EXPECT_EQ(Count(kSampleEach, count), count);
    EXPECT_EQ(session_.Write(kSampleDelete, Keys(count, 1)), 0) << "another key";
    EXPECT_EQ(session_.Write(kSampleDelete, Keys(count - count / 2, 2)), count - count / 2);
    EXPECT_EQ(database_.Number("SELECT COUNT(*) FROM sample"), count / 2);
  }
}

// A statement is used again with fewer rows: what stood in its other places must not be written again.
TEST_P(SetStatementTest, PlacesOfAnEarlierUseAreForgotten) {
  session_.Write(kSampleInsert, Numbers(4, 1));
  session_.Run("DELETE FROM sample");
  EXPECT_EQ(session_.Write(kSampleInsert, Numbers(3, 2)), 3);
  EXPECT_EQ(database_.Number("SELECT COUNT(*) FROM sample"), 3);
  EXPECT_EQ(Count(kSelect, 4), 3);
  EXPECT_EQ(Count(kSelect, 3), 3);
}

TEST_P(SetStatementTest, NoRowsNoStatement) {
  const auto before = session_.statements();
  EXPECT_EQ(session_.Write(kSampleInsert, Rows(3)), 0);
  EXPECT_EQ(Count(kSelect, 0), 0);
  EXPECT_EQ(session_.statements(), before);
}

TEST_P(SetStatementTest, StatementsGrowByChunksOfRows) {
  for (const std::int64_t count : {std::int64_t{1}, chunk_, chunk_ + 1, 2 * chunk_ + 88}) {
    session_.Run("DELETE FROM sample");
    const auto before = session_.statements();
    session_.Write(kSampleInsert, Numbers(count, 1));
    EXPECT_EQ(session_.statements() - before, (count + chunk_ - 1) / chunk_) << count;
  }
}

// Matched rows count, whether a number changed or not; rows that are missing or have another version do not.
TEST_P(SetStatementTest, AGuardedUpdateCountsExactlyTheRowsItFound) {
  session_.Write(kSampleInsert, Numbers(300, 1));
  EXPECT_EQ(session_.Write(kSampleGuarded, Numbers(300, 1)), 300);  // same number, versions 1 -> 2
  session_.Run("UPDATE sample SET version = 1 WHERE id < 100");
  EXPECT_EQ(session_.Write(kSampleGuarded, Numbers(300, 5)), 100);
  EXPECT_EQ(database_.Number("SELECT COUNT(*) FROM sample WHERE number = 5"), 100);
  session_.Run("DELETE FROM sample WHERE id >= 250");
  Rows rows(2);
  for (std::int64_t id = 240; id < 260; ++id) rows.Add(id, 6);
  EXPECT_EQ(session_.Write(kSampleUpdate, rows), 10);
}

TEST_P(SetStatementTest, LargeChunksAreAtomicInsideATransaction) {
  session_.Write(kSampleInsert, Numbers(1, 1));
  Rows rows(3);
  for (std::int64_t id = 1; id < 600; ++id) rows.Add(id, 1, 1);
  rows.Add(0, 1, 1);  // in the last chunk: a duplicate
  try {
    Transaction transaction(session_);
    session_.Write(kSampleInsert, rows);
    FAIL() << "the duplicate was written";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.kind(), FailureKind::kDuplicate) << failure.what();
  }
  EXPECT_EQ(database_.Number("SELECT COUNT(*) FROM sample"), 1);
}

}  // namespace
}  // namespace loyalty::storage
