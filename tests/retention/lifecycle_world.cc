#include "tests/retention/lifecycle_world.h"

#include <map>

namespace loyalty::test {

using retention::Day;
using retention::MemberDay;

retention::Measure AnyMeasure(int k, bool modelled) {
  retention::Measure measure;
  measure.cut_points = {.recency_days_at_most = {200, 90, 40, 10},
                        .purchase_days_at_least = {2, 3, 5, 8},
                        .spend_minor_at_least = {2'000, 5'000, 9'000, 20'000}};
  measure.typical_gap_days = 30;
  if (modelled)
    measure.model = retention::Model{
        .kind = retention::ModelKind::kMbgCnbd, .k = k, .r = 0.8, .alpha = 4, .a = 0.5, .b = 3, .days_per_unit = 7};
  return measure;
}

rc::Gen<std::vector<MemberDay>> AnyPurchases() {
  return rc::gen::exec([] {
    constexpr Day kYear = 365;
    const bool seasonal = *rc::gen::weightedElement<bool>({{3, false}, {1, true}});
    std::map<Day, MemberDay> days;
    const int count = *rc::gen::inRange(1, 12);
    for (int i = 0; i < count; ++i) {
      const Day day = 20'000 + (seasonal ? kYear * *rc::gen::inRange(0, 3) + *rc::gen::inRange(0, 60)
                                         : *rc::gen::inRange<Day>(0, 3 * kYear));
      days[day] = {day, *rc::gen::inRange<std::int64_t>(0, 6'000), 0, 1};
    }
    std::vector<MemberDay> ascending;
    for (const auto& [day, row] : days) ascending.push_back(row);
    return ascending;
  });
}

}  // namespace loyalty::test
