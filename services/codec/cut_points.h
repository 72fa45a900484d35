// Cut points of RFM between library and wire.
#pragma once

#include "loyalty/v1/retention_service.pb.h"
#include "retention/rfm.h"

namespace loyalty {

// Points of scores that do not exist are left out.
template <typename Points>
retention::RfmCutPoints CutPointsFrom(const Points& points) {
  retention::RfmCutPoints cut_points;
  for (const v1::RfmCutPoint& point : points) {
    const auto at = static_cast<std::size_t>(point.score()) - 2;
    if (at >= cut_points.recency_days_at_most.size()) continue;
    if (point.has_recency_days_at_most()) cut_points.recency_days_at_most[at] = point.recency_days_at_most();
    if (point.has_purchase_days_at_least()) cut_points.purchase_days_at_least[at] = point.purchase_days_at_least();
    if (point.has_spend_minor_at_least()) cut_points.spend_minor_at_least[at] = point.spend_minor_at_least();
  }
  return cut_points;
}

// For the scores 2 to 5; what nobody reached is left out.
template <typename Run>
void AddCutPoints(const retention::RfmCutPoints& cut_points, Run& run) {
  using Rfm = retention::RfmCutPoints;
  for (std::size_t i = 0; i < cut_points.recency_days_at_most.size(); ++i) {
    v1::RfmCutPoint& out = *run.add_cut_points();
    out.set_score(static_cast<int>(i) + 2);
    if (const auto days = cut_points.recency_days_at_most[i]; days != Rfm::kNobodyAtMost)
      out.set_recency_days_at_most(days);
    if (const auto days = cut_points.purchase_days_at_least[i]; days != Rfm::kNobodyAtLeast)
      out.set_purchase_days_at_least(days);
    if (const auto minor = cut_points.spend_minor_at_least[i]; minor != Rfm::kNobodyAtLeast)
      out.set_spend_minor_at_least(minor);
  }
}

}  // namespace loyalty
