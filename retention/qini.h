// Whether members were ranked by how much a campaign moves them: the Qini curve.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace loyalty::retention {

// One member of a campaign with a control group. The higher `uplift`, a finite number, the earlier it would be chosen.
struct UpliftMember {
  double uplift = 0;
  bool treated = false;
  bool bought = false;
};

// The best-ranked members together.
struct QiniPoint {
  std::int64_t treated = 0;         // T
  std::int64_t control = 0;         // C
  std::int64_t treated_buyers = 0;  // TY1
  std::int64_t control_buyers = 0;  // CY1

  std::int64_t members() const { return treated + control; }
  // Purchasers that the campaign made among the treated of these members: TY1 - CY1 T / C. Without control members
  // nothing is known, which counts as no gain.
  double Gain() const;
};

// The curve after each of `bins` >= 1 equal parts of the members by descending uplift. Members of equal uplift cannot
// be told apart, so a part that would end among them ends after them: there may be fewer points, and the last always
// holds all. Radcliffe 2007, "Using control groups to target on predicted lift". The order of the members does not
// matter.
std::vector<QiniPoint> QiniCurve(std::span<const UpliftMember> members, int bins = 10);

// The area between the curve and the straight line to its end, by the share of members chosen and per treated member:
// above 0 the ranking finds those whom the campaign moves, 0 is as good as chance. 0 without treated members.
double QiniCoefficient(std::span<const QiniPoint> curve);

}  // namespace loyalty::retention
