// Which time zone the local times of a store are in.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "domain/time.h"

namespace loyalty::client {

class StoreZones {
 public:
  StoreZones() = default;
  explicit StoreZones(absl::TimeZone fallback) : fallback_(fallback) {}

  void Set(std::string store_id, absl::TimeZone zone) { zones_[std::move(store_id)] = zone; }

  // The zone of a store by the last part of its name; the fallback for others.
  const absl::TimeZone& Of(std::string_view store_id) const {
    const auto found = zones_.find(store_id);
    return found == zones_.end() ? fallback_ : found->second;
  }

 private:
  absl::TimeZone fallback_ = absl::UTCTimeZone();
  std::map<std::string, absl::TimeZone, std::less<>> zones_;
};

}  // namespace loyalty::client
