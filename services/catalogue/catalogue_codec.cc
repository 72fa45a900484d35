#include "services/catalogue/catalogue_codec.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <set>

#include "domain/check.h"
#include "domain/violations.h"
#include "services/catalogue/plan_codec.h"
#include "services/codec/names.h"

namespace loyalty {
namespace {

constexpr std::int64_t kRatePointsMax = 1'000'000;
constexpr std::int64_t kRateMoneyMax = 1'000'000'000;
constexpr std::int64_t kDayPointsMax = 1'000'000'000;
constexpr std::int64_t kTerminalPointsMax = 1'000'000'000'000;
constexpr std::int64_t kTimesMax = 100'000;
constexpr int kListMax = 1'000;
constexpr std::int64_t kBasisPoints = 10'000;
constexpr std::int64_t kBiasMax = 100'000;
constexpr std::string_view kRewards = "rewards/";

void RequireRange(std::int64_t value, std::int64_t min, std::int64_t max, const std::string& path,
                  Violations& violations) {
  if (value < min || value > max) violations.Add(path, std::to_string(min) + " to " + std::to_string(max));
}

std::size_t Characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

Rounding ToRounding(v1::RoundingMode mode) {
  switch (mode) {
    case v1::ROUNDING_MODE_HALF_UP: return Rounding::kHalfUp;
    case v1::ROUNDING_MODE_HALF_EVEN: return Rounding::kHalfEven;
    case v1::ROUNDING_MODE_CEILING: return Rounding::kCeiling;
    default: return Rounding::kFloor;
  }
}

bool IsKind(int kind) { return kind != v1::LINE_KIND_UNSPECIFIED && v1::LineKind_IsValid(kind); }

// The kinds that earn, as bits.
std::uint32_t EarningKinds(const v1::EarningRule& rule, const std::string& path, Violations& violations) {
  std::uint32_t kinds = 1U << static_cast<unsigned>(LineKind::kGoods);
  for (const int kind : rule.included_line_kinds()) {
    violations.Require(IsKind(kind), path, ".included_line_kinds", "a kind of line");
    if (IsKind(kind)) kinds |= 1U << static_cast<unsigned>(kind);
  }
  const std::uint32_t earning = kinds;
  for (const int kind : rule.excluded_line_kinds()) {
    const bool earns = IsKind(kind) && (earning & (1U << static_cast<unsigned>(kind))) != 0;
    violations.Require(earns, path, ".excluded_line_kinds", "GOODS, or one of included_line_kinds");
    if (earns) kinds &= ~(1U << static_cast<unsigned>(kind));
  }
  return kinds;
}

EarningRule ToEarningRule(const v1::EarningRule& rule, Violations& violations) {
  const std::string path = "catalogue.earning";
  EarningRule out;
  RequireRange(rule.points(), 1, kRatePointsMax, path + ".points", violations);
  RequireRange(rule.per_amount_minor(), 1, kRateMoneyMax, path + ".per_amount_minor", violations);
  violations.Require(v1::RoundingMode_IsValid(rule.rounding()), path, ".rounding", "unknown");
  violations.Require(v1::EarnBasis_IsValid(rule.basis()), path, ".basis", "unknown");
  violations.Require(rule.excluded_category_ids_size() <= kListMax, path, ".excluded_category_ids", "at most 1000");
  const auto& excluded = rule.excluded_category_ids();
  violations.Require(std::all_of(excluded.begin(), excluded.end(),
                                 [](const auto& category) { return !category.empty() && IsPlainText(category, 64); }),
                     path, ".excluded_category_ids", "1 to 64 bytes each, no control characters");
  out.earning_kinds = EarningKinds(rule, path, violations);
  RequireRange(rule.activation_delay_days(), 0, 365, path + ".activation_delay_days", violations);
  RequireRange(rule.validity_months(), 0, 120, path + ".validity_months", violations);
  RequireRange(rule.validity_days(), 0, 3'660, path + ".validity_days", violations);
  violations.Require(rule.validity_months() <= 0 || rule.validity_days() <= 0, path, ".validity_days",
                     "not together with validity_months");
  out.points = rule.points();
  out.per_amount = rule.per_amount_minor();
  out.rounding = ToRounding(rule.rounding());
  out.net = rule.basis() == v1::EARN_BASIS_NET;
  out.excluded_categories.assign(excluded.begin(), excluded.end());
  std::sort(out.excluded_categories.begin(), out.excluded_categories.end());
  out.activation_delay_days = rule.activation_delay_days();
  out.validity_months = rule.validity_months();
  out.validity_days = rule.validity_days();
  return out;
}

BurnRule ToBurnRule(const v1::BurnRule& burn, Violations& violations) {
  RequireRange(burn.points(), 1, kRatePointsMax, "catalogue.burn.points", violations);
  RequireRange(burn.value_minor(), 1, kRateMoneyMax, "catalogue.burn.value_minor", violations);
  BurnRule out;
  out.points = burn.points();
  out.value = burn.value_minor();
  if (burn.has_code_from_points()) out.code_from = burn.code_from_points();
  out.approval_from = burn.approval_from_points();
  RequireRange(out.approval_from, 0, kRateMoneyMax, "catalogue.burn.approval_from_points", violations);
  RequireRange(out.code_from, 0, kDayPointsMax, "catalogue.burn.code_from_points", violations);
  return out;
}

Limits ToLimits(const v1::Limits& limits, Violations& violations) {
  Limits out;
  const auto read = [&violations](bool given, std::int64_t value, std::int64_t max, const char* field,
                                  std::int64_t& limit) {
    if (!given) return;
    RequireRange(value, 0, max, std::string("catalogue.limits.") + field, violations);
    limit = value;
  };
  read(limits.has_points_per_receipt(), limits.points_per_receipt(), kDayPointsMax, "points_per_receipt",
       out.points_per_receipt);
  read(limits.has_earning_receipts_per_member_day(), limits.earning_receipts_per_member_day(), kTimesMax,
       "earning_receipts_per_member_day", out.earning_receipts_per_member_day);
  read(limits.has_points_per_member_day(), limits.points_per_member_day(), kDayPointsMax, "points_per_member_day",
       out.points_per_member_day);
  read(limits.has_redemptions_per_member_day(), limits.redemptions_per_member_day(), kTimesMax,
       "redemptions_per_member_day", out.redemptions_per_member_day);
  read(limits.has_redeemed_points_per_member_day(), limits.redeemed_points_per_member_day(), kDayPointsMax,
       "redeemed_points_per_member_day", out.redeemed_points_per_member_day);
  read(limits.has_redeemed_points_per_terminal_day(), limits.redeemed_points_per_terminal_day(), kTerminalPointsMax,
       "redeemed_points_per_terminal_day", out.redeemed_points_per_terminal_day);
  read(limits.has_lookups_per_terminal_minute(), limits.lookups_per_terminal_minute(), kTimesMax,
       "lookups_per_terminal_minute", out.lookups_per_terminal_minute);
  read(limits.has_redeemed_points_per_store_day(), limits.redeemed_points_per_store_day(), kTerminalPointsMax,
       "redeemed_points_per_store_day", out.redeemed_points_per_store_day);
  read(limits.has_redeemed_points_per_operator_day(), limits.redeemed_points_per_operator_day(), kTerminalPointsMax,
       "redeemed_points_per_operator_day", out.redeemed_points_per_operator_day);
  return out;
}

// The defaults of what is not given, written out.
void FillLimits(v1::Limits& limits) {
  const Limits defaults;
  const auto times = [](std::int64_t value) { return static_cast<std::int32_t>(value); };
  if (!limits.has_points_per_receipt()) limits.set_points_per_receipt(defaults.points_per_receipt);
  if (!limits.has_earning_receipts_per_member_day())
    limits.set_earning_receipts_per_member_day(times(defaults.earning_receipts_per_member_day));
  if (!limits.has_points_per_member_day()) limits.set_points_per_member_day(defaults.points_per_member_day);
  if (!limits.has_redemptions_per_member_day())
    limits.set_redemptions_per_member_day(times(defaults.redemptions_per_member_day));
  if (!limits.has_redeemed_points_per_member_day())
    limits.set_redeemed_points_per_member_day(defaults.redeemed_points_per_member_day);
  if (!limits.has_redeemed_points_per_terminal_day())
    limits.set_redeemed_points_per_terminal_day(defaults.redeemed_points_per_terminal_day);
  if (!limits.has_lookups_per_terminal_minute())
    limits.set_lookups_per_terminal_minute(times(defaults.lookups_per_terminal_minute));
  if (!limits.has_redeemed_points_per_store_day())
    limits.set_redeemed_points_per_store_day(defaults.redeemed_points_per_store_day);
  if (!limits.has_redeemed_points_per_operator_day())
    limits.set_redeemed_points_per_operator_day(defaults.redeemed_points_per_operator_day);
}

Reward ToReward(const v1::Reward& reward, const std::string& path, Violations& violations) {
  const bool named =
      reward.name().rfind(kRewards, 0) == 0 && IsResourceId(std::string_view(reward.name()).substr(kRewards.size()));
  violations.Require(named, path, ".name", "rewards/ and 1 to 40 characters of [A-Za-z0-9_.-]");
  violations.Require(!reward.display_name().empty() && Characters(reward.display_name()) <= 100 &&
                         IsPlainText(reward.display_name(), 400),
                     path, ".display_name", "1 to 100 characters");
  RequireRange(reward.cost_points(), 1, kRateMoneyMax, path + ".cost_points", violations);
  RequireRange(reward.value_minor(), 0, kMoneyMax, path + ".value_minor", violations);
  return {named ? reward.name().substr(kRewards.size()) : std::string(), reward.display_name(), reward.cost_points(),
          reward.value_minor()};
}

RetentionRules ToRetentionRules(const v1::RetentionRules& rules, Violations& violations) {
  const std::string path = "catalogue.retention";
  RetentionRules out;
  if (rules.has_calibration_error_max_basis_points()) {
    out.calibration_error_max = rules.calibration_error_max_basis_points();
    RequireRange(out.calibration_error_max, 0, kBasisPoints, path + ".calibration_error_max_basis_points", violations);
  }
  if (rules.has_total_bias_max_basis_points()) {
    out.total_bias_max = rules.total_bias_max_basis_points();
    RequireRange(out.total_bias_max, 0, kBiasMax, path + ".total_bias_max_basis_points", violations);
  }
  return out;
}

template <typename List>
void SortUnique(List* list) {
  std::sort(list->begin(), list->end());
  list->erase(std::unique(list->begin(), list->end()), list->end());
}

}  // namespace

Result<CatalogueVersion> ToCatalogueVersion(const v1::Catalogue& catalogue, std::int64_t version,
                                            Instant effective_time) {
  CatalogueVersion out;
  out.version = version;
  out.effective_time = effective_time;
  Violations violations;
  if (catalogue.has_earning()) out.earning = ToEarningRule(catalogue.earning(), violations);
  if (catalogue.has_burn()) out.burn = ToBurnRule(catalogue.burn(), violations);
  violations.Require(catalogue.rewards_size() <= kListMax, "catalogue.rewards", "at most 1000");
  std::set<std::string_view> names;
  for (int i = 0; i < std::min(catalogue.rewards_size(), kListMax); ++i) {
    const std::string path = "catalogue.rewards[" + std::to_string(i) + "]";
    out.rewards.push_back(ToReward(catalogue.rewards(i), path, violations));
    violations.Require(names.insert(catalogue.rewards(i).name()).second, path, ".name", "twice");
  }
  std::sort(out.rewards.begin(), out.rewards.end(), [](const Reward& a, const Reward& b) { return a.id < b.id; });
  out.retention = ToRetentionRules(catalogue.retention(), violations);
  violations.Take(ToRetentionPlan(catalogue.retention()));
  out.limits = ToLimits(catalogue.limits(), violations);
  if (const Status ok = violations.Done(); !ok) return ok.error();
  return out;
}

v1::Catalogue CanonicalCatalogue(const v1::Catalogue& catalogue) {
  v1::Catalogue out = catalogue;
  if (out.has_earning()) {
    auto* rule = out.mutable_earning();
    if (rule->rounding() == v1::ROUNDING_MODE_UNSPECIFIED) rule->set_rounding(v1::ROUNDING_MODE_FLOOR);
    if (rule->basis() == v1::EARN_BASIS_UNSPECIFIED) rule->set_basis(v1::EARN_BASIS_GROSS);
    SortUnique(rule->mutable_excluded_category_ids());
    SortUnique(rule->mutable_excluded_line_kinds());
    SortUnique(rule->mutable_included_line_kinds());
  }
  if (out.has_burn() && !out.burn().has_code_from_points())
    out.mutable_burn()->set_code_from_points(BurnRule().code_from);
  if (out.has_limits()) FillLimits(*out.mutable_limits());
  if (out.has_retention()) {
    const RetentionRules defaults;
    auto* rules = out.mutable_retention();
    if (!rules->has_calibration_error_max_basis_points())
      rules->set_calibration_error_max_basis_points(defaults.calibration_error_max);
    if (!rules->has_total_bias_max_basis_points()) rules->set_total_bias_max_basis_points(defaults.total_bias_max);
    if (rules->has_lifecycle()) {
      auto& segments = *rules->mutable_lifecycle()->mutable_segments();
      std::sort(segments.begin(), segments.end(),
                [](const v1::SegmentRule& a, const v1::SegmentRule& b) { return a.name() < b.name(); });
    }
  }
  std::sort(out.mutable_rewards()->begin(), out.mutable_rewards()->end(),
            [](const v1::Reward& a, const v1::Reward& b) { return a.name() < b.name(); });
  return out;
}

std::string CatalogueText(const v1::Catalogue& canonical) {
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(canonical, &text);
  Check(status.ok(), "a catalogue can be written as JSON");
  return text;
}

Result<v1::Catalogue> ParseCatalogue(std::string_view text) {
  v1::Catalogue catalogue;
  const auto status =
      google::protobuf::util::JsonStringToMessage(google::protobuf::StringPiece(text.data(), text.size()), &catalogue);
  // A field that this program does not know may change what a sale earns: better no prices than wrong ones.
  if (!status.ok()) return Error{Reason::kInternal, "a stored catalogue cannot be read; is this server older?", {}};
  return catalogue;
}

}  // namespace loyalty
