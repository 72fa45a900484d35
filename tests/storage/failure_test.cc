#include "storage/failure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <optional>

#include "tests/support/database.h"
#include "tests/support/mariadb.h"

namespace loyalty::storage {
namespace {

using test::TestDatabase;

// What an action threw; nothing when it did not.
std::optional<Failure> FailureOf(const std::function<void()>& action) {
  try {
    action();
    return std::nullopt;
  } catch (const Failure& failure) {
    return failure;
  }
}

void ExpectFailure(FailureKind kind, int code, const std::function<void()>& action) {
  const auto failure = FailureOf(action);
  ASSERT_TRUE(failure) << "nothing was thrown";
  EXPECT_EQ(failure->kind(), kind) << failure->what();
  if (code != 0) {
    EXPECT_EQ(failure->code(), code);
  }
}

TEST(FailureKindTest, WhatPassesIsNeverTakenForARefusal) {
  for (const unsigned error : {1213, 1205, 1020, 1317, 1969, 3024, 8002, 8005, 8022, 8028, 9007})
    EXPECT_EQ(KindOfMysqlError(error), FailureKind::kConflict) << error;
  for (const unsigned error : {1024, 1040, 1047, 1053, 1158, 1159, 1160, 1161, 1180, 1203,
                               1290, 1836, 1927, 4031, 2002, 2003, 2006, 2013, 2026, 2055})
    EXPECT_EQ(KindOfMysqlError(error), FailureKind::kLost) << error;
  EXPECT_EQ(KindOfMysqlError(1062), FailureKind::kDuplicate);
  for (const unsigned error : {1021, 1114}) EXPECT_EQ(KindOfMysqlError(error), FailureKind::kFull) << error;
  for (const unsigned error : {0, 1048, 1064, 1146, 1366, 1406})
    EXPECT_EQ(KindOfMysqlError(error), FailureKind::kOther);

  for (const int result : {5, 5 | 1 << 8, 5 | 2 << 8, 6}) EXPECT_EQ(KindOfSqliteError(result), FailureKind::kConflict);
  for (const int result : {1555, 2067, 2579}) EXPECT_EQ(KindOfSqliteError(result), FailureKind::kDuplicate);
  for (const int result : {10, 10 | 4 << 8, 11, 14, 26}) EXPECT_EQ(KindOfSqliteError(result), FailureKind::kLost);
  EXPECT_EQ(KindOfSqliteError(13), FailureKind::kFull);
  for (const int result : {1, 19, 1299}) EXPECT_EQ(KindOfSqliteError(result), FailureKind::kOther);
}

TEST(SqliteFailureTest, AWriterThatWaitsTooLongHasAConflictAndGoesOnAfterwards) {
  TestDatabase database(Engine::kSqlite);
  const auto other = database.Open();
  {
    Transaction theirs(*other);
    other->Run("UPDATE program SET generation = 7");
    ExpectFailure(FailureKind::kConflict, 5, [&] { Transaction ours(database.session()); });
    theirs.Commit();
  }
  Transaction ours(database.session());
  EXPECT_EQ(database.Number("SELECT generation FROM program"), 7);
}

TEST(SqliteFailureTest, AFullDiskIsFull) {
  TestDatabase database(Engine::kSqlite);
  database.session().Run("PRAGMA max_page_count = 1");  // the least it accepts is what there is
  ExpectFailure(FailureKind::kFull, 13, [&] {
    Transaction transaction(database.session());
    for (int i = 2; i < 10'000; ++i)
      database.session().Run("INSERT INTO catalogue_versions VALUES (" + std::to_string(i) + ", 0, '" +
                             std::string(1'000, 'x') + "', 0, 0, x'00')");
  });
  EXPECT_EQ(database.Number("SELECT COUNT(*) FROM catalogue_versions"), 0);
}

class MariaDbFailureTest : public ::testing::Test {
 protected:
  MariaDbFailureTest() { session_.Run("INSERT INTO leases VALUES ('a', '', 0, 0), ('b', '', 0, 0)"); }
  static void Raise(Session& session, const std::string& name) {
    session.Run("UPDATE leases SET version = version + 1 WHERE name = '" + name + "'");
  }
  static std::string ConnectionOf(Session& session) {
    std::string id;
    session.Read("SELECT CONNECTION_ID()", [&id](std::int64_t number) { id = std::to_string(number); });
    return id;
  }
  std::int64_t Sum() { return database_.Number("SELECT CAST(SUM(version) AS SIGNED) FROM leases"); }

  TestDatabase database_{Engine::kMysql};
  Session& session_ = database_.session();
  std::unique_ptr<Session> other_ = database_.Open();
};

TEST_F(MariaDbFailureTest, TheLoserOfADeadlockHasAConflictAndTheWinnerCommits) {
  std::optional<Failure> ours, theirs;
  {
    Transaction first(session_);
    Raise(session_, "a");
    Transaction second(*other_);
    Raise(*other_, "b");
    auto crossing = std::async(std::launch::async, [&] {
      theirs = FailureOf([&] { Raise(*other_, "a"); });
      if (!theirs) second.Commit();
    });
    ours = FailureOf([&] { Raise(session_, "b"); });
    if (!ours) first.Commit();
    crossing.wait();
  }
  ASSERT_NE(ours.has_value(), theirs.has_value());
  const Failure& loser = ours ? *ours : *theirs;
  EXPECT_EQ(loser.kind(), FailureKind::kConflict);
  EXPECT_EQ(loser.code(), 1213);
  EXPECT_EQ(Sum(), 2);
}

TEST_F(MariaDbFailureTest, ALockThatIsNotGivenInTimeIsAConflict) {
  Transaction first(session_);
  Raise(session_, "a");
  ExpectFailure(FailureKind::kConflict, 1205, [&] {
    Transaction second(*other_);
    Raise(*other_, "b");
    Raise(*other_, "a");
  });
  first.Commit();
  EXPECT_EQ(Sum(), 1) << "what the second had written is rolled back";
}

TEST_F(MariaDbFailureTest, AStatementThatTakesTooLongIsAConflict) {
  session_.Run("SET SESSION max_statement_time = 0.05");
  ExpectFailure(FailureKind::kConflict, 1969, [&] { session_.Run("UPDATE leases SET version = SLEEP(2)"); });
}

TEST_F(MariaDbFailureTest, AKilledConnectionIsLostAndReconnectWorks) {
  const auto kill = "KILL CONNECTION " + ConnectionOf(session_);
  ExpectFailure(FailureKind::kLost, 0, [&] {
    Transaction transaction(session_);
    Raise(session_, "a");
    other_->Run(kill);
    Raise(session_, "b");
    transaction.Commit();
  });
  EXPECT_TRUE(session_.suspect());
  Transaction transaction(session_);
  Raise(session_, "a");
  transaction.Commit();
  EXPECT_EQ(Sum(), 1);
}

TEST_F(MariaDbFailureTest, AConnectionThatDiesBeforeCommitLeavesNothing) {
  const auto kill = "KILL CONNECTION " + ConnectionOf(session_);
  session_.set_hook([&](std::string_view sql) {
    if (sql == "COMMIT") other_->Run(kill);
  });
  ExpectFailure(FailureKind::kLost, 0, [&] {
    Transaction transaction(session_);
    Raise(session_, "a");
    transaction.Commit();
  });
  session_.set_hook(nullptr);
  session_.Reconnect();
  EXPECT_EQ(Sum(), 0);
}

TEST_F(MariaDbFailureTest, TooManyConnectionsPassLikeALostOne) {
  const auto limit = database_.Number("SELECT @@max_connections");
  session_.Run("SET GLOBAL max_connections = 10");
  std::vector<std::unique_ptr<Session>> all;
  const auto failure = FailureOf([&] {
    for (int i = 0; i < 20; ++i) all.push_back(database_.Open());
  });
  all.clear();
  session_.Run("SET GLOBAL max_connections = " + std::to_string(limit));
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind(), FailureKind::kLost) << failure->what();
}

// Goal: a server that crashes and comes back costs what was not committed and nothing else.
TEST(MariaDbCrashTest, AKilledServerIsLostUntilItIsBackAndKeepsWhatWasCommitted) {
  test::MariaDb server;
  server.Execute("CREATE DATABASE crash");
  server.Execute("CREATE TABLE crash.t (id BIGINT NOT NULL PRIMARY KEY) ENGINE=InnoDB");
  Session session(server.UrlOf("crash"));
  const auto insert = [&session](int id) { session.Run("INSERT INTO t VALUES (" + std::to_string(id) + ")"); };
  {
    Transaction transaction(session);
    insert(1);
    transaction.Commit();
  }
  ExpectFailure(FailureKind::kLost, 0, [&] {
    Transaction transaction(session);
    insert(2);
    server.Kill();
    transaction.Commit();
  });
  ExpectFailure(FailureKind::kLost, 0, [&] { Transaction transaction(session); });
  ExpectFailure(FailureKind::kLost, 0, [&] { session.Reconnect(); });
  ExpectFailure(FailureKind::kLost, 0, [&] { Transaction transaction(session); });
  server.Start();
  {
    Transaction transaction(session);
    insert(3);
    transaction.Commit();
  }
  std::vector<std::int64_t> ids;
  session.Read("SELECT id FROM t ORDER BY id", [&ids](std::int64_t id) { ids.push_back(id); });
  EXPECT_THAT(ids, ::testing::ElementsAre(1, 3));
}

// The way in over TCP answers with other numbers than the socket.
TEST(MariaDbCrashTest, OverTcpAServerThatIsAwayIsLostToo) {
  test::MariaDb server({.networking = true, .settings = {}});
  server.Execute("CREATE DATABASE crash");
  Session session(server.UrlOf("crash"));
  server.Kill();
  ExpectFailure(FailureKind::kLost, 0, [&] { session.Run("DO 1"); });
  ExpectFailure(FailureKind::kLost, 2002, [&] { session.Reconnect(); });
}

}  // namespace
}  // namespace loyalty::storage
