#include "tests/bench/fill.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <map>
#include <stdexcept>

namespace loyalty::test {
namespace {

constexpr std::int64_t kChunk = 100'000;
constexpr std::int64_t kIds = 1'000'000'000'000;  // above all that the server has handed out

// Column = expression of n.i, the number of the member.
using Columns = std::map<std::string, std::string>;

std::string CopySql(RawDatabase& database, const std::string& table, const Columns& own, const std::string& numbers) {
  std::vector<std::string> values;
  const auto columns = database.ColumnsOf(table);
  for (const std::string& column : columns) {
    const auto at = own.find(column);
    values.push_back(at == own.end() ? "t." + column : at->second);
  }
  return fmt::format("INSERT INTO {} ({}) SELECT {} FROM {} n JOIN {} t", table, fmt::join(columns, ","),
                     fmt::join(values, ","), numbers, table);
}

}  // namespace

void FillMembers(RawDatabase& database, std::int64_t from, std::int64_t to) {
  // One that has bought once, and by a card.
  const auto pattern = database.Read(
      "SELECT m.id FROM members m JOIN identifiers i ON i.member_id = m.id WHERE m.member_seq = 1 LIMIT 1");
  if (pattern.empty()) throw std::runtime_error("no member has bought exactly once");
  const std::string id = std::to_string(pattern[0][0].number), made = fmt::format("{} + n.i", kIds);
  const bool sqlite = std::string(database.for_update()).empty();
  const std::string card = sqlite ? "printf('card:26%08d', n.i)" : "CONCAT('card:26', LPAD(n.i, 8, '0'))";
  const std::tuple<std::string, std::string, Columns> tables[] = {
      // public_id: any number that is unique; far from its neighbours, as those of the server are.
      {"members", "id", {{"id", made}, {"public_id", "n.i * 900000000000 + 1"}}},
      {"identifiers", "member_id", {{"code", card}, {"member_id", made}}},
      {"open_lots", "member_id", {{"member_id", made}}},
      {"entries", "member_id", {{"member_id", made}}}};
  for (std::int64_t first = from; first < to; first += kChunk) {
    const std::int64_t last = std::min(first + kChunk, to) - 1;
    const std::string numbers =
        sqlite ? fmt::format(
                     "(WITH RECURSIVE s(i) AS (SELECT {} UNION ALL SELECT i + 1 FROM s WHERE i < {}) "
                     "SELECT i FROM s)",
                     first, last)
               : fmt::format("(SELECT seq AS i FROM seq_{}_to_{})", first, last);
    database.Execute(database.begin());
    for (const auto& [table, key, own] : tables)
      database.Execute(CopySql(database, table, own, numbers) + " ON t." + key + " = " + id);
    database.Execute("COMMIT");
    if (isatty(STDERR_FILENO) != 0) fmt::print(stderr, "\r  filled {} of {} members", last + 1, to);
  }
  if (isatty(STDERR_FILENO) != 0) fmt::print(stderr, "\r{:60}\r", "");
}

}  // namespace loyalty::test
