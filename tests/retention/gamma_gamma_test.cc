#include "retention/gamma_gamma.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace loyalty::retention {
namespace {

struct SpendTruth {
  double p;
  double q;
  double gamma;
};

std::vector<Spend> SimulateSpends(const SpendTruth& truth, std::uint64_t seed, int customers) {
  std::mt19937_64 random(seed);
  std::gamma_distribution<double> rate(truth.q, 1 / truth.gamma);
  std::geometric_distribution<int> repeats(0.3);
  std::vector<Spend> spends;
  for (int i = 0; i < customers; ++i) {
    const int x = repeats(random);
    if (x == 0) {
      spends.push_back({});
      continue;
    }
    std::gamma_distribution<double> amount(truth.p * x, 1 / rate(random));
    spends.push_back({x, amount(random)});
  }
  return spends;
}

TEST(FitSpend, FindsTheParametersThatMadeTheData) {
  const SpendTruth truth{.p = 6.25, .q = 3.74, .gamma = 15.44};
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
    const SpendFit fit = FitSpend(SimulateSpends(truth, seed, 4'000));
    EXPECT_EQ(fit.status, SpendStatus::kConverged) << Describe(fit.status);
    EXPECT_LT(std::abs(std::log(fit.p / truth.p)), 3 * fit.ln_errors[0]);
    EXPECT_LT(std::abs(std::log(fit.q / truth.q)), 3 * fit.ln_errors[1]);
    EXPECT_LT(std::abs(std::log(fit.gamma / truth.gamma)), 3 * fit.ln_errors[2]);
    EXPECT_LT(fit.ln_errors[1], 0.2);
    EXPECT_NEAR(fit.model.mean, truth.gamma * truth.p / (truth.q - 1), 2.5);
    EXPECT_LT(fit.gradient_norm, 1e-10);
  }
}

TEST(FitSpend, UnitOfMoneyMovesMoneyAndNothingElse) {
  auto spends = SimulateSpends({.p = 6.25, .q = 3.74, .gamma = 15.44}, 1, 1'000);
  const SpendFit euros = FitSpend(spends);
  for (Spend& spend : spends) spend.amount *= 100;
  const SpendFit cents = FitSpend(spends);
  EXPECT_NEAR(cents.p / euros.p, 1, 1e-8);
  EXPECT_NEAR(cents.q / euros.q, 1, 1e-8);
  EXPECT_NEAR(cents.gamma / euros.gamma, 100, 1e-6);
  EXPECT_NEAR(cents.model.mean / euros.model.mean, 100, 1e-6);
}

TEST(FitSpend, SameCustomersInAnyOrderSameBytes) {
  auto spends = SimulateSpends({.p = 2, .q = 5, .gamma = 30}, 1, 1'000);
  const SpendFit fit = FitSpend(spends);
  std::reverse(spends.begin(), spends.end());
  const SpendFit again = FitSpend(spends);
  EXPECT_EQ(fit.p, again.p);
  EXPECT_EQ(fit.gamma, again.gamma);
  EXPECT_EQ(fit.log_likelihood, again.log_likelihood);
}

TEST(FitSpend, LeavesOutWhatIsNotPositive) {
  auto spends = SimulateSpends({.p = 6.25, .q = 3.74, .gamma = 15.44}, 1, 1'000);
  const SpendFit fit = FitSpend(spends);
  spends.push_back({.repeats = 2, .amount = 0});
  spends.push_back({.repeats = 2, .amount = -10});
  spends.push_back({.repeats = 2, .amount = INFINITY});
  const SpendFit again = FitSpend(spends);
  EXPECT_EQ(again.left_out, 3);
  EXPECT_EQ(again.customers, fit.customers);
  EXPECT_EQ(again.p, fit.p);
}

// The mean of the model is infinite: prediction goes on, shrunken to the mean of everybody.
TEST(FitSpend, WithoutAMeanFallsBackAndSaysSo) {
  const SpendFit fit = FitSpend(SimulateSpends({.p = 3, .q = 0.6, .gamma = 10}, 1, 3'000));
  EXPECT_EQ(fit.status, SpendStatus::kNoMean) << Describe(fit.status);
  EXPECT_LT(fit.q, 1);
  EXPECT_GT(fit.model.mean, 0);
  EXPECT_EQ(fit.model.prior_days, 1);
  EXPECT_DOUBLE_EQ(ExpectedSpend(fit.model, {.repeats = 3, .amount = 30}), (fit.model.mean + 30) / 4);
}

TEST(FitSpend, DegenerateDataEndsWithAStatus) {
  EXPECT_EQ(FitSpend(std::vector<Spend>()).status, SpendStatus::kTooThin);
  EXPECT_EQ(FitSpend(std::vector<Spend>()).model.mean, 0);
  const SpendFit few = FitSpend(std::vector<Spend>(99, {.repeats = 2, .amount = 30}));
  EXPECT_EQ(few.status, SpendStatus::kTooThin);
  EXPECT_EQ(few.model.mean, 15);
  // All alike: p and q run away together.
  const SpendFit alike = FitSpend(std::vector<Spend>(500, {.repeats = 2, .amount = 30}));
  EXPECT_NE(alike.status, SpendStatus::kConverged) << Describe(alike.status);
  EXPECT_NEAR(alike.model.mean, 15, 0.5);
}

// Where the likelihood falls all the way to an edge of the search, the edge is no answer: told, and not used.
TEST(FitSpend, AtAnEdgeOfTheSearchIsToldAndNotUsed) {
  std::mt19937_64 random(5);
  std::vector<Spend> alike, same_average, no_difference;
  for (int i = 0; i < 600; ++i) {
    const int x = 1 + i % 6;
    alike.push_back({.repeats = 2, .amount = 30});
    same_average.push_back({.repeats = x, .amount = 15.0 * x});
    // Days differ, customers do not.
    no_difference.push_back({.repeats = x, .amount = std::gamma_distribution<double>(3.0 * x, 5)(random)});
  }
  for (const auto* spends : {&alike, &same_average, &no_difference}) {
    const SpendFit fit = FitSpend(*spends);
    EXPECT_EQ(fit.status, SpendStatus::kBoundary) << Describe(fit.status) << ": p " << fit.p << " q " << fit.q;
    double amount = 0, days = 0;
    for (const Spend& spend : *spends) {
      amount += spend.amount;
      days += spend.repeats;
    }
    EXPECT_NEAR(fit.model.mean, amount / days, 1e-9);
    EXPECT_EQ(fit.model.prior_days, 1);
  }
}

TEST(ExpectedSpend, LiesBetweenOwnMeanAndEverybodys) {
  const SpendModel model{.mean = 35, .prior_days = 0.44};
  EXPECT_EQ(ExpectedSpend(model, {}), 35);
  EXPECT_EQ(ExpectedSpend(model, {.repeats = 3, .amount = -5}), 35);
  EXPECT_GT(ExpectedSpend(model, {.repeats = 1, .amount = 10}), 10);
  EXPECT_LT(ExpectedSpend(model, {.repeats = 1, .amount = 10}), 35);
  EXPECT_NEAR(ExpectedSpend(model, {.repeats = 1'000, .amount = 10'000}), 10, 0.02);
}

// Published for the CDNOW sample (note 25): p 6.25, q 3.74, gamma 15.44; mean 35.17.
TEST(ExpectedSpend, PublishedMeanOfCdnow) {
  const double p = 6.25, q = 3.74, gamma = 15.44;
  EXPECT_NEAR(gamma * p / (q - 1), 35.2, 0.05);
  const SpendModel model{.mean = gamma * p / (q - 1), .prior_days = (q - 1) / p};
  const int x = 2;
  const double z = 22.35;
  EXPECT_NEAR(ExpectedSpend(model, {.repeats = x, .amount = x * z}),
              (q - 1) / (p * x + q - 1) * gamma * p / (q - 1) + p * x / (p * x + q - 1) * z, 1e-12);
}

}  // namespace
}  // namespace loyalty::retention
