#include "tests/bench/meters.h"

#include <gtest/gtest.h>

#include "tests/support/scratch_directory.h"

namespace loyalty::test {
namespace {

TEST(TouchedBy, NamesTheTableOfAStatement) {
  const auto is = [](const char* statement, const char* table, bool writes) {
    const Touched touched = TouchedBy(statement);
    return touched.table == table && touched.writes == writes;
  };
  EXPECT_TRUE(is("insert receipts", "receipts", true));
  EXPECT_TRUE(is("update members", "members", true));
  EXPECT_TRUE(is("delete open_lots", "open_lots", true));
  EXPECT_TRUE(is("read requests", "requests", false));
  EXPECT_TRUE(is("lock members", "members", false));
  EXPECT_TRUE(is("SELECT next_id FROM id_blocks", "id_blocks", false));
  EXPECT_TRUE(is("INSERT INTO id_blocks(name) VALUES (1)", "id_blocks", true));
  EXPECT_TRUE(is("DELETE FROM requests WHERE day < 1", "requests", true));
  EXPECT_TRUE(is("COMMIT", "", false));
}

TEST(Meters, SeeRowsAndTimesOfASession) {
  const ScratchDirectory directory;
  const ConnectionCatcher catcher;
  storage::Session session({.engine = storage::Engine::kSqlite, .path = directory.path() / "db"});
  session.Run("CREATE TABLE a (id INTEGER NOT NULL PRIMARY KEY, text)");
  session.Run("CREATE TABLE b (id, text, PRIMARY KEY (id)) WITHOUT ROWID");
  {
    const RowMeter meter(catcher.connection());
    session.Run("INSERT INTO a VALUES (1, 'x'), (2, 'y')");
    session.Run("INSERT INTO b VALUES (1, 'x')");
    session.Run("INSERT INTO b VALUES (1, 'y') ON CONFLICT DO UPDATE SET text = excluded.text");
    EXPECT_EQ(meter.tables().at("a").inserted, 2);
    EXPECT_EQ(meter.tables().at("b").inserted, 1);
    EXPECT_EQ(meter.tables().at("b").updated, 1);
  }
  const TimeMeter meter(session, catcher.connection());
  {
    storage::Transaction transaction(session);
    session.Run("INSERT INTO a VALUES (3, 'x')");
    session.Read("SELECT text FROM b", [](const std::string&) {});
    transaction.Commit();
  }
  EXPECT_GT(meter.begin_us(), 0);
  EXPECT_GT(meter.commit_us(), 0);
  EXPECT_GT(meter.tables().at("a").write_us, 0);
  EXPECT_EQ(meter.tables().at("a").read_us, 0);
  EXPECT_GT(meter.tables().at("b").read_us, 0);
}

}  // namespace
}  // namespace loyalty::test
