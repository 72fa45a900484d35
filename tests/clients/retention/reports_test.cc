// The reports on receipts files. What the models compute is tested in tests/retention; here, that files reach them and
// that all of it is told.
#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <fstream>

#include "clients/retention/cohorts.h"
#include "clients/retention/fits.h"
#include "clients/retention/segments.h"
#include "clients/retention/trial.h"
#include "tests/clients/retention/receipts_text.h"
#include "tests/clients/temporary_directory.h"

namespace loyalty::client {
namespace {

using google::protobuf::Struct;
using ::testing::HasSubstr;

Struct Parse(const std::string& json) {
  Struct parsed;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &parsed).ok()) << json;
  return parsed;
}

const Struct& ModelAt(const Struct& json, int index) {
  return json.fields().at("models").list_value().values(index).struct_value();
}

TEST(Fits, EveryModelIsToldWithAllItsDigits) {
  const auto customers = CustomersOf(ShopText(800, 1), WindowUntil("2026-12-31"));
  FitRequest request{.window = WindowUntil("2026-12-31")};
  const auto weeks = FitModels(customers, request);
  const Struct json = Parse(FitsJson(weeks));
  ASSERT_EQ(json.fields().at("models").list_value().values_size(), 4);
  const char* names[] = {"bg_nbd", "mbg_nbd", "mbg_cnbd_k"};
  for (int i = 0; i < 3; ++i) {
    const auto& fields = ModelAt(json, i).fields();
    const auto& fit = weeks.models[static_cast<std::size_t>(i)].fit;
    EXPECT_EQ(fields.at("name").string_value(), names[i]);
    EXPECT_EQ(fields.at("time_unit").string_value(), "weeks");
    EXPECT_EQ(fields.at("customers").number_value(), 800);
    EXPECT_EQ(fields.at("log_likelihood").number_value(), fit.log_likelihood) << "to the last bit";
    const auto& parameters = fields.at("parameters").struct_value().fields();
    EXPECT_EQ(parameters.at("r").number_value(), fit.model.r);
    EXPECT_EQ(parameters.at("alpha").number_value(), fit.model.alpha);
    EXPECT_EQ(parameters.at("b").number_value(), fit.model.b);
    EXPECT_TRUE(fields.at("standard_errors").struct_value().fields().contains("a"));
  }
  const auto& spend = ModelAt(json, 3).fields();
  EXPECT_EQ(spend.at("name").string_value(), "gamma_gamma");
  EXPECT_EQ(spend.at("parameters").struct_value().fields().at("gamma").number_value(), weeks.spend.gamma);
  request.time_unit = "days";
  const auto days = FitModels(customers, request);
  EXPECT_NEAR(days.models[0].fit.model.alpha, 7 * weeks.models[0].fit.model.alpha, 1e-9);
  EXPECT_THAT(RenderFits(days, false), HasSubstr("MBG/CNBD-k"));
}

TEST(Fits, TooLittleDataIsSaidAndLeavesNoNumbers) {
  const auto customers = CustomersOf(kReceiptsHeader + SaleRow("A", "2026-01-01", "1"), WindowUntil("2026-01-31"));
  const auto report = FitModels(customers, {.window = WindowUntil("2026-01-31")});
  const auto json = Parse(FitsJson(report));
  const auto& fields = ModelAt(json, 0).fields();
  EXPECT_EQ(fields.at("status").string_value(), "too_thin");
  EXPECT_TRUE(fields.at("log_likelihood").has_null_value());
  EXPECT_TRUE(fields.at("parameters").struct_value().fields().at("r").has_null_value());
  EXPECT_THAT(RenderFits(report, false), HasSubstr("BG/NBD: too few customers have bought."));
}

TEST(Trial, TheModelOfAShopThatFollowsItIsCalibratedAndBeatsChance) {
  const auto window = WindowUntil("2026-12-31");
  const auto customers = CustomersOf(ShopText(1500, 2), window);
  Trial trial;
  const auto failed =
      RunTrial(customers, "r.csv", {.window = window, .calibration_end = *ParseDay("2026-06-30")}, trial);
  ASSERT_FALSE(failed.has_value()) << failed->what;
  EXPECT_EQ(trial.report.result.members, 1500);
  EXPECT_GT(*trial.report.result.AucOf(retention::RankingScore::kProbability), 0.7);
  EXPECT_LT(trial.report.result.brier, trial.report.result.brier_constant);
  const auto json = Parse(TrialJson(trial));
  EXPECT_EQ(json.fields().at("deciles").list_value().values_size(), 10);
  EXPECT_EQ(json.fields().at("auc").struct_value().fields().at("constant").number_value(), 0.5);
  EXPECT_EQ(json.fields().at("probabilities_withheld").bool_value(),
            trial.report.result.withheld != retention::Withheld::kShown);
  EXPECT_THAT(RenderTrial(trial, false), HasSubstr("# bought, | foretold"));
}

