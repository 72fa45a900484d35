#include "storage/purchase_days.h"

#include <vector>

namespace loyalty::storage {
namespace {

using retention::Day;
using retention::MemberDay;

// A condition on the day would make the last chunk of a window look through every row behind it, in one statement.
const SetStatement kDays = SetStatement::SelectEach(
    "SELECT member_id, day, amount, discount, receipts FROM member_day WHERE member_id > ? ORDER BY member_id, day "
    "LIMIT ?",
    "ii", "iiiii");

struct Chunk {
  std::vector<std::int64_t> members;  // of each day
  std::vector<MemberDay> days;
};

void Read(Session& session, std::int64_t after, std::int64_t limit, Chunk& chunk) {
  Rows rows(2);
  rows.Add(after, limit);
  chunk.members.clear();
  chunk.days.clear();
  session.Read(kDays, rows, [&chunk](const ResultRow& row) {
    chunk.members.push_back(row.Number(0));
    chunk.days.push_back({static_cast<Day>(row.Number(1)), row.Number(2), row.Number(3), row.Number(4)});
  });
}

bool Counts(const DayWindow& window, const MemberDay& day) {
  return day.receipts > 0 && day.day <= window.until && (!window.from || day.day >= *window.from);
}

}  // namespace

void ReadPurchaseDays(Session& session, const DayWindow& window, std::int64_t after, const OnMemberDays& take,
                      const PurchaseDaysOptions& options) {
  Chunk chunk;
  std::vector<MemberDay> days;  // of one member
  for (std::int64_t limit = options.rows_at_once; !options.go_on || options.go_on();) {
    Read(session, after, limit, chunk);
    const bool last = static_cast<std::int64_t>(chunk.days.size()) < limit;
    const std::int64_t before = after;
    for (std::size_t begin = 0, end = 0; begin < chunk.days.size(); begin = end) {
      days.clear();
      for (; end < chunk.days.size() && chunk.members[end] == chunk.members[begin]; ++end)
        if (Counts(window, chunk.days[end])) days.push_back(chunk.days[end]);
      // Where the chunk was cut off the rest of its last member is missing: the next one begins with it.
      if (end == chunk.days.size() && !last) break;
      if (!days.empty() && !take(chunk.members[begin], days)) return;
      after = chunk.members[begin];
    }
    if (last) return;
    if (after == before) limit *= 2;  // one member fills it
  }
}

}  // namespace loyalty::storage
