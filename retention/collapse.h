// Customers who look alike to a model become one row with a count: a fit costs per row, not per customer.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "retention/history.h"

namespace loyalty::retention {

constexpr std::int32_t kHistoryDaysMax = 40'000;  // 109 years; 16 bits hold a day, and a table by day stays small

struct Row {
  std::int32_t repeats;       // x
  std::int32_t recency_days;  // t_x
  std::int32_t age_days;      // T
  std::int32_t customers;

  friend bool operator==(const Row&, const Row&) = default;
};

// All that a fit reads. Sorted by (x, t_x, T), each once, so that the order in which customers came leaves no trace in
// any bit of a fit. ln(gap) enters likelihoods through its sum alone and needs no column.
struct CollapsedRows {
  std::vector<Row> rows;
  std::int64_t customers = 0;     // in `rows`
  std::int64_t repeats = 0;       // their repeat purchases
  std::int64_t left_out = 0;      // customers whose history no customer can have
  double sum_ln_gap = 0;          // of all gaps in days
  std::int32_t repeats_max = 0;   // of a customer
  std::int32_t age_days_max = 0;  // of a customer

  friend bool operator==(const CollapsedRows&, const CollapsedRows&) = default;
};

// Takes customers one by one, 8 bytes each, so that a stream of any length needs no copy of its own.
class RowCollector {
 public:
  // Histories in whole days. One that is not valid, is not in whole days, is longer than kHistoryDaysMax or has more
  // purchases than days is left out and counted.
  void Add(const History& history);
  // Makes room for so many histories: a vector that grows by itself may take three times as much.
  void Reserve(std::size_t histories) { keys_.reserve(histories); }

  // The rows of what was added; the collector is empty afterwards. Time: linear. Memory: 8 bytes a customer more.
  CollapsedRows Take();

 private:
  std::vector<std::uint64_t> keys_;  // x, t_x, T in 16 bits each
  // 64 bits would not hold the sum of all customers of a large program: whole numbers and fractions apart.
  std::int64_t ln_gap_whole_ = 0;
  std::int64_t ln_gap_fraction_ = 0;  // in units of 2^-32
  std::int64_t left_out_ = 0;
};

CollapsedRows Collapse(std::span<const History> histories);

// Every n-th row, at most `rows_max` of them: a small picture of the same customers, good for starting values.
CollapsedRows Thin(const CollapsedRows& rows, std::size_t rows_max);

}  // namespace loyalty::retention
