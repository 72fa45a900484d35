#include "services/catalogue/plan_codec.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "domain/receipt.h"
#include "domain/violations.h"
#include "services/codec/names.h"

namespace loyalty {
namespace {

using retention::LifecycleRules;
using retention::Segment;
using retention::Stage;

constexpr std::string_view kSegments = "lifecycleSegments/";

// Takes the fields of a message one by one, and notes those that leave their range.
class Reader {
 public:
  Reader(std::string path, Violations& violations) : path_(std::move(path)), violations_(violations) {}

  template <typename Number>
  void Take(bool has, Number value, const char* field, std::int64_t min, std::int64_t max, Number& to) {
    if (!has) return;
    if (value < min || value > max) {
      Refuse(field, std::to_string(min) + " to " + std::to_string(max));
    } else {
      to = value;
    }
  }
  void Refuse(const std::string& field, const std::string& why) { violations_.Add(path_ + "." + field, why); }

 private:
  std::string path_;
  Violations& violations_;
};

std::optional<Segment> SegmentNamed(std::string_view name) {
  if (name.substr(0, kSegments.size()) != kSegments) return std::nullopt;
  for (std::size_t i = 1; i <= retention::kLifecycleSegments; ++i)
    if (name.substr(kSegments.size()) == retention::LifecycleSegmentName(static_cast<Segment>(i)))
      return static_cast<Segment>(i);
  return std::nullopt;
}

void TakeSegments(const v1::LifecycleRules& from, Reader& reader, RetentionPlan& plan) {
  std::array<bool, retention::kLifecycleSegments> seen{};
  for (int i = 0; i < from.segments_size(); ++i) {
    const v1::SegmentRule& rule = from.segments(i);
    const std::string path = "segments[" + std::to_string(i) + "]";
    const auto segment = SegmentNamed(rule.name());
    if (!segment) {
      reader.Refuse(path + ".name", "lifecycleSegments/ and a segment, for instance AT_RISK");
      continue;
    }
    const auto at = static_cast<std::size_t>(*segment) - 1;
    if (std::exchange(seen[at], true)) reader.Refuse(path + ".name", "twice");
    if (!v1::LifecycleStage_IsValid(rule.stage())) {
      reader.Refuse(path + ".stage", "unknown");
    } else if (rule.stage() != v1::LIFECYCLE_STAGE_UNSPECIFIED) {
      plan.rules.stages[at] = static_cast<Stage>(rule.stage());
    }
    if (!IsPlainText(rule.suggestion(), 800)) reader.Refuse(path + ".suggestion", "up to 200 characters");
    plan.suggestions[at] = rule.suggestion();
  }
}

void TakeLifecycle(const v1::LifecycleRules& from, Reader& reader, RetentionPlan& plan) {
  LifecycleRules& to = plan.rules;
  const auto take = [&reader](bool has, int value, const char* field, int min, int max, int& into) {
    reader.Take(has, value, field, min, max, into);
  };
  take(from.has_dormant_after_days(), from.dormant_after_days(), "dormant_after_days", 1, 3'650, to.dormant_after_days);
  take(from.has_overdue_basis_points(), from.overdue_basis_points(), "overdue_basis_points", 5'000, 9'999, to.overdue);
  take(from.has_alive_basis_points(), from.alive_basis_points(), "alive_basis_points", 1, 9'999, to.alive);
  take(from.has_overdue_ratio_percent(), from.overdue_ratio_percent(), "overdue_ratio_percent", 100, 10'000,
       to.overdue_ratio_percent);
  take(from.has_lapse_floor_days(), from.lapse_floor_days(), "lapse_floor_days", 0, 3'650, to.lapse_floor_days);
  take(from.has_lapse_ceiling_days(), from.lapse_ceiling_days(), "lapse_ceiling_days", 1, 36'500,
       to.lapse_ceiling_days);
  if (to.lapse_ceiling_days < to.lapse_floor_days) reader.Refuse("lapse_ceiling_days", "not below lapse_floor_days");
  take(from.has_regular_repeats(), from.regular_repeats(), "regular_repeats", 1, 1'000, to.regular_repeats);
  take(from.has_written_off_basis_points(), from.written_off_basis_points(), "written_off_basis_points", 1, 4'999,
       to.written_off);
  take(from.has_written_off_days(), from.written_off_days(), "written_off_days", 1, 36'500, to.written_off_days);
  take(from.has_season_share_basis_points(), from.season_share_basis_points(), "season_share_basis_points", 5'001,
       10'000, to.season_share);
  TakeSegments(from, reader, plan);
}

void TakeRest(const v1::RetentionRules& rules, Reader& reader, RetentionPlan& plan) {
  const auto& candidates = rules.candidates();
  reader.Take(candidates.has_margin_basis_points(), candidates.margin_basis_points(), "candidates.margin_basis_points",
              0, 10'000, plan.margin);
  reader.Take<std::int64_t>(candidates.has_contact_cost_minor(), candidates.contact_cost_minor(),
                            "candidates.contact_cost_minor", 0, 1'000'000'000, plan.contact_cost_minor);
  reader.Take(candidates.has_offer_days(), candidates.offer_days(), "candidates.offer_days", 1, 365, plan.offer_days);
  if (rules.has_holdout()) {
    const auto& holdout = rules.holdout();
    if (!IsResourceId(holdout.salt())) reader.Refuse("holdout.salt", "1 to 40 characters of [A-Za-z0-9_.-]");
    plan.holdout_salt = holdout.salt();
    reader.Take(true, holdout.share_basis_points(), "holdout.share_basis_points", 0, 5'000, plan.holdout_share);
  }
  const auto& schedule = rules.schedule();
  reader.Take(schedule.has_classify_minute(), schedule.classify_minute(), "schedule.classify_minute", -1, 1'439,
              plan.classify_minute);
  reader.Take(schedule.has_fit_weekday(), schedule.fit_weekday(), "schedule.fit_weekday", 0, 7, plan.fit_weekday);
  reader.Take(schedule.has_fit_minute(), schedule.fit_minute(), "schedule.fit_minute", 0, 1'439, plan.fit_minute);
}

}  // namespace

Result<RetentionPlan> ToRetentionPlan(const v1::RetentionRules& rules) {
  RetentionPlan plan;
  Violations violations;
  Reader lifecycle("catalogue.retention.lifecycle", violations);
  TakeLifecycle(rules.lifecycle(), lifecycle, plan);
  Reader rest("catalogue.retention", violations);
  TakeRest(rules, rest, plan);
  if (const Status ok = violations.Done(); !ok) return ok.error();
  return plan;
}

v1::LifecycleRules FromLifecycleRules(const LifecycleRules& rules) {
  v1::LifecycleRules out;
  out.set_dormant_after_days(rules.dormant_after_days);
  out.set_overdue_basis_points(rules.overdue);
  out.set_alive_basis_points(rules.alive);
  out.set_overdue_ratio_percent(rules.overdue_ratio_percent);
  out.set_lapse_floor_days(rules.lapse_floor_days);
  out.set_lapse_ceiling_days(rules.lapse_ceiling_days);
  out.set_regular_repeats(rules.regular_repeats);
  out.set_written_off_basis_points(rules.written_off);
  out.set_written_off_days(rules.written_off_days);
  out.set_season_share_basis_points(rules.season_share);
  for (std::size_t i = 0; i < rules.stages.size(); ++i) {
    auto& segment = *out.add_segments();
    segment.set_name(std::string(kSegments) +
                     std::string(retention::LifecycleSegmentName(static_cast<Segment>(i + 1))));
    segment.set_stage(static_cast<v1::LifecycleStage>(rules.stages[i]));
  }
  return out;
}

}  // namespace loyalty
