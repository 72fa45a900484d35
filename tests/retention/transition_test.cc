#include "retention/transition.h"

#include <gtest/gtest.h>

#include <cmath>

#include "retention/collapse.h"
#include "retention/predict.h"
#include "tests/support/property.h"

namespace loyalty::retention {
namespace {

constexpr Model kModel{.kind = ModelKind::kMbgNbd, .r = 0.8, .alpha = 40, .a = 0.9, .b = 3.0};
constexpr History kCustomer{.repeats = 5, .recency_days = 100, .age_days = 120};

History On(std::int32_t day) {
  History history = kCustomer;
  history.age_days = day;
  return history;
}

TEST(FirstDays, AreTheDayAfterTheExactCrossing) {
  const auto overdue = FirstOverdueDay(kModel, kCustomer, 0.9);
  ASSERT_TRUE(overdue);
  EXPECT_EQ(*overdue, static_cast<std::int32_t>(std::ceil(OverdueAtDays(kModel, kCustomer, 0.9))));
  const auto lapsed = FirstLapsedDay(kModel, kCustomer, 0.3);
  ASSERT_TRUE(lapsed);
  EXPECT_EQ(*lapsed, static_cast<std::int32_t>(std::ceil(AliveUntilDays(kModel, kCustomer, 0.3))));
}

// What a timer relies on: the recomputation of that day finds the change, and the one of the day before does not.
TEST(FirstDays, AgreeWithEveryDay) {
  test::Check([] {
    Model model = kModel;
    model.kind = ModelKind::kMbgCnbd;
    model.k = *rc::gen::inRange(1, 6);
    model.a = *rc::gen::element(0.01, 0.9, 5.0);
    const double level = *rc::gen::inRange(1, 100) / 100.0;
    const auto overdue = FirstOverdueDay(model, kCustomer, level);
    const auto lapsed = FirstLapsedDay(model, kCustomer, level);
    if (overdue) {
      RC_ASSERT(Overdue(model, On(*overdue)) >= level);
      if (*overdue > kCustomer.recency_days) RC_ASSERT(Overdue(model, On(*overdue - 1)) < level);
    } else {
      RC_ASSERT(Overdue(model, On(kHistoryDaysMax)) < level);
    }
    if (lapsed) {
      RC_ASSERT(ProbabilityAlive(model, On(*lapsed)) < level);
      if (*lapsed > kCustomer.recency_days) RC_ASSERT(ProbabilityAlive(model, On(*lapsed - 1)) >= level);
    } else {
      RC_ASSERT(ProbabilityAlive(model, On(kHistoryDaysMax)) >= level);
    }
  });
}

TEST(FirstDays, NoneWhereTheChangeNeverComes) {
  Model bg = kModel;
  bg.kind = ModelKind::kBgNbd;
  EXPECT_FALSE(FirstLapsedDay(bg, {.age_days = 5}, 0.5));
  Model patient = kModel;
  patient.alpha = 1e8;
  EXPECT_FALSE(FirstOverdueDay(patient, kCustomer, 0.9));
}

}  // namespace
}  // namespace loyalty::retention
