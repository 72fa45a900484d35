#include "retention/season.h"

#include "retention/quarter.h"

namespace loyalty::retention {
namespace {

constexpr __int128 kBasisPoints = 10'000;
constexpr std::int64_t kYearsMin = 2;

}  // namespace

std::optional<int> SeasonOf(const MemberSummary& summary, int share_basis_points) {
  if (summary.amount <= 0) return std::nullopt;
  for (std::size_t i = 0; i < summary.quarter_amount.size(); ++i)
    if (summary.quarter_years[i] >= kYearsMin &&
        kBasisPoints * summary.quarter_amount[i] >= static_cast<__int128>(share_basis_points) * summary.amount)
      return static_cast<int>(i);
  return std::nullopt;
}

Day SeasonEndAfter(int season, Day last_day) {
  Quarter quarter = QuarterOf(last_day) + 1;
  while (static_cast<int>(SeasonIndex(quarter)) != season) ++quarter;
  return LastDayOf(quarter);
}

}  // namespace loyalty::retention
