// What `serve` looks at before it serves anybody.
#include "storage/engine_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/database.h"
#include "tests/support/mariadb.h"

namespace loyalty::storage {
namespace {

using test::TestDatabase;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(EngineCheckTest, SessionsAsWeSetThemUpHaveNoProblems) {
  for (const Engine engine : {Engine::kSqlite, Engine::kMysql})
    EXPECT_THAT(EngineProblems(TestDatabase(engine).session()), IsEmpty());
}

// As behind a proxy that swallows SET: the session has what the server has by default.
TEST(EngineCheckTest, AModeThatDidNotTakeIsNamed) {
  TestDatabase database(Engine::kMysql);
  for (const char* mode :
       {"STRICT_TRANS_TABLES", "ERROR_FOR_DIVISION_BY_ZERO", "NO_ENGINE_SUBSTITUTION", "ONLY_FULL_GROUP_BY"}) {
    const auto session = database.Open();
    session->Run(std::string("SET SESSION sql_mode = REPLACE(@@sql_mode, '") + mode + "', '')");
    EXPECT_THAT(EngineProblems(*session), ElementsAre(HasSubstr(mode)));
  }
  const auto session = database.Open();
  session->Run("SET SESSION sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES')");
  EXPECT_THAT(EngineProblems(*session), ElementsAre(HasSubstr("NO_BACKSLASH_ESCAPES")));
}

TEST(EngineCheckTest, AnIsolationThatDidNotTakeIsNamed) {
  TestDatabase database(Engine::kMysql);
  database.session().Run("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
  EXPECT_THAT(EngineProblems(database.session()), ElementsAre(HasSubstr("REPEATABLE-READ")));
}

// A server of its own, since new sessions have what the whole server has.
TEST(EngineCheckTest, ADatabaseThatTakesOnlyShortMessagesIsNamed) {
  test::MariaDb mariadb({.settings = {"--max-allowed-packet=" + std::to_string(kPacketBytesMin - 1024)}});
  const auto url = mariadb.UrlOf("mysql");
  {
    Session session(url);
    EXPECT_THAT(EngineProblems(session), ElementsAre(HasSubstr("set max_allowed_packet=16M")));
  }
  mariadb.Execute("SET GLOBAL max_allowed_packet = " + std::to_string(kPacketBytesMin));
  Session session(url);
  EXPECT_THAT(EngineProblems(session), IsEmpty());
}

TEST(EngineCheckTest, ASqliteFileThatMayForgetIsNamed) {
  TestDatabase database(Engine::kSqlite);
  database.session().Run("PRAGMA synchronous=NORMAL");
  EXPECT_THAT(EngineProblems(database.session()), ElementsAre(HasSubstr("synchronous")));
}

}  // namespace
}  // namespace loyalty::storage
