#include "services/codec/retention_codec.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <utility>

namespace loyalty {
namespace {

using retention::RfmCutPoints;

TEST(ToWindow, TakesDaysOfThePastAndNothingElse) {
  const Instant now = *ParseDay("2026-02-05") * kDayLength + kHour;
  const auto window = ToWindow("2026-01-01", "2026-01-31", now);
  ASSERT_TRUE(window);
  EXPECT_EQ(*window->from, *ParseDay("2026-01-01"));
  EXPECT_EQ(window->until, *ParseDay("2026-01-31"));
  EXPECT_FALSE(ToWindow("", "2026-01-31", now)->from);
  EXPECT_TRUE(ToWindow("", "2026-02-06", now)) << "there may be a zone where it is tomorrow";
  const auto field = [now](const char* from, const char* until) {
    const auto refused = ToWindow(from, until, now);
    return refused ? "" : refused.error().metadata.at("field");
  };
  EXPECT_EQ(field("", ""), "until_date");
  EXPECT_EQ(field("", "2026-02-30"), "until_date");
  EXPECT_EQ(field("", "2026-02-07"), "until_date");
  EXPECT_EQ(field("", "9999-12-31"), "until_date");
  EXPECT_EQ(field("yesterday", "2026-01-31"), "from_date");
  EXPECT_EQ(field("2026-02-01", "2026-01-31"), "from_date");
}

TEST(RetentionRequests, HaveDefaultsAndLimits) {
  EXPECT_EQ(*ToStagesMax(0), 4);
  EXPECT_EQ(*ToStagesMax(12), 12);
  EXPECT_FALSE(ToStagesMax(13));
  EXPECT_FALSE(ToStagesMax(-1));
  EXPECT_EQ(*ToTimeUnit(v1::TIME_UNIT_UNSPECIFIED), v1::TIME_UNIT_WEEKS);
  EXPECT_FALSE(ToTimeUnit(static_cast<v1::TimeUnit>(7)));
  EXPECT_EQ(*ToModelKind(v1::MODEL_KIND_UNSPECIFIED), retention::ModelKind::kMbgCnbd);
  EXPECT_FALSE(ToModelKind(static_cast<v1::ModelKind>(9)));
}

TEST(SpendFit, SaysHowItEnded) {
  using retention::SpendStatus;
  for (const auto& [status, wire] : {std::pair(SpendStatus::kConverged, v1::SPEND_STATUS_CONVERGED),
                                     {SpendStatus::kTooThin, v1::SPEND_STATUS_TOO_THIN},
                                     {SpendStatus::kNotConverged, v1::SPEND_STATUS_NOT_CONVERGED},
                                     {SpendStatus::kNoMean, v1::SPEND_STATUS_NO_MEAN},
                                     {SpendStatus::kBoundary, v1::SPEND_STATUS_BOUNDARY}}) {
    retention::SpendFit fit;
    fit.status = status;
    v1::SpendFit message;
    FillSpendFit(fit, message);
    EXPECT_EQ(message.status(), wire) << retention::Describe(status);
  }
}

TEST(RunName, IsReadAsItIsWritten) {
  EXPECT_EQ(*ParseRunName("run", RunName(17)), 17);
  for (const char* name : {"", "17", "retentionRuns/", "retentionRuns/017", "retentionRuns/0", "retentionRuns/-1",
                           "retentionRuns/1x", "retentionRuns/99999999999999999999", "runs/1"})
    EXPECT_FALSE(ParseRunName("run", name)) << name;
}

TEST(RfmRun, CutPointsComeBackAsTheyWere) {
  RfmCutPoints cut_points;
  cut_points.recency_days_at_most = {90, 30, 7, RfmCutPoints::kNobodyAtMost};
  cut_points.purchase_days_at_least = {2, RfmCutPoints::kNobodyAtLeast, RfmCutPoints::kNobodyAtLeast, 5};
  cut_points.spend_minor_at_least = {-5, 0, 5, std::numeric_limits<std::int64_t>::max() - 1};
  v1::RfmRun run;
  FillRfmRun(cut_points, {}, run);
  EXPECT_EQ(CutPointsOf(run), cut_points);
  EXPECT_EQ(run.segments_size(), 11);
  // A stored run that was written by somebody else, or spoilt, leads nowhere else.
  run.add_cut_points()->set_score(-7);
  run.add_cut_points()->set_score(6);
  EXPECT_EQ(CutPointsOf(run), cut_points);
}

TEST(ToCutPoints, TakesThoseOfARunAndNothingThatIsOutOfOrder) {
  v1::ScoreRfmRequest request;
  EXPECT_FALSE(ToCutPoints(request)->has_value()) << "by rank then";
  RfmCutPoints cut_points;
  cut_points.recency_days_at_most = {90, 30, 7, RfmCutPoints::kNobodyAtMost};
  cut_points.purchase_days_at_least = {2, 3, 5, 8};
  cut_points.spend_minor_at_least = {100, 1'000, 5'000, RfmCutPoints::kNobodyAtLeast};
  v1::RfmRun run;
  FillRfmRun(cut_points, {}, run);
  *request.mutable_cut_points() = run.cut_points();
  EXPECT_EQ(*ToCutPoints(request), cut_points);
  request.mutable_cut_points(1)->set_purchase_days_at_least(1);
  EXPECT_FALSE(ToCutPoints(request)) << "a score begins below a lower one";
  request.mutable_cut_points(1)->set_purchase_days_at_least(3);
  request.mutable_cut_points(1)->set_score(4);
  EXPECT_FALSE(ToCutPoints(request)) << "4 twice";
  request.mutable_cut_points()->RemoveLast();
  EXPECT_FALSE(ToCutPoints(request)) << "three";
}

TEST(RunMessage, WhatIsStoredIsWhatWasFoundToTheLastBit) {
  retention::ModelSet set;
  set.mbg_nbd.status = retention::FitStatus::kBoundary;
  set.mbg_nbd.advice = retention::FitAdvice::kUseModel;
  set.mbg_nbd.model = {.kind = retention::ModelKind::kMbgNbd, .k = 1, .r = 0.1 + 0.2, .alpha = 1e-300, .a = 1, .b = 2};
  set.mbg_nbd.ln_errors = {0.1, 1e9, INFINITY, 3};
  set.median_cycle_days = 1.0 / 3;
  v1::FitRun run;
  FillFitRun(set, run);
  const auto stored = RunMessage({.id = 3, .kind = storage::RunKind::kFit, .content = RunText(run)});
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->name(), "retentionRuns/3");
  EXPECT_EQ(stored->fit().SerializeAsString(), run.SerializeAsString());
  EXPECT_EQ(stored->fit().models(1).r(), 0.1 + 0.2);
  EXPECT_EQ(stored->fit().models(1).status(), v1::FIT_STATUS_BOUNDARY);
  EXPECT_EQ(stored->fit().models(2).kind(), v1::MODEL_KIND_MBG_CNBD_K) << "also where nothing was fitted";
  EXPECT_TRUE(std::isinf(stored->fit().models(1).ln_errors(2)));
}

TEST(RunMessage, FieldsOfANewerServerAreLeftOutAndRubbishIsRefused) {
  const auto newer =
      RunMessage({.id = 1, .kind = storage::RunKind::kBacktest, .content = R"({"members": "5", "wonder": 7})"});
  ASSERT_TRUE(newer);
  EXPECT_EQ(newer->backtest().members(), 5);
  EXPECT_FALSE(RunMessage({.id = 1, .kind = storage::RunKind::kRfm, .content = "{"}));
  EXPECT_FALSE(RunMessage({.id = 1, .kind = static_cast<storage::RunKind>(9), .content = "{}"}));
}

TEST(FillCohorts, BeginWithTheFirstMonthInWhichAnybodyBought) {
  const retention::Month january = retention::MonthOf(*ParseDay("2026-01-15"));
  retention::CohortTable table(january, january + 3);
  const std::vector<retention::Day> days{*ParseDay("2026-02-03"), *ParseDay("2026-03-03")};
  table.Add(days);
  v1::GetCohortReportResponse response;
  FillCohorts(table, response);
  ASSERT_EQ(response.months_size(), 3);
  EXPECT_EQ(response.months(0).month(), "2026-02");
  EXPECT_THAT(response.months(0).members(), ::testing::ElementsAre(1, 1, 0));
  EXPECT_EQ(response.months(1).stayed(), 1);
  response.Clear();
  FillCohorts(retention::CohortTable(january, january), response);
  EXPECT_EQ(response.months_size(), 0);
}

}  // namespace
}  // namespace loyalty
