#include "retention/predict.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/retention/simulate.h"
#include "tests/support/property.h"

namespace loyalty::retention {

namespace {

constexpr double kWeek = 7;
constexpr double kThirtyYears = 30 * 365.25;

// Published for the CDNOW sample, in weeks (Fader, Hardie, Lee 2005).
constexpr Model kCdnow{
    .kind = ModelKind::kBgNbd, .r = 0.243, .alpha = 4.414, .a = 0.793, .b = 2.426, .days_per_unit = kWeek};

std::vector<Model> SomeModels() {
  std::vector<Model> models = {kCdnow};
  for (const std::int32_t k : {1, 2, 3, 7})
    models.push_back({.kind = k == 1 ? ModelKind::kMbgNbd : ModelKind::kMbgCnbd,
                      .k = k,
                      .r = 0.8,
                      .alpha = 300.0 / k,
                      .a = 0.9,
                      .b = 3.0});
  return models;
}

rc::Gen<double> LnBetween(double low, double high) {
  return rc::gen::map(rc::gen::inRange(0, 100'001), [=](int step) { return low * std::pow(high / low, step / 1e5); });
}

rc::Gen<Model> AnyModel() {
  return rc::gen::exec([] {
    const auto kind = *rc::gen::element(ModelKind::kBgNbd, ModelKind::kMbgNbd, ModelKind::kMbgCnbd);
    return Model{.kind = kind,
                 .k = kind == ModelKind::kMbgCnbd ? *rc::gen::inRange(1, kStagesMax + 1) : 1,
                 .r = *LnBetween(1e-4, 1e3),
                 .alpha = *LnBetween(1, 1e6),
                 .a = *LnBetween(1e-6, 1e4),
                 .b = *LnBetween(1e-4, 1e6),
                 .days_per_unit = *rc::gen::element(1.0, 7.0)};
  });
}

// Up to 10,000 repeat purchases in up to 30 years.
rc::Gen<History> AnyHistory() {
  return rc::gen::exec([] {
    const int repeats = *rc::gen::weightedOneOf<int>(
        {{2, rc::gen::just(0)}, {3, rc::gen::inRange(1, 30)}, {2, rc::gen::inRange(1, 10'001)}});
    const double age = *LnBetween(1, kThirtyYears);
    const double recency = repeats == 0 ? 0 : age * *rc::gen::element(1e-3, 0.1, 0.5, 0.99, 1.0);
    return History{.repeats = repeats, .recency_days = recency, .age_days = age};
  });
}

std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
  return cells;
}

// Equal to 1e-9, or both below what a double can hold.
bool Near(double got, double expected) {
  if (std::abs(expected) < 1e-300) return got >= 0 && got < 1e-299;
  return std::abs(got / expected - 1) <= 1e-9;
}

// 540 hostile cases with answers of 60 digits: x up to 1,500, a of 1 and next to it, parameters of all sizes.
TEST(ExpectedPurchases, GoldenCases) {
  std::ifstream in(LOYALTY_TEST_DATA "/retention/golden_expected.csv");
  std::string line;
  std::getline(in, line);
  ASSERT_EQ(line, "r,alpha,a,b,model,x,t_x,T,t,p_alive_mp,expected_mp");
  int cases = 0;
  for (; std::getline(in, line); ++cases) {
    const auto cells = Cells(line);
    ASSERT_EQ(cells.size(), 11U) << line;
    const auto number = [&](std::size_t i) { return std::strtod(cells[i].c_str(), nullptr); };
    const Model model{.kind = cells[4] == "BG" ? ModelKind::kBgNbd : ModelKind::kMbgNbd,
                      .r = number(0),
                      .alpha = number(1),
                      .a = number(2),
                      .b = number(3)};
    const History history{
        .repeats = static_cast<std::int32_t>(number(5)), .recency_days = number(6), .age_days = number(7)};
    EXPECT_TRUE(Near(ProbabilityAlive(model, history), number(9))) << line;
    EXPECT_TRUE(Near(ExpectedPurchases(model, history, number(8)), number(10))) << line;
  }
  EXPECT_EQ(cases, 540);
}

TEST(ExpectedPurchases, PublishedValuesOfCdnow) {
  const std::pair<double, double> published[] = {{0.1429, 0.0078},  {1, 0.0532},  {3, 0.1506},
                                                 {31.8571, 1.0405}, {32, 1.0437}, {78, 1.8576}};
  // Made with parameters before they were rounded.
  Model exact = kCdnow;
  exact.r = 0.2425945;
  exact.alpha = 4.4136019;
  exact.a = 0.7929199;
  exact.b = 2.4258881;
  for (const auto& [weeks, expected] : published)
    EXPECT_NEAR(ExpectedPurchases(exact, {}, weeks * kWeek), expected, 4e-4) << weeks;
  const History history{.repeats = 2, .recency_days = 30.43 * kWeek, .age_days = 38.86 * kWeek};
  EXPECT_NEAR(ExpectedPurchases(kCdnow, history, 39 * kWeek), 1.226, 5e-4);
}

// Then purchases come at the rate E[lambda] = K / (alpha + T).
TEST(ExpectedPurchases, WithoutDropoutIsTheRateTimesTheTime) {
  for (const History& history : {History{.age_days = 100},
                                 {.repeats = 29, .recency_days = 250, .age_days = 270},
                                 {.repeats = 10'000, .recency_days = kThirtyYears, .age_days = kThirtyYears}}) {
    for (const double days : {1.0, 300.0, kThirtyYears}) {
      const Model model{.kind = ModelKind::kMbgNbd, .r = 0.7, .alpha = 40, .a = 1e-12, .b = 1e3};
      const double expected = (model.r + history.repeats) * days / (model.alpha + history.age_days);
      EXPECT_NEAR(ExpectedPurchases(model, history, days) / expected, 1, 1e-10) << history << " days " << days;
    }
  }
}

// A walk that began far below the mode ran out of the range of a double.
TEST(ExpectedPurchases, MoreStagesThanAreCountedAreFinite) {
  const Model model{.kind = ModelKind::kMbgCnbd, .k = 2, .r = 1e-4, .alpha = 1, .a = 1e-6, .b = 1e-4};
  const History busy{.repeats = 10'000, .recency_days = 1, .age_days = 1};
  const double expected = ExpectedPurchases(model, busy, 374.61);
  EXPECT_GT(expected, 400'000);
  EXPECT_LT(expected, 600'000);
}

TEST(ProbabilityOfCount, PublishedValuesOfCdnow) {
  EXPECT_NEAR(ProbabilityOfCount(kCdnow, 0, 39 * kWeek) / 0.5737864, 1, 1e-7);
  EXPECT_NEAR(ProbabilityOfCount(kCdnow, 10, 2 * kWeek) / 1.07869e-7, 1, 1e-5);
  EXPECT_NEAR(ProbabilityOfCount(kCdnow, 11, 30 * kWeek) / 0.0019995214, 1, 1e-7);
}

// Two formulas that have nothing in common.
TEST(ProbabilityOfCount, SumsToOneWithTheExpectedMean) {
  for (const Model& model : SomeModels()) {
    double sum = 0;
    double mean = 0;
    for (int n = 0; n < 400; ++n) {
      const double p = ProbabilityOfCount(model, n, 500);
      EXPECT_GE(p, 0);
      sum += p;
      mean += n * p;
    }
    EXPECT_NEAR(sum, 1, 1e-10) << model;
    EXPECT_NEAR(mean / ExpectedPurchases(model, {}, 500), 1, 1e-9) << model;
    EXPECT_NEAR(1 - ProbabilityOfCount(model, 0, 500), ProbabilityToBuy(model, {}, 500), 1e-12) << model;
  }
}

// The truth is known: predictions with the true parameters have to agree with what happens, within what chance allows.
TEST(Predictions, AgreeWithSimulatedCustomers) {
  for (std::int32_t k : {1, 2, 4}) {
    for (const ModelKind kind : {ModelKind::kBgNbd, ModelKind::kMbgCnbd}) {
      if (kind == ModelKind::kBgNbd && k > 1) continue;
      const Model model{.kind = kind, .k = k, .r = 0.9, .alpha = 3'000.0 / k, .a = 0.8, .b = 2.5};
      double buys = 0, expected = 0, alive = 0, variance_buys = 0, variance_expected = 0, variance_alive = 0;
      for (const test::Simulated& customer :
           test::Simulate(model, {.seed = static_cast<std::uint64_t>(k), .customers = 20'000})) {
        const double p_buy = ProbabilityToBuy(model, customer.history, 5'000);
        const double p_alive = ProbabilityAlive(model, customer.history);
        const double mean = ExpectedPurchases(model, customer.history, 5'000);
        buys += (customer.purchases_after > 0 ? 1 : 0) - p_buy;
        alive += (customer.alive ? 1 : 0) - p_alive;
        expected += customer.purchases_after - mean;
        variance_buys += p_buy * (1 - p_buy);
        variance_alive += p_alive * (1 - p_alive);
        variance_expected += (customer.purchases_after - mean) * (customer.purchases_after - mean);
      }
      EXPECT_LT(std::abs(buys), 3.5 * std::sqrt(variance_buys)) << model;
      EXPECT_LT(std::abs(alive), 3.5 * std::sqrt(variance_alive)) << model;
      EXPECT_LT(std::abs(expected), 3.5 * std::sqrt(variance_expected)) << model;
    }
  }
}

TEST(Predictions, AreFiniteAndInRangeWhateverTheCustomer) {
  test::Check(
      [] {
        const Model model = *AnyModel();
        const History history = *AnyHistory();
        const double days = *LnBetween(1, kThirtyYears);
        const double alive = ProbabilityAlive(model, history);
        const double buys = ProbabilityToBuy(model, history, days);
        const double expected = ExpectedPurchases(model, history, days);
        const double overdue = Overdue(model, history);
        const double cycle = PersonalCycleDays(model, history);
        RC_ASSERT(alive >= 0 && alive <= 1);
        RC_ASSERT(buys >= 0 && buys <= alive);
        RC_ASSERT(std::isfinite(expected) && expected >= buys * (1 - 1e-9));
        RC_ASSERT(overdue >= 0 && overdue <= 1);
        RC_ASSERT(cycle > 0 && !std::isnan(cycle));
      },
      5);
}

TEST(Predictions, GrowWithTheHorizon) {
  test::Check([] {
    const Model model = *AnyModel();
    const History history = *AnyHistory();
    const double days = *LnBetween(1, 3'000);
    RC_ASSERT(ExpectedPurchases(model, history, 0) == 0);
    RC_ASSERT(ProbabilityToBuy(model, history, 0) == 0);
    RC_ASSERT(ExpectedPurchases(model, history, days) <= ExpectedPurchases(model, history, 2 * days) * (1 + 1e-12));
    RC_ASSERT(ProbabilityToBuy(model, history, days) <= ProbabilityToBuy(model, history, 2 * days) * (1 + 1e-12));
  });
}

TEST(Predictions, DoNotDependOnTheUnitOfAlpha) {
  test::Check([] {
    const Model model = *AnyModel();
    const Model other = InUnit(model, 30.4375);
    const History history = *AnyHistory();
    const auto near = [](double a, double b) {
      return a == b || std::abs(a / b - 1) < 1e-9 || std::abs(a - b) < 1e-290;
    };
    RC_ASSERT(near(ProbabilityAlive(model, history), ProbabilityAlive(other, history)));
    RC_ASSERT(near(ProbabilityToBuy(model, history, 90), ProbabilityToBuy(other, history, 90)));
    RC_ASSERT(near(ExpectedPurchases(model, history, 90), ExpectedPurchases(other, history, 90)));
    RC_ASSERT(near(PersonalCycleDays(model, history), PersonalCycleDays(other, history)));
  });
}

TEST(Predictions, OneStageIsMbgNbdToTheLastBit) {
  test::Check([] {
    Model mbg = *AnyModel();
    mbg.k = 1;
    mbg.kind = ModelKind::kMbgNbd;
    Model one = mbg;
    one.kind = ModelKind::kMbgCnbd;
    const History history = *AnyHistory();
    RC_ASSERT(ProbabilityAlive(mbg, history) == ProbabilityAlive(one, history));
    RC_ASSERT(ProbabilityToBuy(mbg, history, 90) == ProbabilityToBuy(one, history, 90));
    RC_ASSERT(ExpectedPurchases(mbg, history, 90) == ExpectedPurchases(one, history, 90));
    RC_ASSERT(Overdue(mbg, history) == Overdue(one, history));
  });
}

// Hardie's note 21 warns of it: this is why P(alive) of BG/NBD ranks nobody.
TEST(ProbabilityAlive, OneTimeBuyerOfBgNbdNeverLeaves) {
  EXPECT_EQ(ProbabilityAlive(kCdnow, {.age_days = 10'000}), 1);
  EXPECT_EQ(AliveUntilDays(kCdnow, {.age_days = 10}, 0.5), INFINITY);
  Model mbg = kCdnow;
  mbg.kind = ModelKind::kMbgNbd;
  EXPECT_NEAR(ProbabilityAlive(mbg, {}), mbg.b / (mbg.a + mbg.b), 1e-15);
  EXPECT_LT(ProbabilityAlive(mbg, {.age_days = 10'000}), 0.5);
}

TEST(PersonalCycle, IsWhereHalfTheGapsHaveEnded) {
  test::Check([] {
    const Model model = *AnyModel();
    History history = *AnyHistory();
    const double cycle = PersonalCycleDays(model, history);
    RC_PRE(cycle < 1e9);
    history.age_days = history.recency_days + cycle;
    RC_ASSERT(std::abs(Overdue(model, history) - 0.5) < 1e-6);
    RC_ASSERT(std::abs(OverdueAtDays(model, history, 0.5) / history.age_days - 1) < 1e-6);
  });
}

TEST(CrossingDays, AreWhereTheQuantityCrosses) {
  test::Check([] {
    const Model model = *AnyModel();
    History history = *AnyHistory();
    const double level = *rc::gen::element(0.1, 0.5, 0.9);
    const double overdue_at = OverdueAtDays(model, history, level);
    const double alive_until = AliveUntilDays(model, history, level);
    RC_ASSERT(overdue_at >= history.recency_days && alive_until >= history.recency_days);
    history.age_days = overdue_at;
    if (std::isfinite(overdue_at)) RC_ASSERT(std::abs(Overdue(model, history) - level) < 1e-6);
    history.age_days = alive_until;
    if (alive_until == history.recency_days) {
      RC_ASSERT(ProbabilityAlive(model, history) <= level * (1 + 1e-9));
    } else if (std::isfinite(alive_until)) {
      RC_ASSERT(std::abs(ProbabilityAlive(model, history) - level) < 1e-6);
    }
  });
}

}  // namespace
}  // namespace loyalty::retention
