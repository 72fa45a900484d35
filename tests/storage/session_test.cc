#include "storage/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include <set>

#include "storage/ids.h"
#include "storage/read_pool.h"
#include "storage/read_transaction.h"
#include "storage/working_set.h"
#include "tests/support/database.h"
#include "tests/support/mariadb.h"

namespace loyalty::storage {
namespace {

using test::TestDatabase;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string TextOf(Session& session, const std::string& sql) {
  std::string text;
  session.Read(sql, [&text](const std::string& value) { text = value; });
  return text;
}

TEST(SessionSetupTest, MariaDbSessionsAreSetUpAlsoAfterReconnect) {
  TestDatabase database(Engine::kMysql, TestDatabase::Content::kNothing);
  Session& session = database.session();
  for (int connection = 0; connection < 2; ++connection) {
    EXPECT_EQ(TextOf(session, "SELECT @@tx_isolation"), "READ-COMMITTED");
    const std::string mode = TextOf(session, "SELECT @@sql_mode");
    EXPECT_THAT(mode, HasSubstr("STRICT_TRANS_TABLES"));
    EXPECT_THAT(mode, HasSubstr("ONLY_FULL_GROUP_BY"));
    EXPECT_THAT(mode, Not(HasSubstr("NO_BACKSLASH_ESCAPES")));
    EXPECT_EQ(TextOf(session, "SELECT @@innodb_lock_wait_timeout"), std::to_string(kLockWaitSeconds));
    EXPECT_EQ(TextOf(session, "SELECT @@in_predicate_conversion_threshold"), "0");
    EXPECT_EQ(std::stod(TextOf(session, "SELECT @@max_statement_time")), kStatementSecondsMax);
    EXPECT_EQ(TextOf(session, "SELECT @@character_set_client"), "utf8mb4");
    EXPECT_EQ(TextOf(session, "SELECT @@collation_connection"), "utf8mb4_bin");
    EXPECT_EQ(TextOf(session, "SELECT @@autocommit"), "1");
    session.Reconnect();
  }
  EXPECT_EQ(TextOf(session, "SELECT @@innodb_flush_log_at_trx_commit"), "1") << "the tests' own server";
}

TEST(SessionSetupTest, SqliteSessionsAreDurableAlsoAfterReconnect) {
  TestDatabase database(Engine::kSqlite, TestDatabase::Content::kNothing);
  Session& session = database.session();
  for (int connection = 0; connection < 2; ++connection) {
    EXPECT_EQ(TextOf(session, "PRAGMA journal_mode"), "wal");
    EXPECT_EQ(TextOf(session, "PRAGMA synchronous"), "2");  // FULL
    EXPECT_EQ(TextOf(session, "PRAGMA busy_timeout"), std::to_string(kLockWaitSeconds * 1'000));
    session.Reconnect();
  }
}

// Goal: members are locked in ascending order of their ids, because a lock statement reads the primary key and nothing
// else. Method: the server's own log says what LockMembers sent, EXPLAIN says how it is read.
TEST(LockOrderTest, LockStatementsReadThePrimaryKeyOnly) {
  TestDatabase database(Engine::kMysql);
  Session& session = database.session();
  const auto insert = [&session](std::int64_t from, std::int64_t to) {
    Rows rows(MemberRow::table().columns().size());
    for (std::int64_t id = from; id <= to; ++id) {
      MemberRow member;
      member.id = member.public_id = id;
      MemberRow::table().AddInsert(rows, member);
    }
    session.Write(MemberRow::table().Insert(), rows);
  };
  insert(1, 300);
  auto& server = test::MariaDb::Shared();
  server.Execute("SET GLOBAL log_output = 'TABLE'");
  for (const std::int64_t stored : {300, 3'000}) {
    if (stored > 300) insert(301, stored);
    session.Read("ANALYZE TABLE members", [](const std::string&) {});
    for (const auto& [count, way] : {std::pair{1, Way::kLock},
                                     {2, Way::kLock},
                                     {2, Way::kTryLock},
                                     {64, Way::kLock},
                                     {64, Way::kTryLock},
                                     {256, Way::kTryLock},
                                     {300, Way::kLock},
                                     {300, Way::kTryLock}}) {
      SCOPED_TRACE(std::to_string(count) + " of " + std::to_string(stored));
      std::set<std::int64_t> ids;
      for (std::int64_t i = 0; i < count; ++i) ids.insert(stored - i);
      server.Execute("TRUNCATE mysql.general_log");
      server.Execute("SET GLOBAL general_log = ON");
      WorkingSet set;
      {
        Transaction transaction(session);
        Exchange exchange(session);
        set.of<MemberRow>().Read(exchange, ids, way);
        exchange.Run();
      }
      server.Execute("SET GLOBAL general_log = OFF");
      for (const std::int64_t id : ids)
        EXPECT_TRUE(set.Find<MemberRow>(id) != nullptr && set.of<MemberRow>().Holds(id));
      // The log has a message as one line.
      std::vector<std::string> sent;
      session.Read("SELECT argument FROM mysql.general_log WHERE argument LIKE '%FOR UPDATE%'",
                   [&sent](const std::string& argument) {
                     std::istringstream message(argument);
                     for (std::string statement; std::getline(message, statement, ';');)
                       if (statement.find("FOR UPDATE") != std::string::npos) sent.push_back(statement);
                   });
      ASSERT_EQ(sent.size(), (ids.size() + ChunkRows(Engine::kMysql) - 1) / ChunkRows(Engine::kMysql));
      for (const auto& statement : sent)
        session.ReadRows("EXPLAIN " + statement, std::vector<Type>(10, Type::kText), [](const ResultRow& row) {
          EXPECT_THAT(row.Text(3), AnyOf("range", "const", "eq_ref"));
          EXPECT_EQ(row.Text(5), "PRIMARY");
          EXPECT_THAT(row.Text(9), Not(HasSubstr("filesort")));
        });
    }
  }
}

class SessionTest : public ::testing::TestWithParam<Engine> {
 protected:
  TestDatabase database_{GetParam()};
  Session& session_ = database_.session();
};
INSTANTIATE_TEST_SUITE_P(Engines, SessionTest, test::kBothEngines, test::EngineName);

TEST_P(SessionTest, BlocksOfIdsNeverOverlap) {
  const auto other = database_.Open();
  std::set<std::int64_t> taken;
  const auto take = [&taken](IdBlock& block) { EXPECT_TRUE(taken.insert(block.Take()).second); };
  IdBlock ours, theirs;
  for (int round = 0; round < 3; ++round) {
    ours.Reserve(session_, 70'000);  // more than a block has
    theirs.Reserve(*other, 1);
    for (int i = 0; i < 70'000; ++i) take(ours);
    take(theirs);
  }
  IdBlock restarted;
  restarted.Reserve(session_, 1);
  take(restarted);
}

// Whoever locks in another order than others may wait for them while they wait for him.
TEST_P(SessionTest, ALockAfterOneOfAHigherRankThrows) {
  const auto lock = [this](const auto& table, const auto& key) {
    session_.ReadRows(table.Lock(), Rows::Of(key), table.types(), [](const ResultRow&) {});
  };
  {
    Transaction transaction(session_);
    lock(ProgramRow::table(), 1);
    lock(MemberRow::table(), 1);
    lock(MemberRow::table(), 2);
    lock(RedemptionRow::table(), 1);
    transaction.Commit();
  }
  {
    Transaction transaction(session_);
    lock(MemberRow::table(), 1);
    try {
      lock(ProgramRow::table(), 1);
      ADD_FAILURE() << "the program was locked after a member";
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.kind(), FailureKind::kOther);
      EXPECT_THAT(failure.what(), HasSubstr("out of order"));
    }
  }
  Transaction next(session_);  // begins anew
  lock(ProgramRow::table(), 1);
  next.Commit();
}

TEST_P(SessionTest, AReadTransactionSeesOneStateOfTheDatabase) {
  const auto other = database_.Open();
  const ReadTransaction transaction(session_);
  const auto before = database_.Number("SELECT generation FROM program");
  other->Run("UPDATE program SET generation = generation + 1");
  EXPECT_EQ(database_.Number("SELECT generation FROM program"), before);
}

TEST_P(SessionTest, APoolLendsNoMoreThanItHasAndHealsWhatBroke) {
  ReadPool pool(database_.url(), 2);
  auto first = pool.TryLease(std::chrono::milliseconds(0));
  ASSERT_TRUE(first);
  {
    auto second = pool.TryLease(std::chrono::milliseconds(0));
    ASSERT_TRUE(second);
    EXPECT_FALSE(pool.TryLease(std::chrono::milliseconds(1)));
    EXPECT_THROW(second->session().Run("NO SUCH STATEMENT"), Failure);
    EXPECT_TRUE(second->session().suspect());
  }
  auto again = pool.TryLease(std::chrono::milliseconds(0));
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->session().suspect());
  EXPECT_EQ(TextOf(again->session(), "SELECT 1"), "1");
}

}  // namespace
}  // namespace loyalty::storage
