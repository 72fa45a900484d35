#include "domain/catalogue.h"

#include <algorithm>
#include <iterator>

namespace loyalty {

const Reward* CatalogueVersion::FindReward(std::string_view id) const {
  const auto at = std::lower_bound(rewards.begin(), rewards.end(), id,
                                   [](const Reward& reward, std::string_view wanted) { return reward.id < wanted; });
  return at != rewards.end() && at->id == id ? &*at : nullptr;
}

Catalogue::Catalogue(std::vector<std::shared_ptr<const CatalogueVersion>> versions) : versions_(std::move(versions)) {
  for (const auto& version : versions_) {
    // A newer version that begins no later leaves nothing to it.
    while (!turns_.empty() && turns_.back()->effective_time >= version->effective_time) turns_.pop_back();
    turns_.push_back(version.get());
    const auto& rule = version->earning;
    lets_points_expire_ = lets_points_expire_ || (rule && (rule->validity_months > 0 || rule->validity_days > 0));
  }
}

const CatalogueVersion& Catalogue::InForceAt(Instant business_time) const {
  static const CatalogueVersion kNone;
  if (versions_.empty()) return kNone;
  const auto next =
      std::upper_bound(turns_.begin(), turns_.end(), business_time,
                       [](Instant time, const CatalogueVersion* version) { return time < version->effective_time; });
  return next == turns_.begin() ? *versions_.front() : **std::prev(next);
}

}  // namespace loyalty
