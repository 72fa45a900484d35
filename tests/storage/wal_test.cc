// The log of SQLite (WAL) while somebody reads for long, and afterwards.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/database.h"

namespace loyalty::storage {
namespace {

using test::TestDatabase;

class Wal : public ::testing::Test {
 protected:
  Wal() { database_.session().Run("CREATE TABLE filler (content BLOB)"); }

  std::int64_t Bytes() const {
    return static_cast<std::int64_t>(std::filesystem::file_size(database_.url().path + "-wal"));
  }
  void WriteMegabyte() { database_.session().Run("INSERT INTO filler VALUES (randomblob(1 << 20))"); }

  TestDatabase database_{Engine::kSqlite, TestDatabase::Content::kNothing};
};

TEST_F(Wal, IsSmallAgainWhenALongReaderHasGone) {
  const auto reader = database_.Open();
  reader->Run("BEGIN");
  reader->Read("SELECT COUNT(*) FROM filler", [](std::int64_t) {});
  while (Bytes() < kWalBytesMax + (8 << 20)) WriteMegabyte();
  reader->Run("COMMIT");
  database_.session().Run("PRAGMA wal_checkpoint");
  WriteMegabyte();
  EXPECT_LE(Bytes(), kWalBytesMax);
}

// As far as it was made, its space is used again: a file that gets longer makes each commit dearer.
TEST_F(Wal, KeepsItsLengthFromOneCheckpointToTheNext) {
  constexpr int kCheckpoints = 4;
  constexpr std::int64_t kOrdinary = kWalPages * std::int64_t{4'096};
  std::int64_t longest = 0;
  for (std::int64_t written = 0; written < kCheckpoints * kOrdinary; written += 1 << 20) {
    WriteMegabyte();
    EXPECT_GE(Bytes(), longest);
    longest = Bytes();
  }
  EXPECT_GT(longest, kOrdinary);
  EXPECT_LT(longest, 2 * kOrdinary);
}

}  // namespace
}  // namespace loyalty::storage
