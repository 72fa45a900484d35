#include "retention/rfm.h"

#include <algorithm>
#include <functional>
#include <vector>

namespace loyalty::retention {
namespace {

using CutPoints = std::array<std::int64_t, 4>;

// Where 2, 3, 4 and 5 begin among values whose order is `worse`. `nobody` stays where no value is good enough.
template <typename Worse>
CutPoints Cut(std::vector<std::int64_t> values, RfmRank rank, std::int64_t nobody, Worse worse) {
  CutPoints cuts;
  cuts.fill(nobody);
  std::sort(values.begin(), values.end(), worse);
  std::size_t next = 0;  // cuts[next] is where the score next + 2 begins
  for (std::size_t less = 0, ties = 0; less < values.size() && next < cuts.size(); less += ties) {
    const auto first = values.begin() + static_cast<std::ptrdiff_t>(less);
    ties = static_cast<std::size_t>(std::upper_bound(first, values.end(), *first, worse) - first);
    // Twice the rank that counts, so that half a tie is a whole number.
    const std::size_t doubled = rank == RfmRank::kMin ? 2 * less : 2 * less + ties;
    const std::size_t steps = 5 * doubled / (2 * values.size());  // the score less 1
    while (next < steps && next < cuts.size()) cuts[next++] = *first;
  }
  return cuts;
}

std::vector<std::int64_t> Column(std::span<const RfmValues> customers, std::int64_t RfmValues::*member) {
  std::vector<std::int64_t> column;
  column.reserve(customers.size());
  for (const RfmValues& customer : customers) column.push_back(customer.*member);
  return column;
}

// Cut points are in order, so the score is 1 and one more for each that is reached.
template <typename Reached>
int Score(const CutPoints& cuts, Reached reached) {
  return 1 + static_cast<int>(std::count_if(cuts.begin(), cuts.end(), reached));
}

}  // namespace

RfmValues RfmValuesOf(const MemberSummary& summary, Day as_of) {
  return {.recency_days = std::int64_t{as_of} - summary.last_day,
          .purchase_days = summary.days,
          .spend_minor = summary.amount};
}

RfmCutPoints RfmCutPointsOf(std::span<const RfmValues> customers, RfmRank rank) {
  return {.recency_days_at_most =
              Cut(Column(customers, &RfmValues::recency_days), rank, RfmCutPoints::kNobodyAtMost, std::greater<>()),
          .purchase_days_at_least =
              Cut(Column(customers, &RfmValues::purchase_days), rank, RfmCutPoints::kNobodyAtLeast, std::less<>()),
          .spend_minor_at_least =
              Cut(Column(customers, &RfmValues::spend_minor), rank, RfmCutPoints::kNobodyAtLeast, std::less<>())};
}

RfmScores ScoreRfm(const RfmValues& values, const RfmCutPoints& cut_points) {
  return {
      .recency = Score(cut_points.recency_days_at_most, [&](std::int64_t cut) { return values.recency_days <= cut; }),
      .frequency =
          Score(cut_points.purchase_days_at_least, [&](std::int64_t cut) { return values.purchase_days >= cut; }),
      .monetary = Score(cut_points.spend_minor_at_least, [&](std::int64_t cut) { return values.spend_minor >= cut; })};
}

bool AreInOrder(const RfmCutPoints& cut_points) {
  const auto& recency = cut_points.recency_days_at_most;
  const auto& frequency = cut_points.purchase_days_at_least;
  const auto& spend = cut_points.spend_minor_at_least;
  return std::is_sorted(recency.begin(), recency.end(), std::greater<>()) &&
         std::is_sorted(frequency.begin(), frequency.end()) && std::is_sorted(spend.begin(), spend.end());
}

}  // namespace loyalty::retention
