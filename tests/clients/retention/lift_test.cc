#include "clients/retention/lift.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/clients/text_source.h"

namespace loyalty::client {
namespace {

using retention::LiftVerdict;
using ::testing::HasSubstr;

Outcome Read(const std::string& text, Experiment& experiment) {
  CsvReader csv(TextSource(text));
  return AddExperiment(csv, "e.csv", 2, experiment);
}

// An arm of `members`, of whom the first `buyers` converted. Spend follows the spend before, with `more` on top.
std::string Arm(const std::string& name, int members, int buyers, int more) {
  std::string text;
  for (int i = 0; i < members; ++i)
    text += name + "," + (i < buyers ? "1" : "0") + "," + std::to_string(i % 50 + i % 3 + more) + ".00,1," +
            std::to_string(i % 50) + "\n";
  return text;
}

const std::string kHeader = "arm,converted,spend,visit,pre_spend\n";

LiftSummary Measure(const std::string& text, const LiftRequest& request) {
  Experiment experiment;
  const auto unread = Read(text, experiment);
  EXPECT_FALSE(unread.has_value()) << unread->what;
  LiftSummary summary;
  const auto failed = MeasureArms(experiment, request, summary);
  EXPECT_FALSE(failed.has_value()) << failed->what;
  return summary;
}

TEST(Lift, APlantedEffectIsProvenAndCupedSharpensIt) {
  const auto summary =
      Measure(kHeader + Arm("control", 2000, 200, 0) + Arm("mail", 2000, 300, 2), {.control = "control"});
  ASSERT_EQ(summary.arms.size(), 1U);
  const auto& mail = summary.arms[0];
  EXPECT_EQ(mail.arm, "mail");
  EXPECT_EQ(mail.converted.verdict, LiftVerdict::kProvenGain);
  EXPECT_NEAR(mail.converted.rate_difference, 0.05, 1e-12);
  ASSERT_TRUE(mail.converted.cuped.has_value());
  EXPECT_NEAR(mail.converted.cuped->spend.difference, 200, 1e-6);
  EXPECT_GT(mail.converted.cuped->variance_reduction, 0.95);
  ASSERT_TRUE(mail.visited.has_value());
  EXPECT_EQ(mail.visited->verdict, LiftVerdict::kNotProven) << "everybody visited in both arms";
  EXPECT_THAT(RenderLift(summary, false), HasSubstr("mail against control: proven: more than in the control group."));
  EXPECT_THAT(LiftJson(summary), HasSubstr("\"verdict\": \"proven_gain\""));
}

TEST(Lift, WhatIsNotProvenSaysHowManyMoreAreNeeded) {
  const std::string text = kHeader + Arm("control", 500, 50, 0) + Arm("mail", 500, 52, 0);
  const auto summary = Measure(text, {.control = "control", .worthwhile_difference = 0.02});
  const auto& report = summary.arms[0].converted;
  EXPECT_EQ(report.verdict, LiftVerdict::kNotProven);
  ASSERT_TRUE(report.more_per_arm.has_value());
  EXPECT_GT(*report.more_per_arm, 0);
  const std::string said = VerdictText(report, summary.request);
  EXPECT_THAT(said, HasSubstr("nothing is proven"));
  EXPECT_THAT(said, HasSubstr("a gain of +2.00 points with a chance of 80 %, each arm needs 3,"));
  EXPECT_THAT(
      VerdictText(Measure(kHeader + Arm("control", 500, 50, 0) + Arm("mail", 500, 50, 0), {.control = "control"})
                      .arms[0]
                      .converted,
                  {}),
      HasSubstr("No number of members"));
}

TEST(Lift, ArmsThatAreNotAsPlannedRaiseTheAlarmUnlessTheSharesAreStated) {
  const std::string text = kHeader + Arm("control", 200, 20, 0) + Arm("mail", 1800, 400, 0);
  const auto alarmed = Measure(text, {.control = "control"});
  EXPECT_TRUE(alarmed.sample_ratio.mismatch);
  EXPECT_EQ(alarmed.arms[0].converted.verdict, LiftVerdict::kArmsMismatch);
  EXPECT_THAT(RenderLift(alarmed, false), HasSubstr("ALARM"));
  const auto stated = Measure(text, {.control = "control", .shares = {"control=0.1"}});
  EXPECT_FALSE(stated.sample_ratio.mismatch);
  EXPECT_NEAR(stated.planned.at("mail"), 0.9, 1e-12);
  EXPECT_EQ(stated.arms[0].converted.verdict, LiftVerdict::kProvenGain);
}

TEST(Lift, SeveralArmsAreCorrectedTogether) {
  // 1.96 standard errors or a little more alone: p < 0.05, but not of two.
  const std::string control = kHeader + Arm("control", 1000, 100, 0);
  const std::string mail = Arm("mail", 1000, 128, 0);
  EXPECT_EQ(Measure(control + mail, {.control = "control"}).arms[0].converted.verdict, LiftVerdict::kProvenGain);
  const auto two = Measure(control + mail + Arm("post", 1000, 101, 0), {.control = "control"});
  ASSERT_EQ(two.arms.size(), 2U);
  EXPECT_EQ(two.arms[0].converted.verdict, LiftVerdict::kNotProven);
  EXPECT_NEAR(two.arms[0].converted.p_value_adjusted, 2 * two.arms[0].converted.p_value, 1e-12);
}

TEST(Lift, ALookBeforeTheEndProvesNothing) {
  const auto summary = Measure(kHeader + Arm("control", 2000, 200, 0) + Arm("mail", 2000, 300, 0),
                               {.control = "control", .before_end = true});
  EXPECT_EQ(summary.arms[0].converted.verdict, LiftVerdict::kTooEarly);
}

TEST(Lift, WrongRowsAreNamedByLineAndColumn) {
  for (const auto& [text, what] : std::vector<std::pair<std::string, std::string>>{
           {"", "e.csv: the file is empty"},
           {"arm,spend\n", "e.csv: line 1: the first line is no header of an experiment: missing converted"},
           {"arm,arm,converted,spend\n", "column 'arm' occurs twice"},
           {"arm,converted,spend\na,yes,1\n", "e.csv: line 2: converted: 'yes' is neither 0 nor 1"},
           {"arm,converted,spend\na,1,1\na,1,x\n", "e.csv: line 3: spend: "},
           {"arm,converted,spend\na,1,1.234\n", "e.csv: line 2: spend: "},
           {"arm,converted,spend\n,1,1\n", "e.csv: line 2: arm: is empty"},
           {"arm,converted,spend\na,1\n", "e.csv: line 2: 2 fields, but 3 columns"}}) {
    Experiment experiment;
    const auto failed = Read(text, experiment);
    ASSERT_TRUE(failed.has_value()) << text;
    EXPECT_EQ(failed->code, ExitCode::kUsage);
    EXPECT_THAT(failed->what, HasSubstr(what));
  }
}

TEST(Lift, ControlAndSharesHaveToFitTheArms) {
  Experiment experiment;
  ASSERT_FALSE(Read(kHeader + Arm("control", 5, 1, 0) + Arm("mail", 5, 1, 0), experiment).has_value());
  for (const auto& [request, what] : std::vector<std::pair<LiftRequest, std::string>>{
           {{.control = "none"}, "--control: the file has no arm 'none'"},
           {{.control = "control", .shares = {"post=0.1"}}, "--share: the file has no arm 'post'"},
           {{.control = "control", .shares = {"mail"}}, "--share: 'mail' is no ARM=SHARE"},
           {{.control = "control", .shares = {"mail=2"}}, "--share: 'mail=2' is no ARM=SHARE"},
           {{.control = "control", .shares = {"mail=1"}}, "--share: the shares add up to"},
           {{.control = "control", .shares = {"mail=0.5", "control=0.2"}}, "--share: the shares add up to"},
           {{.control = "control", .shares = {"mail=0.1", "mail=0.2"}}, "is given twice"}}) {
    LiftSummary summary;
    const auto failed = MeasureArms(experiment, request, summary);
    ASSERT_TRUE(failed.has_value()) << what;
    EXPECT_THAT(failed->what, HasSubstr(what));
  }
}

}  // namespace
}  // namespace loyalty::client
