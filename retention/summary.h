// The summary row of a member: all sufficient statistics of its purchases, updated in O(1) per receipt.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace loyalty::retention {

using Day = std::int32_t;  // days since 1970-01-01, the store's business day

// One purchase day of a member. Money in minor units of the program's currency.
struct MemberDay {
  Day day = 0;
  std::int64_t amount = 0;    // goods after discounts
  std::int64_t discount = 0;  // discounts of these goods
  std::int64_t receipts = 0;  // sale receipts; a day counts when there is at least one

  friend bool operator==(const MemberDay&, const MemberDay&) = default;
};

// What RFM, lifecycle and the BG/NBD family are computed from. A gap is the number of days between two purchase days
// that follow each other; sum_gap = last_day - first_day. Whole numbers only, so that any order of arrival ends in the
// same bits.
struct MemberSummary {
  Day first_day = 0;  // meaningless while days == 0
  Day last_day = 0;
  std::int64_t days = 0;
  std::int64_t receipts = 0;
  std::int64_t amount = 0;
  std::int64_t discount = 0;
  std::int64_t first_day_amount = 0;
  std::int64_t last_day_amount = 0;
  std::int64_t sum_gap_squared = 0;
  std::int64_t sum_ln_gap = 0;  // in units of 2^-32
  // By quarter of the year, January to March first: what was spent in it, and in how many years (season.h).
  std::array<std::int64_t, 4> quarter_amount{};
  std::array<std::int64_t, 4> quarter_years{};

  friend bool operator==(const MemberSummary&, const MemberSummary&) = default;
};

// The purchase days next to a day, where there are any.
struct DayNeighbours {
  std::optional<Day> before = {};
  std::optional<Day> after = {};
};

// ln(gap) in units of 2^-32, rounded to nearest, for 1 <= gap <= 40,000 days; larger gaps count as 40,000.
std::int64_t LnGap(std::int64_t gap_days);

// True when AddReceipt needs the neighbours of `day`: it lies before the last day and is new.
bool NeedsNeighbours(const MemberSummary& summary, const std::optional<MemberDay>& stored, Day day);

// False when a sum of AddReceipt with these arguments would leave 64 bits: nothing may be added then.
bool CanAdd(const MemberSummary& summary, const std::optional<MemberDay>& stored, Day day, std::int64_t amount,
            std::int64_t discount);

// Adds one sale receipt to the summary and to its day row (which is created when nothing is stored). `neighbours` are
// read only where NeedsNeighbours says so.
void AddReceipt(MemberSummary& summary, std::optional<MemberDay>& stored, const DayNeighbours& neighbours, Day day,
                std::int64_t amount, std::int64_t discount);

// Counts (sign 1) or takes back (sign -1) the year of a purchase day, unless a neighbour lies in the same quarter of
// the same year.
void CountQuarter(MemberSummary& summary, Day day, const DayNeighbours& neighbours, int sign);

// Adds (sign 1) or takes (sign -1) the gap between two purchase days that follow each other.
void AddGap(MemberSummary& summary, Day from, Day to, int sign);

// Those of `days`, which are in ascending order, that do not lie after `until`.
std::span<const MemberDay> DaysUntil(std::span<const MemberDay> days, Day until);

// The summary of purchase days in ascending order, from scratch: what verification compares with.
MemberSummary Summarise(std::span<const MemberDay> days);

}  // namespace loyalty::retention
