#include "services/catalogue/plan_codec.h"

#include <gtest/gtest.h>

#include <functional>

namespace loyalty {
namespace {

TEST(PlanCodec, AnEmptyOneIsTheDefault) {
  const auto plan = ToRetentionPlan({});
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->rules, retention::LifecycleRules());
  EXPECT_EQ(plan->classify_minute, 180);
  EXPECT_EQ(plan->holdout_salt, "");
}

TEST(PlanCodec, RulesSurviveTheWayToARunAndBack) {
  retention::LifecycleRules rules;
  rules.overdue = 8'500;
  rules.lapse_floor_days = 0;
  rules.stages[7] = retention::Stage::kDevelop;
  v1::RetentionRules wire;
  *wire.mutable_lifecycle() = FromLifecycleRules(rules);
  const auto plan = ToRetentionPlan(wire);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->rules, rules);
}

TEST(PlanCodec, ASegmentGetsAnotherStageOrOtherWords) {
  v1::RetentionRules wire;
  auto& segment = *wire.mutable_lifecycle()->add_segments();
  segment.set_name("lifecycleSegments/AT_RISK");
  segment.set_suggestion("Ein Lächeln");
  const auto plan = ToRetentionPlan(wire);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->suggestions[static_cast<std::size_t>(retention::Segment::kAtRisk) - 1], "Ein Lächeln");
  EXPECT_EQ(plan->rules.StageOf(retention::Segment::kAtRisk), retention::Stage::kReactivate) << "not set: as it was";
}

TEST(PlanCodec, NamesTheFirstFieldThatBreaksItsRule) {
  struct Case {
    const char* field;
    std::function<void(v1::RetentionRules&)> spoil;
  };
  const std::vector<Case> cases{
      {"lifecycle.dormant_after_days", [](auto& r) { r.mutable_lifecycle()->set_dormant_after_days(0); }},
      {"lifecycle.overdue_basis_points", [](auto& r) { r.mutable_lifecycle()->set_overdue_basis_points(4'999); }},
      {"lifecycle.alive_basis_points", [](auto& r) { r.mutable_lifecycle()->set_alive_basis_points(10'000); }},
      {"lifecycle.lapse_ceiling_days", [](auto& r) { r.mutable_lifecycle()->set_lapse_ceiling_days(13); }},
      {"lifecycle.written_off_basis_points",
       [](auto& r) { r.mutable_lifecycle()->set_written_off_basis_points(5'000); }},
      {"lifecycle.season_share_basis_points",
       [](auto& r) { r.mutable_lifecycle()->set_season_share_basis_points(5'000); }},
      {"lifecycle.segments[0].name", [](auto& r) { r.mutable_lifecycle()->add_segments()->set_name("AT_RISK"); }},
      {"lifecycle.segments[1].name",
       [](auto& r) {
         for (int i = 0; i < 2; ++i) r.mutable_lifecycle()->add_segments()->set_name("lifecycleSegments/LOST");
       }},
      {"lifecycle.segments[0].stage",
       [](auto& r) {
         auto& segment = *r.mutable_lifecycle()->add_segments();
         segment.set_name("lifecycleSegments/LOST");
         segment.set_stage(static_cast<v1::LifecycleStage>(9));
       }},
      {"candidates.margin_basis_points", [](auto& r) { r.mutable_candidates()->set_margin_basis_points(10'001); }},
      {"candidates.offer_days", [](auto& r) { r.mutable_candidates()->set_offer_days(0); }},
      {"holdout.salt", [](auto& r) { r.mutable_holdout()->set_share_basis_points(100); }},
      {"holdout.share_basis_points",
       [](auto& r) {
         r.mutable_holdout()->set_salt("2026");
         r.mutable_holdout()->set_share_basis_points(5'001);
       }},
      {"schedule.classify_minute", [](auto& r) { r.mutable_schedule()->set_classify_minute(1'440); }},
      {"schedule.fit_weekday", [](auto& r) { r.mutable_schedule()->set_fit_weekday(8); }},
  };
  for (const Case& one : cases) {
    v1::RetentionRules rules;
    one.spoil(rules);
    const auto plan = ToRetentionPlan(rules);
    ASSERT_FALSE(plan) << one.field;
    EXPECT_EQ(plan.error().metadata.at("field"), std::string("catalogue.retention.") + one.field);
  }
}

}  // namespace
}  // namespace loyalty
