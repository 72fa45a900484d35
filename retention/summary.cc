#include "retention/summary.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "retention/quarter.h"

namespace loyalty::retention {
namespace {

constexpr std::int64_t kGapMax = 40'000;  // 109 years

// Built once: log() of the same library gives the same bits, and everybody sums the same integers.
const std::array<std::int64_t, kGapMax + 1>& LnTable() {
  static const auto kTable = [] {
    std::array<std::int64_t, kGapMax + 1> table{};
    for (std::int64_t gap = 1; gap <= kGapMax; ++gap)
      table[static_cast<std::size_t>(gap)] = std::llround(std::log(static_cast<long double>(gap)) * 4294967296.0L);
    return table;
  }();
  return kTable;
}

// A row without a sale receipt (a visit) is no purchase day yet.
bool IsNewDay(const std::optional<MemberDay>& stored) { return !stored || stored->receipts == 0; }

}  // namespace

std::int64_t LnGap(std::int64_t gap_days) {
  return LnTable()[static_cast<std::size_t>(std::clamp<std::int64_t>(gap_days, 1, kGapMax))];
}

void AddGap(MemberSummary& summary, Day from, Day to, int sign) {
  const std::int64_t gap = to - from;
  summary.sum_gap_squared += sign * gap * gap;
  summary.sum_ln_gap += sign * LnGap(gap);
}

void CountQuarter(MemberSummary& summary, Day day, const DayNeighbours& neighbours, int sign) {
  const Quarter quarter = QuarterOf(day);
  for (const auto& neighbour : {neighbours.before, neighbours.after})
    if (neighbour && QuarterOf(*neighbour) == quarter) return;
  summary.quarter_years[SeasonIndex(quarter)] += sign;
}

bool NeedsNeighbours(const MemberSummary& summary, const std::optional<MemberDay>& stored, Day day) {
  return IsNewDay(stored) && summary.days > 0 && day > summary.first_day && day < summary.last_day;
}

bool CanAdd(const MemberSummary& summary, const std::optional<MemberDay>& stored, Day day, std::int64_t amount,
            std::int64_t discount) {
  const auto fits = [](std::int64_t a, std::int64_t b) {
    std::int64_t sum = 0;
    return !__builtin_add_overflow(a, b, &sum);
  };
  // First and last day are days of their own: the day's sum stands for them.
  return fits(summary.amount, amount) && fits(summary.discount, discount) &&
         fits(summary.quarter_amount[SeasonIndex(QuarterOf(day))], amount) &&
         (!stored || (fits(stored->amount, amount) && fits(stored->discount, discount)));
}

void AddReceipt(MemberSummary& summary, std::optional<MemberDay>& stored, const DayNeighbours& neighbours, Day day,
                std::int64_t amount, std::int64_t discount) {
  if (IsNewDay(stored)) {
    if (!stored) stored = MemberDay{.day = day};
    DayNeighbours next;  // by the summary where it knows
    if (summary.days == 0) {
      summary.first_day = summary.last_day = day;
      summary.first_day_amount = summary.last_day_amount = 0;
    } else if (day > summary.last_day) {
      AddGap(summary, summary.last_day, day, 1);
      next.before = summary.last_day;
      summary.last_day = day;
      summary.last_day_amount = 0;
    } else if (day < summary.first_day) {
      AddGap(summary, day, summary.first_day, 1);
      next.after = summary.first_day;
      summary.first_day = day;
      summary.first_day_amount = 0;
    } else {  // inside a gap, which it splits in two
      AddGap(summary, *neighbours.before, *neighbours.after, -1);
      AddGap(summary, *neighbours.before, day, 1);
      AddGap(summary, day, *neighbours.after, 1);
      next = neighbours;
    }
    CountQuarter(summary, day, next, 1);
    ++summary.days;
  }
  stored->amount += amount;
  stored->discount += discount;
  ++stored->receipts;
  ++summary.receipts;
  summary.amount += amount;
  summary.discount += discount;
  summary.quarter_amount[SeasonIndex(QuarterOf(day))] += amount;
  if (day == summary.first_day) summary.first_day_amount += amount;
  if (day == summary.last_day) summary.last_day_amount += amount;
}

std::span<const MemberDay> DaysUntil(std::span<const MemberDay> days, Day until) {
  const auto end = std::upper_bound(days.begin(), days.end(), until,
                                    [](Day value, const MemberDay& day) { return value < day.day; });
  return days.first(static_cast<std::size_t>(end - days.begin()));
}

MemberSummary Summarise(std::span<const MemberDay> days) {
  MemberSummary summary;
  for (const MemberDay& day : days) {
    if (day.receipts == 0) continue;
    CountQuarter(summary, day.day, {.before = summary.days == 0 ? std::nullopt : std::optional(summary.last_day)}, 1);
    summary.quarter_amount[SeasonIndex(QuarterOf(day.day))] += day.amount;
    if (summary.days == 0) {
      summary.first_day = day.day;
      summary.first_day_amount = day.amount;
    } else {
      AddGap(summary, summary.last_day, day.day, 1);
    }
    summary.last_day = day.day;
    summary.last_day_amount = day.amount;
    ++summary.days;
    summary.receipts += day.receipts;
    summary.amount += day.amount;
    summary.discount += day.discount;
  }
  return summary;
}

}  // namespace loyalty::retention