TEST(Trial, WithoutEnoughDataItSaysWhatThereIs) {
  const auto window = WindowUntil("2026-12-31");
  const auto customers = CustomersOf(ShopText(20, 3), window);
  Trial trial;
  const auto failed =
      RunTrial(customers, "r.csv", {.window = window, .calibration_end = *ParseDay("2026-06-30")}, trial);
  ASSERT_TRUE(failed.has_value());
  EXPECT_THAT(failed->what, HasSubstr("r.csv: no model can be fitted until 2026-06-30: too few customers"));
  EXPECT_THAT(failed->what, HasSubstr("(20 customers"));
}

TEST(Segments, EveryCustomerIsListedUnderTheCardOfTheFile) {
  const auto customers = CustomersOf(ShopText(50, 4), WindowUntil("2026-12-31"));
  const auto report = SegmentCustomers(customers, *ParseDay("2026-12-31"));
  const auto json = Parse(SegmentsJson(report));
  const auto& listed = json.fields().at("customers").list_value();
  ASSERT_EQ(listed.values_size(), 50);
  EXPECT_EQ(listed.values(0).struct_value().fields().at("card").string_value(), "C0");
  double members = 0;
  for (const auto& segment : json.fields().at("segments").list_value().values())
    members += segment.struct_value().fields().at("members").number_value();
  EXPECT_EQ(members, 50);
  EXPECT_EQ(json.fields().at("segments").list_value().values_size(), 11);
  EXPECT_THAT(RenderSegments(report, false), HasSubstr("Champions"));
}

TEST(Segments, CutPointsOfAnEarlierRunAreTheSameAgainAndOthersAreChecked) {
  const TemporaryDirectory directory;
  const auto write = [&](const std::string& text) {
    const std::string file = (directory.path() / "cut_points.json").string();
    std::ofstream(file) << text;
    return file;
  };
  const auto customers = CustomersOf(ShopText(300, 5), WindowUntil("2026-12-31"));
  const auto report = SegmentCustomers(customers, *ParseDay("2026-12-31"));
  retention::RfmCutPoints cut_points;
  auto failed = ReadCutPoints(write(SegmentsJson(report)), cut_points);
  ASSERT_FALSE(failed.has_value()) << failed->what;
  EXPECT_EQ(cut_points, report.cut_points);
  // Half a year earlier by the same measure, not by the ranks of then.
  const Day earlier = *ParseDay("2026-06-30");
  const auto fixed = SegmentCustomers(customers, earlier, cut_points);
  EXPECT_EQ(fixed.cut_points, report.cut_points);
  EXPECT_NE(SegmentCustomers(customers, earlier).cut_points, report.cut_points);
  for (const auto& customer : fixed.customers)
    EXPECT_EQ(customer.scores, retention::ScoreRfm(customer.values, report.cut_points));

  const std::string good = R"({"recency_days_at_most": [90, 30, 7, null], "purchase_days_at_least": [2, 3, 5, 8],)";
  failed = ReadCutPoints(write(good + R"("spend_minor_at_least": [1, 2, 3, 4]})"), cut_points);
  EXPECT_FALSE(failed.has_value());
  EXPECT_EQ(cut_points.recency_days_at_most[3], retention::RfmCutPoints::kNobodyAtMost);
  for (const char* wrong :
       {R"("spend_minor_at_least": [1, 2, 3]})", R"("spend_minor_at_least": [1, 2, 2.5, 4]})",
        R"("spend_minor_at_least": [4, 3, 2, 1]})", R"("spend": 1})", R"("spend_minor_at_least": [1, 2, "3", 4]})"}) {
    failed = ReadCutPoints(write(good + wrong), cut_points);
    ASSERT_TRUE(failed.has_value()) << wrong;
    EXPECT_EQ(failed->code, ExitCode::kUsage) << wrong;
  }
}

TEST(Cohorts, MembersStandInTheMonthOfTheirFirstPurchase) {
  const auto window = WindowUntil("2026-03-15");
  const auto customers = CustomersOf(kReceiptsHeader + SaleRow("A", "2026-01-01", "1") +
                                         SaleRow("A", "2026-03-01", "1") + SaleRow("B", "2026-01-31", "1") +
                                         SaleRow("B", "2026-02-01", "1") + SaleRow("C", "2026-02-05", "1"),
                                     window);
  CohortReport report;
  ASSERT_FALSE(TabulateCohorts(customers, window, report).has_value());
  EXPECT_THAT(CohortsJson(report), HasSubstr(R"({"month": "2026-01", "members": [2, 1, 1]})"));
  EXPECT_THAT(CohortsJson(report), HasSubstr(R"({"month": "2026-02", "active": 2, "stayed": 1})"));
  EXPECT_THAT(RenderCohorts(report, false), HasSubstr("2026-02"));
}

TEST(Cohorts, ATypoOfACenturyIsRefused) {
  const auto window = WindowUntil("2126-03-15");
  const auto customers = CustomersOf(kReceiptsHeader + SaleRow("A", "2026-01-01", "1"), window);
  CohortReport report;
  const auto failed = TabulateCohorts(customers, window, report);
  ASSERT_TRUE(failed.has_value());
  EXPECT_THAT(failed->what, HasSubstr("more than 600 months"));
}

}  // namespace
}  // namespace loyalty::client
