#include "storage/checkpointer.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "tests/support/database.h"

namespace loyalty::storage {
namespace {

TEST(Checkpointer, CopiesWhatWasCommittedWithoutTheWriter) {
  test::TestDatabase database(Engine::kSqlite);
  Session& session = database.session();
  session.Run("PRAGMA wal_checkpoint(TRUNCATE)");
  const auto size = [&] { return std::filesystem::file_size(database.url().path); };
  const auto before = size();
  const Checkpointer checkpointer(database.url());
  session.Run("CREATE TABLE bulk (id INTEGER PRIMARY KEY, text VARCHAR(1000) NOT NULL)");
  for (int i = 0; i < 200; ++i)
    session.Run("INSERT INTO bulk (text) VALUES ('" + std::string(900, static_cast<char>('a' + i % 26)) + "')");
  // Far below wal_autocheckpoint: the writer itself copies nothing.
  for (int tries = 0; size() < before + 100'000 && tries < 1'000; ++tries)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_GE(size(), before + 100'000);
  session.Run("INSERT INTO bulk (text) VALUES ('and the writer goes on')");
  EXPECT_EQ(database.Number("SELECT COUNT(*) FROM bulk"), 201);
}

TEST(Checkpointer, RunsBesideAnOpenTransactionAndEndsAtOnce) {
  test::TestDatabase database(Engine::kSqlite);
  const auto start = std::chrono::steady_clock::now();
  {
    // A writer in the middle of a transaction is no trouble at all.
    Transaction transaction(database.session());
    const Checkpointer checkpointer(database.url());
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

}  // namespace
}  // namespace loyalty::storage
