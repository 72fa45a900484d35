#include "retention/rfm.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace loyalty::retention {
namespace {

using CutPoints = std::array<std::int64_t, 4>;
using Counts = std::unordered_map<std::int64_t, std::size_t>;

// Where 2, 3, 4 and 5 begin among values that come from the worst to the best. `nobody` stays where no value is good
// enough.
class Cutter {
 public:
  Cutter(std::size_t values, RfmRank rank, std::int64_t nobody) : values_(values), rank_(rank) { cuts_.fill(nobody); }

  void Add(std::int64_t value, std::size_t ties) {
    // Twice the rank that counts, so that half a tie is a whole number.
    const std::size_t doubled = rank_ == RfmRank::kMin ? 2 * less_ : 2 * less_ + ties;
    const std::size_t steps = 5 * doubled / (2 * values_);  // the score less 1
    while (next_ < steps && next_ < cuts_.size()) cuts_[next_++] = value;
    less_ += ties;
  }
  const CutPoints& cuts() const { return cuts_; }

 private:
  const std::size_t values_;
  const RfmRank rank_;
  CutPoints cuts_;
  std::size_t next_ = 0;  // cuts_[next_] is where the score next_ + 2 begins
  std::size_t less_ = 0;
};

template <typename Worse>
CutPoints Cut(const Counts& counts, Cutter cutter, Worse worse) {
  std::vector<std::pair<std::int64_t, std::size_t>> sorted(counts.begin(), counts.end());
  std::sort(sorted.begin(), sorted.end(), [&](const auto& a, const auto& b) { return worse(a.first, b.first); });
  for (const auto& [value, ties] : sorted) cutter.Add(value, ties);
  return cutter.cuts();
}

CutPoints Cut(std::vector<std::int64_t> values, Cutter cutter) {
  std::sort(values.begin(), values.end());
  for (auto first = values.begin(); first != values.end();) {
    const auto end = std::upper_bound(first, values.end(), *first);
    cutter.Add(*first, static_cast<std::size_t>(end - first));
    first = end;
  }
  return cutter.cuts();
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

void RfmCollector::Add(const RfmValues& customer) {
  ++recency_[customer.recency_days];
  ++purchases_[customer.purchase_days];
  spend_.push_back(customer.spend_minor);
}

RfmCutPoints RfmCollector::Take(RfmRank rank) {
  const auto cutter = [rank, size = spend_.size()](std::int64_t nobody) { return Cutter(size, rank, nobody); };
  const auto at_most = cutter(RfmCutPoints::kNobodyAtMost), at_least = cutter(RfmCutPoints::kNobodyAtLeast);
  return {.recency_days_at_most = Cut(std::exchange(recency_, {}), at_most, std::greater<>()),
          .purchase_days_at_least = Cut(std::exchange(purchases_, {}), at_least, std::less<>()),
          .spend_minor_at_least = Cut(std::exchange(spend_, {}), at_least)};
}

RfmCutPoints RfmCutPointsOf(std::span<const RfmValues> customers, RfmRank rank) {
  RfmCollector collector;
  collector.Reserve(customers.size());
  for (const RfmValues& customer : customers) collector.Add(customer);
  return collector.Take(rank);
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
