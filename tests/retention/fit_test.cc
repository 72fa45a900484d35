#include "retention/fit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "retention/predict.h"
#include "tests/retention/simulate.h"

namespace loyalty::retention {
namespace {

constexpr double kWeek = 7;

Model Truth(ModelKind kind, std::int32_t k) {
  return {.kind = kind, .k = k, .r = 0.8, .alpha = 3'000.0 / k, .a = 0.9, .b = 2.5};
}

CollapsedRows Rows(const Model& truth, std::uint64_t seed, int customers = 5'000) {
  return Collapse(test::HistoriesOf(test::Simulate(truth, {.seed = seed, .customers = customers})));
}

// ln of a parameter that was found over the one that is true, in standard errors.
std::vector<double> Deviations(const Fit& fit, const Model& truth) {
  return {std::log(fit.model.r / truth.r) / fit.ln_errors[0],
          std::log(AlphaDays(fit.model) / AlphaDays(truth)) / fit.ln_errors[1],
          std::log(fit.model.a / truth.a) / fit.ln_errors[2], std::log(fit.model.b / truth.b) / fit.ln_errors[3]};
}

TEST(Fit, FindsTheParametersThatMadeTheData) {
  for (const auto& [kind, k] :
       {std::pair(ModelKind::kBgNbd, 1), {ModelKind::kMbgNbd, 1}, {ModelKind::kMbgCnbd, 2}, {ModelKind::kMbgCnbd, 3}}) {
    double squares = 0;
    for (const std::uint64_t seed : {1U, 2U, 4U}) {
      const Model truth = Truth(kind, k);
      const Fit fit = FitStages(Rows(truth, seed), k, {.kind = kind});
      EXPECT_EQ(fit.status, FitStatus::kConverged) << Describe(fit.status);
      EXPECT_EQ(fit.advice, FitAdvice::kUseModel);
      EXPECT_LT(fit.gradient_norm, 1e-10);
      for (const double deviation : Deviations(fit, truth)) {
        EXPECT_LT(std::abs(deviation), 3) << static_cast<int>(kind) << " k " << k << " seed " << seed;
        squares += deviation * deviation / 12;
      }
      EXPECT_LT(fit.ln_errors[0], 0.2);
    }
    // The errors are of the right size: 12 squares of standard normal numbers, not independent.
    EXPECT_GT(squares, 0.15) << static_cast<int>(kind);
    EXPECT_LT(squares, 3) << static_cast<int>(kind);
  }
}

TEST(Fit, TellsRegularFromIrregularShoppers) {
  for (const std::int32_t k : {1, 2, 3}) {
    const CollapsedRows rows = Rows(Truth(ModelKind::kMbgCnbd, k), 7, 2'000);
    const Fit fit = FitModel(rows, {.kind = ModelKind::kMbgCnbd});
    EXPECT_EQ(fit.model.k, k);
    EXPECT_EQ(fit.model.kind, ModelKind::kMbgCnbd);
  }
}

TEST(Fit, OneStageIsMbgNbd) {
  const CollapsedRows rows = Rows(Truth(ModelKind::kMbgNbd, 1), 3, 2'000);
  const Fit mbg = FitModel(rows, {.kind = ModelKind::kMbgNbd});
  const Fit one = FitModel(rows, {.kind = ModelKind::kMbgCnbd, .k_max = 1});
  EXPECT_EQ(one.model.r, mbg.model.r);
  EXPECT_EQ(one.model.b, mbg.model.b);
  EXPECT_EQ(one.log_likelihood, mbg.log_likelihood);
}

TEST(Fit, SameCustomersInAnyOrderSameBytes) {
  auto histories = test::HistoriesOf(test::Simulate(Truth(ModelKind::kMbgCnbd, 2), {.customers = 1'500}));
  const Fit fit = FitModel(Collapse(histories), {.kind = ModelKind::kMbgCnbd, .k_max = 2});
  std::reverse(histories.begin(), histories.end());
  const Fit again = FitModel(Collapse(histories), {.kind = ModelKind::kMbgCnbd, .k_max = 2});
  EXPECT_EQ(fit.model, again.model);
  EXPECT_EQ(fit.log_likelihood, again.log_likelihood);
  EXPECT_EQ(fit.ln_errors, again.ln_errors);
}

TEST(Fit, UnitMovesAlphaAndNothingElse) {
  const CollapsedRows rows = Rows(Truth(ModelKind::kMbgNbd, 1), 5, 2'000);
  const Fit days = FitModel(rows, {.days_per_unit = 1});
  const Fit weeks = FitModel(rows, {.days_per_unit = kWeek});
  EXPECT_EQ(weeks.model.r, days.model.r);
  EXPECT_EQ(weeks.model.a, days.model.a);
  EXPECT_EQ(weeks.model.b, days.model.b);
  EXPECT_DOUBLE_EQ(weeks.model.alpha * kWeek, days.model.alpha);
  EXPECT_EQ(weeks.ln_errors, days.ln_errors);
  // Densities are per unit of time: one factor for each gap.
  EXPECT_NEAR(weeks.log_likelihood - days.log_likelihood, static_cast<double>(rows.repeats) * std::log(kWeek), 1e-6);
}

// Slower customers, seven times: the same fit with alpha seven times larger.
TEST(Fit, StretchedTimeStretchesAlpha) {
  auto histories = test::HistoriesOf(
      test::Simulate(Truth(ModelKind::kMbgNbd, 1), {.customers = 1'500, .age_days_min = 2'000, .age_days_max = 5'000}));
  const Fit fit = FitModel(Collapse(histories), {});
  for (History& history : histories) {
    history.recency_days *= kWeek;
    history.age_days *= kWeek;
  }
  const Fit slow = FitModel(Collapse(histories), {});
  EXPECT_NEAR(slow.model.r / fit.model.r, 1, 1e-8);
  EXPECT_NEAR(slow.model.alpha / fit.model.alpha, kWeek, 1e-7);
  EXPECT_NEAR(slow.model.a / fit.model.a, 1, 1e-8);
  EXPECT_NEAR(slow.model.b / fit.model.b, 1, 1e-8);
}

TEST(Fit, WarmStartEndsAtTheSameMaximum) {
  const CollapsedRows rows = Rows(Truth(ModelKind::kMbgNbd, 1), 5, 2'000);
  const Fit cold = FitModel(rows, {});
  Model near = InUnit(cold.model, kWeek);
  near.r *= 1.1;
  near.b *= 0.9;
  const Fit warm = FitModel(rows, {.previous = near});
  EXPECT_EQ(warm.status, FitStatus::kConverged);
  EXPECT_NEAR(warm.model.r / cold.model.r, 1, 1e-8);
  EXPECT_NEAR(warm.model.b / cold.model.b, 1, 1e-7);
  EXPECT_LE(warm.evaluations, 30);
}

// The likelihood is flat there in every direction but two. Customers who begin to leave are noticed all the same.
TEST(Fit, BoundaryOfAnEarlierFitIsLeftAgain) {
  const Model truth = Truth(ModelKind::kMbgNbd, 1);
  Model boundary = truth;
  boundary.a = 1e-6;
  boundary.b = 1e5;
  const Fit fit = FitModel(Rows(truth, 1), {.previous = boundary});
  EXPECT_EQ(fit.status, FitStatus::kConverged);
  EXPECT_NEAR(std::log(fit.model.a / truth.a), 0, 0.5);
}

// Nobody ever leaves: a / b tends to 0, and neither can be told. Predictions can.
TEST(Fit, NoDropoutIsABoundaryWithAModelToUse) {
  for (const ModelKind kind : {ModelKind::kBgNbd, ModelKind::kMbgNbd}) {
    Model truth = Truth(kind, 1);
    truth.a = 1e-9;
    truth.b = 1e3;
    const auto customers = test::Simulate(truth, {.seed = 11, .customers = 3'000});
    const Fit fit = FitModel(Collapse(test::HistoriesOf(customers)), {.kind = kind});
    EXPECT_EQ(fit.status, FitStatus::kBoundary) << Describe(fit.status) << " a " << fit.model.a << " b " << fit.model.b;
    EXPECT_TRUE(fit.boundary);
    EXPECT_EQ(fit.advice, FitAdvice::kUseModel);
    EXPECT_NEAR(std::log(fit.model.r / truth.r), 0, 0.1);
    EXPECT_NEAR(std::log(fit.model.alpha / truth.alpha), 0, 0.15);
    EXPECT_GT(ProbabilityAlive(fit.model, customers[0].history), 0.99);
  }
}

TEST(Fit, DegenerateDataEndsWithAStatus) {
  const MinimumData nothing{.customers = 0, .repeats = 0, .cycles = 0};
  std::vector<std::vector<History>> hostile = {
      std::vector<History>(600, {.repeats = 5, .recency_days = 50, .age_days = 60}),      // all alike
      std::vector<History>(600, {.repeats = 400, .recency_days = 400, .age_days = 400}),  // every day
      std::vector<History>(600, {.repeats = 1, .recency_days = 1, .age_days = 1}),
      std::vector<History>(600, {.repeats = 1, .recency_days = 1, .age_days = 40'000}),
      {{.repeats = 1, .recency_days = 1, .age_days = 1}},
      {{.repeats = 3'000, .recency_days = 10'950, .age_days = 10'950}, {}}};
  hostile.push_back(std::vector<History>(600, {.age_days = 100}));
  hostile.back().push_back({.repeats = 1, .recency_days = 1, .age_days = 100});  // one repeat of one customer
  for (const auto& customers : hostile) {
    for (const ModelKind kind : {ModelKind::kBgNbd, ModelKind::kMbgNbd, ModelKind::kMbgCnbd}) {
      const Fit fit = FitModel(Collapse(customers), {.kind = kind, .k_max = 2, .minimum = nothing});
      EXPECT_NE(fit.status, FitStatus::kTooThin);
      EXPECT_FALSE(Describe(fit.status).empty());
      EXPECT_TRUE(IsValid(fit.model));
      EXPECT_TRUE(std::isfinite(fit.log_likelihood));
    }
  }
}

TEST(Fit, ThinDataIsNotTriedAndSaysWhy) {
  const Model truth = Truth(ModelKind::kMbgNbd, 1);
  const Fit few = FitModel(Rows(truth, 1, 499), {});
  EXPECT_EQ(few.status, FitStatus::kTooThin);
  EXPECT_EQ(few.shortage, Shortage::kCustomers);
  EXPECT_EQ(few.advice, FitAdvice::kUseHeuristics);
  EXPECT_FALSE(IsValid(few.model));

  const Fit kept = FitModel(Rows(truth, 1, 499), {.previous = truth});
  EXPECT_EQ(kept.advice, FitAdvice::kKeepPrevious);

  std::vector<History> once(1'000, {.age_days = 50});
  EXPECT_EQ(FitModel(Collapse(once), {}).shortage, Shortage::kRepeats);
  EXPECT_EQ(FitModel(Collapse(once), {.minimum = {.customers = 0, .repeats = 0}}).shortage, Shortage::kRepeats);
  EXPECT_EQ(FitModel({}, {.minimum = {.customers = 0, .repeats = 0}}).shortage, Shortage::kCustomers);

  for (int i = 0; i < 200; ++i) once.push_back({.repeats = 1, .recency_days = 30, .age_days = 50});
  const Fit young = FitModel(Collapse(once), {});
  EXPECT_EQ(young.shortage, Shortage::kHistory);
  EXPECT_FALSE(Describe(young.shortage).empty());
}

TEST(Fit, CountsWhomItLeftOut) {
  auto histories = test::HistoriesOf(test::Simulate(Truth(ModelKind::kMbgNbd, 1), {.customers = 600}));
  histories.push_back({.repeats = 3, .recency_days = 1, .age_days = 5});
  const Fit fit = FitModel(Collapse(histories), {});
  EXPECT_EQ(fit.customers, 600);
  EXPECT_EQ(fit.left_out, 1);
}

TEST(MedianCycle, IsThatOfCustomersWithAGap) {
  const std::vector<History> customers = {{.age_days = 100},
                                          {.repeats = 2, .recency_days = 20, .age_days = 100},
                                          {.repeats = 1, .recency_days = 30, .age_days = 100},
                                          {.repeats = 1, .recency_days = 90, .age_days = 100}};
  EXPECT_EQ(MedianCycleDays(Collapse(customers)), 30);
  EXPECT_EQ(MedianCycleDays({}), 0);
}

}  // namespace
}  // namespace loyalty::retention
