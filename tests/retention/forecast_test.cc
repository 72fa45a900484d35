#include "retention/forecast.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/support/property.h"

namespace loyalty::retention {

std::ostream& operator<<(std::ostream& os, const Forecast& f) {
  return os << f.score << (f.happened ? " happened" : " did not");
}

namespace {

// Every pair.
std::optional<double> AucByPairs(const std::vector<Forecast>& forecasts) {
  double won = 0;
  double pairs = 0;
  for (const Forecast& yes : forecasts) {
    for (const Forecast& no : forecasts) {
      if (!yes.happened || no.happened) continue;
      pairs += 1;
      won += yes.score > no.score ? 1 : yes.score == no.score ? 0.5 : 0;
    }
  }
  if (pairs == 0) return std::nullopt;
  return won / pairs;
}

// Scores in twentieths, so that many are equal.
rc::Gen<std::vector<Forecast>> AnyForecasts() {
  return rc::gen::container<std::vector<Forecast>>(rc::gen::build<Forecast>(
      rc::gen::set(&Forecast::score, rc::gen::map(rc::gen::inRange(0, 21), [](int score) { return score / 20.0; })),
      rc::gen::set(&Forecast::happened)));
}

std::vector<Forecast> Shuffled(std::vector<Forecast> forecasts) {
  for (std::size_t i = forecasts.size(); i > 1; --i)
    std::swap(forecasts[i - 1], forecasts[*rc::gen::inRange<std::size_t>(0, i)]);
  return forecasts;
}

TEST(Auc, IsTheShareOfPairsWon) {
  test::Check(
      [] {
        const auto forecasts = *AnyForecasts();
        const auto expected = AucByPairs(forecasts);
        const auto auc = Auc(forecasts);
        RC_ASSERT(auc.has_value() == expected.has_value());
        if (auc) RC_ASSERT(std::abs(*auc - *expected) < 1e-14);
      },
      10);
}

// The example of scikit-learn's documentation of roc_auc_score.
TEST(Auc, KnownExample) {
  EXPECT_EQ(Auc(std::vector<Forecast>{{0.1, false}, {0.4, false}, {0.35, true}, {0.8, true}}), 0.75);
}

TEST(Auc, WithoutContrastThereIsNone) {
  EXPECT_EQ(Auc({}), std::nullopt);
  EXPECT_EQ(Auc(std::vector<Forecast>{{0.1, true}, {0.4, true}}), std::nullopt);
  EXPECT_EQ(Auc(std::vector<Forecast>{{0.1, false}}), std::nullopt);
}

// The examples of scikit-learn's documentation of brier_score_loss and log_loss.
TEST(Losses, KnownExamples) {
  EXPECT_NEAR(BrierScore(std::vector<Forecast>{{0.1, false}, {0.9, true}, {0.8, true}, {0.3, false}}), 0.0375, 1e-15);
  EXPECT_NEAR(LogLoss(std::vector<Forecast>{{0.9, true}, {0.1, false}, {0.2, false}, {0.65, true}}), 0.21616, 5e-6);
  EXPECT_EQ(BrierScore({}), 0);
  EXPECT_EQ(LogLoss({}), 0);
}

TEST(Losses, WrongCertaintyIsDearButFinite) {
  EXPECT_NEAR(LogLoss(std::vector<Forecast>{{0, true}}), -std::log(1e-15), 1e-9);
  EXPECT_NEAR(LogLoss(std::vector<Forecast>{{1, false}}), -std::log(1e-15), 0.2);
  EXPECT_NEAR(LogLoss(std::vector<Forecast>{{1, true}, {0, false}}), 0, 1e-14);
}

TEST(Calibration, DecilesOfTwentyMembers) {
  std::vector<Forecast> forecasts;
  for (int i = 0; i < 20; ++i) forecasts.push_back({i / 20.0, i >= 10});
  const auto deciles = Calibrate(forecasts);
  ASSERT_EQ(deciles.size(), 10U);
  EXPECT_NEAR(deciles[0].predicted, 0.025, 1e-15);
  EXPECT_EQ(deciles[4].observed, 0);
  EXPECT_EQ(deciles[5].observed, 1);
  EXPECT_NEAR(deciles[9].predicted, 0.925, 1e-15);
  EXPECT_NEAR(CalibrationError(deciles), 0.25, 1e-15);
}

TEST(Calibration, EqualProbabilitiesAreSplitEvenlyOverABorder) {
  // All alike: each decile shows all of them, however they are ordered.
  for (const auto& decile : Calibrate(std::vector<Forecast>{{0.5, true}, {0.5, false}, {0.5, false}, {0.5, true}})) {
    EXPECT_NEAR(decile.predicted, 0.5, 1e-15);
    EXPECT_NEAR(decile.observed, 0.5, 1e-15);
  }
  EXPECT_TRUE(Calibrate({}).empty());
  EXPECT_EQ(CalibrationError({}), 0);
}

TEST(Calibration, DecilesAverageToTheWhole) {
  test::Check(
      [] {
        const auto forecasts = *AnyForecasts();
        RC_PRE(!forecasts.empty());
        double score = 0;
        double happened = 0;
        for (const Forecast& forecast : forecasts) {
          score += forecast.score / static_cast<double>(forecasts.size());
          happened += (forecast.happened ? 1.0 : 0.0) / static_cast<double>(forecasts.size());
        }
        double mean_predicted = 0;
        double mean_observed = 0;
        double before = 0;
        for (const CalibrationDecile& decile : Calibrate(forecasts)) {
          RC_ASSERT(decile.predicted > before - 1e-12);
          before = decile.predicted;
          mean_predicted += decile.predicted / 10;
          mean_observed += decile.observed / 10;
        }
        RC_ASSERT(std::abs(mean_predicted - score) < 1e-12);
        RC_ASSERT(std::abs(mean_observed - happened) < 1e-12);
      },
      5);
}

TEST(Forecast, OrderOfMembersDoesNotMatter) {
  test::Check(
      [] {
        const auto forecasts = *AnyForecasts();
        const auto shuffled = Shuffled(forecasts);
        RC_ASSERT(Auc(forecasts) == Auc(shuffled));
        RC_ASSERT(BrierScore(forecasts) == BrierScore(shuffled));
        RC_ASSERT(LogLoss(forecasts) == LogLoss(shuffled));
        RC_ASSERT(CalibrationError(Calibrate(forecasts)) == CalibrationError(Calibrate(shuffled)));
      },
      5);
}

}  // namespace
}  // namespace loyalty::retention
