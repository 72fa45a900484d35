// Recency, frequency and monetary value in five classes each: Hughes' RFM with ranks that do not depend on any order.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <unordered_map>
#include <vector>

#include "retention/summary.h"

namespace loyalty::retention {

// What a customer is scored by.
struct RfmValues {
  std::int64_t recency_days = 0;   // from the last purchase day to the day of the run; fewer is better
  std::int64_t purchase_days = 0;  // days with a purchase, so at least 1
  std::int64_t spend_minor = 0;    // of all purchase days

  friend bool operator==(const RfmValues&, const RfmValues&) = default;
};

// 1 (worst) to 5 (best) each.
struct RfmScores {
  int recency = 1;
  int frequency = 1;
  int monetary = 1;

  friend bool operator==(const RfmScores&, const RfmScores&) = default;
};

// Of N customers in ascending order of goodness, a value with `less` worse ones and `ties` equal ones scores
//   kMin  1 + floor(5 less / N)               all of a tie get the lowest rank: one purchase stays frequency 1
//   kMid  1 + floor(5 (less + ties / 2) / N)  all of a tie get their mean rank
enum class RfmRank : std::uint8_t { kMin, kMid };

// Where the scores 2, 3, 4 and 5 begin. Computed once and stored with the run, so that a score means the same until the
// next run; or set by the shop. A score that nobody reached begins at kNobodyAtMost or kNobodyAtLeast: out of reach.
struct RfmCutPoints {
  static constexpr std::int64_t kNobodyAtMost = std::numeric_limits<std::int64_t>::min();
  static constexpr std::int64_t kNobodyAtLeast = std::numeric_limits<std::int64_t>::max();

  std::array<std::int64_t, 4> recency_days_at_most = {kNobodyAtMost, kNobodyAtMost, kNobodyAtMost, kNobodyAtMost};
  std::array<std::int64_t, 4> purchase_days_at_least = {kNobodyAtLeast, kNobodyAtLeast, kNobodyAtLeast, kNobodyAtLeast};
  std::array<std::int64_t, 4> spend_minor_at_least = {kNobodyAtLeast, kNobodyAtLeast, kNobodyAtLeast, kNobodyAtLeast};

  friend bool operator==(const RfmCutPoints&, const RfmCutPoints&) = default;
};

// The values of a member with at least one purchase day (summary.days > 0) as of a day, which may not lie before the
// last purchase day: purchases after `as_of` belong to a later run and may not be in the summary.
RfmValues RfmValuesOf(const MemberSummary& summary, Day as_of);

// Takes customers one by one, 8 bytes each: days come again and again, and are counted.
class RfmCollector {
 public:
  // Makes room for so many customers: a vector that grows by itself may take three times as much.
  void Reserve(std::size_t customers) { spend_.reserve(customers); }
  void Add(const RfmValues& customer);

  // The cut points under which every customer gets the score of its rank among all; the collector is empty afterwards.
  // The order of the customers does not matter; without customers nobody reaches any cut point. O(N log N). Every value
  // but the smallest and the largest of 64 bits may occur.
  RfmCutPoints Take(RfmRank rank = RfmRank::kMin);

 private:
  std::unordered_map<std::int64_t, std::size_t> recency_, purchases_;  // customers by value
  std::vector<std::int64_t> spend_;
};

// RfmCollector of `customers`.
RfmCutPoints RfmCutPointsOf(std::span<const RfmValues> customers, RfmRank rank = RfmRank::kMin);

// The scores of one customer under cut points that are in order. A value between those of the run scores as the next
// worse one of the run.
RfmScores ScoreRfm(const RfmValues& values, const RfmCutPoints& cut_points);

// True when no higher score begins below a lower one: to be asked about cut points that a person has set.
bool AreInOrder(const RfmCutPoints& cut_points);

}  // namespace loyalty::retention
