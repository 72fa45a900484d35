// The list of tables, and what each descriptor says, against the schema.
#include "storage/tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "storage/rows.h"
#include "tests/support/database.h"

namespace loyalty::storage {
namespace {

using test::TestDatabase;

template <typename... Row>
void ForEach(const RowList<Row...>*, const auto& visit) {
  (visit.template operator()<Row>(), ...);
}
void ForEachTable(const auto& visit) { ForEach(static_cast<const AllRows*>(nullptr), visit); }

TEST(AllRows, StandInTheOrderOfTheirRanks) {
  std::vector<Rank> ranks;
  ForEachTable([&ranks]<typename Row>() { ranks.push_back(Row::table().rank()); });
  EXPECT_TRUE(std::is_sorted(ranks.begin(), ranks.end())) << "names first, seals last";
  EXPECT_EQ(ranks.front(), Rank::kNone);
  EXPECT_EQ(ranks.back(), Rank::kSeal);
}

TEST(AllRows, NoTwoTablesShareANumber) {
  std::map<int, std::string> names;
  ForEachTable([&names]<typename Row>() {
    const auto& table = Row::table();
    if (table.rank() == Rank::kNone) return;  // a view of one of the others
    const auto [at, fresh] = names.try_emplace(table.number(), table.name());
    EXPECT_TRUE(fresh) << at->second << " and " << table.name() << " would have the same seals";
    EXPECT_GT(table.number(), 0) << table.name();
  });
}

// Columns of a table and whether each may be NULL.
std::map<std::string, bool> ColumnsOf(Session& session, const std::string& table) {
  std::map<std::string, bool> columns;
  session.Read(session.engine() == Engine::kSqlite
                   ? "SELECT name, 1 - \"notnull\" FROM pragma_table_info('" + table + "')"
                   : "SELECT column_name, is_nullable = 'YES' FROM information_schema.columns WHERE table_schema = "
                     "DATABASE() AND table_name = '" +
                         table + "'",
               [&columns](const std::string& name, bool nullable) { columns[name] = nullable; });
  return columns;
}

// Columns of its primary key, in their order.
std::vector<std::string> KeyOf(Session& session, const std::string& table) {
  std::vector<std::string> columns;
  session.Read(session.engine() == Engine::kSqlite
                   ? "SELECT name FROM pragma_table_info('" + table + "') WHERE pk > 0 ORDER BY pk"
                   : "SELECT column_name FROM information_schema.key_column_usage WHERE table_schema = DATABASE() AND "
                     "constraint_name = 'PRIMARY' AND table_name = '" +
                         table + "' ORDER BY ordinal_position",
               [&columns](const std::string& name) { columns.push_back(name); });
  return columns;
}

class TablesTest : public ::testing::TestWithParam<Engine> {
 protected:
  TestDatabase database_{GetParam()};
  Session& session_ = database_.session();
};
INSTANTIATE_TEST_SUITE_P(Engines, TablesTest, test::kBothEngines, test::EngineName);

TEST_P(TablesTest, DescriptorsAgreeWithTheSchema) {
  ForEachTable([this]<typename Row>() {
    const auto& table = Row::table();
    if (table.rank() == Rank::kNone) return;
    SCOPED_TRACE(table.name());
    const auto stored = ColumnsOf(session_, table.name());
    std::set<std::string> named, known;
    std::vector<std::string> key;
    for (const auto& column : table.columns())
      if (column.Is(kKey)) key.emplace_back(column.name);
    EXPECT_EQ(KeyOf(session_, table.name()), key);
    const Row empty;
    for (const auto& column : table.columns()) {
      EXPECT_TRUE(named.insert(column.name).second) << column.name << " twice";
      const auto at = stored.find(column.name);
      ASSERT_TRUE(at != stored.end()) << column.name;
      const bool may_be_null = column.Is(kNoneIsNull) || column.get(empty).kind == Cell::Kind::kNull;
      EXPECT_EQ(may_be_null, at->second) << column.name;
    }
    for (const auto& [name, nullable] : stored) known.insert(name);
    EXPECT_EQ(named, known);
  });
}

// What is written comes back, column by column.
TEST_P(TablesTest, AnEmptyRowIsWrittenAndReadBack) {
  ForEachTable([this]<typename Row>() {
    const auto& table = Row::table();
    if (table.rank() == Rank::kNone || table.rank() == Rank::kProgram) return;  // there is a program
    SCOPED_TRACE(table.name());
    const Row row;
    Rows rows(table.columns().size());
    table.AddInsert(rows, row);
    session_.Write(table.Insert(), rows);
    Rows keys(WidthOf<typename Row::Key>());
    AddKey(keys, row.key());
    int found = 0;
    session_.ReadRows(table.ByKey(), keys, table.types(), [&](const ResultRow& from) {
      ++found;
      const Row read = table.Of(from);
      for (const auto& column : table.columns()) EXPECT_TRUE(column.same(row, read)) << column.name;
    });
    EXPECT_EQ(found, 1);
    EXPECT_EQ(session_.Write(table.Delete(), keys), 1);
  });
}

// A statement that looks through a whole table takes longer with every sale.
TEST(TablesPlanTest, SqliteSearchesByTheKey) {
  TestDatabase database(Engine::kSqlite);
  const auto expect_search = [&database](const SetStatement& statement, const std::string& table) {
    for (const std::size_t count : {1, 4, 64}) {
      const std::string sql = PlaceholderText(statement, count);
      int searches = 0;
      database.session().Read(
          "EXPLAIN QUERY PLAN " + sql, [&](std::int64_t, std::int64_t, std::int64_t, const std::string& detail) {
            const bool of_table =
                detail.starts_with("SCAN " + table) || (detail.starts_with("SCAN t") && detail.size() == 6);
            EXPECT_FALSE(of_table) << statement.name() << ": " << detail << "\n" << sql;
            searches += detail.starts_with("SEARCH ") ? 1 : 0;
          });
      EXPECT_GT(searches, 0) << statement.name() << " " << sql;
    }
  };
  ForEachTable([&expect_search]<typename Row>() {
    const auto& table = Row::table();
    expect_search(table.ByKey(), table.name());
    if (table.rank() == Rank::kNone) return;
    if constexpr (!IsTuple<typename Row::Key>::value) expect_search(table.Lock(), table.name());
    if constexpr (requires { typename Row::Prefix; })
      for (const Reach reach : kReaches) expect_search(table.First(reach), table.name());
    if (table.has_update()) {
      expect_search(table.Update(), table.name());
      expect_search(table.Update(Sets::kOften), table.name());
      expect_search(table.Update(Sets::kAll, false), table.name());
    }
    if (table.has_alone()) expect_search(table.Update(Sets::kAlone), table.name());
    expect_search(table.Delete(), table.name());
  });
}

}  // namespace
}  // namespace loyalty::storage
