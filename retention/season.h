// Customers of one season: who buys Christmas trees is not lost in August.
#pragma once

#include <optional>

#include "retention/summary.h"

namespace loyalty::retention {

// The quarter of the year (0..3, January to March first) in which at least `share_basis_points` / 10,000 of everything
// was spent, over at least two years; nothing when there is none, or nothing positive was spent.
std::optional<int> SeasonOf(const MemberSummary& summary, int share_basis_points);

// The last day of the first such quarter that begins after the last purchase day: until then a customer of that season
// has had no occasion to come back.
Day SeasonEndAfter(int season, Day last_day);

}  // namespace loyalty::retention
