#include "domain/catalogue.h"

#include <algorithm>

namespace loyalty {

const Reward* CatalogueVersion::FindReward(std::string_view id) const {
  const auto at = std::lower_bound(rewards.begin(), rewards.end(), id,
                                   [](const Reward& reward, std::string_view wanted) { return reward.id < wanted; });
  return at != rewards.end() && at->id == id ? &*at : nullptr;
}

const CatalogueVersion& Catalogue::InForceAt(Instant business_time) const {
  static const CatalogueVersion kNone;
  if (versions_.empty()) return kNone;
  const CatalogueVersion* in_force = versions_.front().get();
  for (const auto& version : versions_)
    if (version->effective_time <= business_time) in_force = version.get();
  return *in_force;
}

}  // namespace loyalty
