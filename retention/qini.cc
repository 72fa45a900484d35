#include "retention/qini.h"

#include <algorithm>

#include "retention/check.h"

namespace loyalty::retention {

double QiniPoint::Gain() const {
  if (control == 0) return 0;
  return static_cast<double>(treated_buyers) -
         static_cast<double>(control_buyers) * static_cast<double>(treated) / static_cast<double>(control);
}

std::vector<QiniPoint> QiniCurve(std::span<const UpliftMember> members, int bins) {
  Check(bins >= 1, "there is a bin");
  std::vector<UpliftMember> ranked(members.begin(), members.end());
  std::sort(ranked.begin(), ranked.end(),
            [](const UpliftMember& a, const UpliftMember& b) { return a.uplift > b.uplift; });
  std::vector<QiniPoint> curve;
  QiniPoint so_far;
  const auto parts = static_cast<std::size_t>(bins);
  std::size_t bin = 1;  // ends at bin / parts of all
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    const UpliftMember& member = ranked[i];
    ++(member.treated ? so_far.treated : so_far.control);
    if (member.bought) ++(member.treated ? so_far.treated_buyers : so_far.control_buyers);
    const bool ends_tie = i + 1 == ranked.size() || ranked[i + 1].uplift != member.uplift;
    if (!ends_tie || (i + 1) * parts < bin * ranked.size()) continue;
    curve.push_back(so_far);
    bin = (i + 1) * parts / ranked.size() + 1;
  }
  return curve;
}

double QiniCoefficient(std::span<const QiniPoint> curve) {
  if (curve.empty() || curve.back().treated == 0) return 0;
  const auto all = static_cast<double>(curve.back().members());
  double area = 0;
  double share_before = 0;
  double gain_before = 0;
  for (const QiniPoint& point : curve) {
    const double share = static_cast<double>(point.members()) / all;
    area += (share - share_before) * (gain_before + point.Gain()) / 2;
    share_before = share;
    gain_before = point.Gain();
  }
  return (area - curve.back().Gain() / 2) / static_cast<double>(curve.back().treated);
}

}  // namespace loyalty::retention
