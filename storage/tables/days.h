// Purchase days: the newest in the member's row, older ones in rows of their own.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "retention/summary.h"
#include "storage/table.h"

namespace loyalty::storage {

// The member's row holds so many days at most; when it is full the older half of them moves out at once, into rows
// that lie on one page.
inline constexpr std::size_t kRecentDays = 16;

// Whole numbers of as few bytes as they need (zigzag, seven bits a byte): the day, or how many days after the one
// before, then amount, discount and receipts. About nine bytes a day.
Bytes PackDays(const std::vector<retention::MemberDay>& days);
std::vector<retention::MemberDay> UnpackDays(std::string_view packed);

struct MemberDayRow {
  using Key = std::tuple<std::int64_t, retention::Day>;
  using Prefix = std::int64_t;
  Key key() const { return {member_id, day.day}; }
  static const Table<MemberDayRow>& table();

  std::int64_t member_id = 0;
  retention::MemberDay day;
};

// The rows of member_day next to a day. A view: only read.
struct DayNeighboursRow {
  using Key = std::tuple<std::int64_t, retention::Day>;
  Key key() const { return {member_id, day}; }
  static const Table<DayNeighboursRow>& table();

  std::int64_t member_id = 0;
  retention::Day day = 0;
  std::optional<retention::Day> before, after;
};

}  // namespace loyalty::storage
