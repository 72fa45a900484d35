// The rules of a program, in immutable versions.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/money.h"
#include "domain/receipt.h"
#include "domain/time.h"

namespace loyalty {

// `points` for every `per_amount` of the basis; ranges as in campaign_service.proto.
struct EarningRule {
  Points points = 1;
  Minor per_amount = 100;
  Rounding rounding = Rounding::kFloor;
  bool net = false;                                                             // earn on amounts without tax
  std::vector<std::string> excluded_categories;                                 // sorted
  std::uint32_t earning_kinds = 1U << static_cast<unsigned>(LineKind::kGoods);  // bit per LineKind
  int activation_delay_days = 0;
  int validity_months = 0;
  int validity_days = 0;
};

// `points` are worth `value` in the program's currency. A till spends more than code_from points of a member's day by
// something stronger than a printed number only.
struct BurnRule {
  Points points = 100;
  Minor value = 100;
  Points approval_from = 0;  // redemptions of so many and more need a second person; 0: none does
  Points code_from = 500;
};

// Something points buy. value 0: no money.
struct Reward {
  std::string id;
  std::string display_name;
  Points cost = 0;
  Minor value = 0;
};

// How much is too much; 0: no limit. A day is a business day; ranges as in campaign_service.proto.
struct Limits {
  Points points_per_receipt = 100'000;
  std::int64_t earning_receipts_per_member_day = 0;
  Points points_per_member_day = 0;
  std::int64_t redemptions_per_member_day = 0;
  Points redeemed_points_per_member_day = 0;
  Points redeemed_points_per_terminal_day = 0;
  std::int64_t lookups_per_terminal_minute = 30;
  Points redeemed_points_per_store_day = 0;
  Points redeemed_points_per_operator_day = 0;
};

// How customers are judged, in basis points; ranges as in campaign_service.proto.
struct RetentionRules {
  int calibration_error_max = 500;
  int total_bias_max = 2'500;
};

// One version. The first one is in force for all earlier times too.
struct CatalogueVersion {
  std::int64_t version = 0;
  Instant effective_time = 0;
  std::optional<EarningRule> earning;
  std::optional<BurnRule> burn;
  std::vector<Reward> rewards;  // sorted by id
  RetentionRules retention;
  Limits limits;

  const Reward* FindReward(std::string_view id) const;
};

// All versions, by number.
class Catalogue {
 public:
  Catalogue() = default;
  explicit Catalogue(std::vector<std::shared_ptr<const CatalogueVersion>> versions);

  // The version in force at a business time: the newest of those that have begun by then; the empty one when there is
  // none yet.
  const CatalogueVersion& InForceAt(Instant business_time) const;
  // Whether points of any of them end by themselves, soon or late.
  bool LetsPointsExpire() const { return lets_points_expire_; }
  const std::vector<std::shared_ptr<const CatalogueVersion>>& versions() const { return versions_; }

 private:
  std::vector<std::shared_ptr<const CatalogueVersion>> versions_;
  std::vector<const CatalogueVersion*> turns_;  // that come into force one after the other, by effective time
  bool lets_points_expire_ = false;
};

}  // namespace loyalty
