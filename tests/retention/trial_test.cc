#include "retention/trial.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "retention/model_study.h"
#include "retention/predict.h"
#include "retention/segment_totals.h"

namespace loyalty::retention {
namespace {

constexpr Day kEnd = 700, kHalf = 400;

// Members who buy at rates of their own and leave with probability 0.15 after a purchase.
std::vector<std::vector<MemberDay>> Shop(int members) {
  std::mt19937 random(7);
  const auto uniform = [&] { return (static_cast<double>(random()) + 0.5) / 4294967296.0; };
  std::vector<std::vector<MemberDay>> shop;
  for (int i = 0; i < members; ++i) {
    const double gap = 10 + 60 * uniform();
    std::vector<MemberDay> days;
    for (double at = 300 * uniform(); at < kEnd; at += 1 - gap * std::log(uniform())) {
      days.push_back({static_cast<Day>(at), 500 + static_cast<int>(3000 * uniform()), 0, 1});
      if (uniform() < 0.15) break;
    }
    shop.push_back(std::move(days));
  }
  return shop;
}

TEST(Trial, KnowsNothingOfWhatComesAfterAndCountsIt) {
  const auto shop = Shop(900);
  Trial trial({.until = kHalf, .holdout_until = kEnd});
  std::int64_t known = 0, buyers = 0;
  for (const auto& days : shop) {
    trial.Add(days);
    known += days.front().day <= kHalf ? 1 : 0;
    buyers += days.front().day <= kHalf && days.back().day > kHalf ? 1 : 0;
  }
  const TrialReport report = trial.Run();
  ASSERT_EQ(report.fit.advice, FitAdvice::kUseModel);
  EXPECT_EQ(report.result.members, known);
  EXPECT_EQ(report.result.buyers, buyers);
  EXPECT_GT(*report.result.AucOf(RankingScore::kProbability), 0.7);
  // The same members, cut off on that day: the same model.
  ModelStudy study(kHalf, 100);
  for (const auto& days : shop) study.Add(DaysUntil(days, kHalf));
  EXPECT_EQ(study.Take(4, 7).mbg_cnbd.model, report.fit.model);
}

TEST(Trial, TheOrderOfTheMembersLeavesNoTrace) {
  auto shop = Shop(600);
  const auto run = [&] {
    Trial trial({.until = kHalf, .holdout_until = kEnd});
    for (const auto& days : shop) trial.Add(days);
    return trial.Run();
  };
  const TrialReport one = run();
  std::shuffle(shop.begin(), shop.end(), std::mt19937(3));
  const TrialReport other = run();
  EXPECT_EQ(one.fit.model, other.fit.model);
  EXPECT_EQ(one.result.brier, other.result.brier);
  EXPECT_EQ(one.result.auc, other.result.auc);
  EXPECT_EQ(one.result.calibration_error, other.result.calibration_error);
}

TEST(Trial, WithoutAModelNobodyIsJudged) {
  Trial trial({.until = kHalf, .holdout_until = kEnd});
  for (const auto& days : Shop(30)) trial.Add(days);
  const TrialReport report = trial.Run();
  EXPECT_EQ(report.fit.status, FitStatus::kTooThin);
  EXPECT_EQ(report.result.members, 0);
}

TEST(ModelStudy, FitsAllModelsAndSaysWhichToUse) {
  ModelStudy study(kEnd, 100);
  std::int64_t receipts = 0;
  for (const auto& days : Shop(900)) {
    study.Add(days);
    receipts += static_cast<std::int64_t>(days.size());
  }
  const ModelSet set = study.Take(3, 7);
  EXPECT_EQ(set.receipts, receipts);
  EXPECT_EQ(ModelToUse(set), ModelKind::kMbgCnbd);
  EXPECT_GT(set.spend.model.mean, 5) << "in units of the currency, not in minor ones";
  EXPECT_LT(set.spend.model.mean, 35);
  EXPECT_GE(set.mbg_cnbd.log_likelihood, set.mbg_nbd.log_likelihood);
  EXPECT_EQ(study.Take(3, 7).receipts, 0) << "it is empty then";
  EXPECT_FALSE(ModelToUse(study.Take(3, 7)));
}

TEST(ModelToUse, NeverIsTheOneThatCallsEveryOneTimeBuyerAlive) {
  ModelSet set;
  set.bg_nbd.advice = FitAdvice::kUseModel;
  EXPECT_FALSE(ModelToUse(set));
  set.mbg_nbd.advice = FitAdvice::kUseModel;
  EXPECT_EQ(ModelToUse(set), ModelKind::kMbgNbd);
}

TEST(SegmentTotals, EveryCustomerStandsInOne) {
  std::vector<RfmValues> values;
  for (const auto& days : Shop(500)) values.push_back(RfmValuesOf(Summarise(days), kEnd));
  const auto cut_points = RfmCutPointsOf(values);
  const auto totals = TotalsOf(values, cut_points);
  std::int64_t members = 0, spend = 0, expected = 0;
  for (const auto& total : totals) members += total.members, spend += total.spend_minor;
  for (const auto& value : values) expected += value.spend_minor;
  EXPECT_EQ(members, 500);
  EXPECT_EQ(spend, expected);
  EXPECT_GT(totals[0].members, 0) << "champions";
}

TEST(SegmentTotals, MoreMoneyThanCanBeCountedStaysAtTheEnd) {
  const std::int64_t much = std::int64_t{1} << 62;
  const std::vector<RfmValues> values(3, RfmValues{.recency_days = 1, .purchase_days = 1, .spend_minor = much});
  std::int64_t most = 0;
  for (const auto& total : TotalsOf(values, RfmCutPointsOf(values))) most = std::max(most, total.spend_minor);
  EXPECT_EQ(most, std::numeric_limits<std::int64_t>::max());
}

}  // namespace
}  // namespace loyalty::retention
