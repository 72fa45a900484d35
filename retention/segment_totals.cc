#include "retention/segment_totals.h"

namespace loyalty::retention {

SegmentTotals TotalsOf(std::span<const RfmValues> customers, const RfmCutPoints& cut_points) {
  SegmentTotals totals{};
  for (const RfmValues& customer : customers) {
    const RfmSegment segment = SegmentOf(ScoreRfm(customer, cut_points));
    SegmentTotal& total = totals[static_cast<std::size_t>(segment) - 1];
    ++total.members;
    total.spend_minor += customer.spend_minor;
  }
  return totals;
}

}  // namespace loyalty::retention
