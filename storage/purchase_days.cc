#include "storage/purchase_days.h"

#include <limits>
#include <vector>

namespace loyalty::storage {
namespace {

using retention::Day;
using retention::MemberDay;

const SetStatement kDays = SetStatement::SelectEach(
    "SELECT member_id, day, amount, discount, receipts FROM member_day WHERE member_id > ? AND day >= ? AND day <= ? "
    "AND receipts > 0 ORDER BY member_id, day LIMIT ?",
    "iiii", "iiiii");

struct Chunk {
  std::vector<std::int64_t> members;  // of each day
  std::vector<MemberDay> days;
};

}  // namespace

void ReadPurchaseDays(Session& session, const DayWindow& window, std::int64_t after, const OnMemberDays& take,
                      int rows_at_once) {
  Chunk chunk;
  for (std::int64_t limit = rows_at_once;;) {
    Rows rows(4);
    rows.Add(after, static_cast<std::int64_t>(window.from.value_or(std::numeric_limits<Day>::min())),
             static_cast<std::int64_t>(window.until), limit);
    chunk.members.clear();
    chunk.days.clear();
    session.Read(kDays, rows, [&chunk](const ResultRow& row) {
      chunk.members.push_back(row.Number(0));
      chunk.days.push_back({static_cast<Day>(row.Number(1)), row.Number(2), row.Number(3), row.Number(4)});
    });
    const bool last = static_cast<std::int64_t>(chunk.days.size()) < limit;
    const std::int64_t before = after;
    for (std::size_t begin = 0; begin < chunk.days.size();) {
      std::size_t end = begin;
      while (end < chunk.days.size() && chunk.members[end] == chunk.members[begin]) ++end;
      // Where the chunk was cut off the rest of its last member is missing: the next one begins with it.
      if (end == chunk.days.size() && !last) break;
      if (!take(chunk.members[begin], std::span(chunk.days).subspan(begin, end - begin))) return;
      after = chunk.members[begin];
      begin = end;
    }
    if (last) return;
    if (after == before) limit *= 2;  // one member fills it
  }
}

}  // namespace loyalty::storage
