#include "retention/collapse.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace loyalty::retention {
namespace {

constexpr int kFieldBits = 16;
constexpr int kKeyBits = 3 * kFieldBits;
constexpr std::uint64_t kFieldMask = (1U << kFieldBits) - 1;
static_assert(kHistoryDaysMax <= static_cast<std::int32_t>(kFieldMask));

std::uint64_t KeyOf(const History& history) {
  return static_cast<std::uint64_t>(history.repeats) << (2 * kFieldBits) |
         static_cast<std::uint64_t>(history.recency_days) << kFieldBits | static_cast<std::uint64_t>(history.age_days);
}

Row RowOf(std::uint64_t key, std::int32_t customers) {
  return {.repeats = static_cast<std::int32_t>(key >> (2 * kFieldBits)),
          .recency_days = static_cast<std::int32_t>(key >> kFieldBits & kFieldMask),
          .age_days = static_cast<std::int32_t>(key & kFieldMask),
          .customers = customers};
}

// By digits from the lowest, which is several times faster than comparing. Digits that all keys share cost nothing.
void Sort(std::vector<std::uint64_t>& keys) {
  constexpr int kDigitBits = 12;
  constexpr std::uint64_t kDigitMask = (1U << kDigitBits) - 1;
  static_assert(kKeyBits % kDigitBits == 0);
  std::vector<std::uint64_t> other(keys.size());
  for (int shift = 0; shift < kKeyBits; shift += kDigitBits) {
    std::array<std::size_t, kDigitMask + 1> place{};
    for (const std::uint64_t key : keys) ++place[key >> shift & kDigitMask];
    if (std::find(place.begin(), place.end(), keys.size()) != place.end()) continue;
    std::size_t begin = 0;
    for (std::size_t& digit : place) begin += std::exchange(digit, begin);
    for (const std::uint64_t key : keys) other[place[key >> shift & kDigitMask]++] = key;
    keys.swap(other);
  }
}

void Count(CollapsedRows& result, const Row& row) {
  result.rows.push_back(row);
  result.customers += row.customers;
  result.repeats += std::int64_t{row.repeats} * row.customers;
  result.repeats_max = std::max(result.repeats_max, row.repeats);
  result.age_days_max = std::max(result.age_days_max, row.age_days);
}

}  // namespace

void RowCollector::Add(const History& history) {
  if (!IsValid(history) || history.age_days > kHistoryDaysMax || history.repeats > history.recency_days ||
      history.recency_days != std::floor(history.recency_days) || history.age_days != std::floor(history.age_days)) {
    ++left_out_;
    return;
  }
  keys_.push_back(KeyOf(history));
  ln_gap_whole_ += history.sum_ln_gap >> 32;
  ln_gap_fraction_ += history.sum_ln_gap & 0xffff'ffff;
}

CollapsedRows RowCollector::Take() {
  std::vector<std::uint64_t> keys = std::exchange(keys_, {});
  Sort(keys);
  CollapsedRows result;
  result.left_out = std::exchange(left_out_, 0);
  result.sum_ln_gap = static_cast<double>(std::exchange(ln_gap_whole_, 0)) +
                      std::ldexp(static_cast<double>(std::exchange(ln_gap_fraction_, 0)), -32);
  for (std::size_t begin = 0; begin < keys.size();) {
    std::size_t end = begin + 1;
    while (end < keys.size() && keys[end] == keys[begin]) ++end;
    Count(result, RowOf(keys[begin], static_cast<std::int32_t>(end - begin)));
    begin = end;
  }
  return result;
}

CollapsedRows Collapse(std::span<const History> histories) {
  RowCollector collector;
  for (const History& history : histories) collector.Add(history);
  return collector.Take();
}

CollapsedRows Thin(const CollapsedRows& rows, std::size_t rows_max) {
  if (rows.rows.size() <= rows_max) return rows;
  const std::size_t step = (rows.rows.size() + rows_max - 1) / rows_max;
  CollapsedRows thin;
  for (std::size_t i = 0; i < rows.rows.size(); i += step) Count(thin, rows.rows[i]);
  // ln(gap) is kept for all customers only. It is a constant of the likelihood and moves no optimum.
  thin.sum_ln_gap = 0;
  return thin;
}

}  // namespace loyalty::retention
