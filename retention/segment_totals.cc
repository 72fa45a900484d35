#include "retention/segment_totals.h"

#include <limits>

namespace loyalty::retention {

std::int64_t SaturatingSum(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return b > 0 ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::min();
}

SegmentTotals TotalsOf(std::span<const RfmValues> customers, const RfmCutPoints& cut_points) {
  SegmentTotals totals{};
  for (const RfmValues& customer : customers) {
    const RfmSegment segment = SegmentOf(ScoreRfm(customer, cut_points));
    SegmentTotal& total = totals[static_cast<std::size_t>(segment) - 1];
    ++total.members;
    total.spend_minor = SaturatingSum(total.spend_minor, customer.spend_minor);
  }
  return totals;
}

}  // namespace loyalty::retention
