#include "services/rpc/health.h"

#include <spdlog/spdlog.h>

#include <chrono>

#include "services/catalogue/snapshot.h"
#include "services/queue/write_queue.h"
#include "services/rpc/services.h"

namespace loyalty {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{500};

// "" and the services of the API, as callers of grpc.health.v1 name them.
const std::vector<std::string>& ServiceNames() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names{""};
    for (const Methods& service : AllServices()) {
      const std::string_view method = service.front().name;
      names.emplace_back(method.substr(0, method.rfind('.')));
    }
    return names;
  }();
  return kNames;
}

}  // namespace

Health HealthOf(const SnapshotHolder& snapshots, const WriteQueue& queue) {
  return {snapshots.IsFresh(), snapshots.IsWhole(), !queue.IsAway()};
}

bool Serves(const std::string& service, const Health& health) {
  if (service.empty() || service == "loyalty.v1.TerminalService") return health.all();
  if (service == "loyalty.v1.LedgerService") return health.database;  // it only reads
  return health.database && health.lanes;
}

HealthWatch::HealthWatch(std::function<Health()> look, Tell tell)
    : look_(std::move(look)), tell_(std::move(tell)), health_(look_()) {
  for (const auto& service : ServiceNames()) tell_(service, Serves(service, health_));
  looks_.emplace(kBetweenLooks, [this] { Look(); });
}

Health HealthWatch::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

void HealthWatch::Look() {
  const Health now = look_(), before = health();
  if (now.all() != before.all())
    spdlog::log(now.all() ? spdlog::level::info : spdlog::level::warn, "health: database {}, rules {}, write path {}",
                now.database ? "there" : "away", now.snapshot ? "understood" : "not understood",
                now.lanes ? "there" : "away");
  {
    const std::lock_guard lock(mutex_);
    health_ = now;
  }
  for (const auto& service : ServiceNames())
    if (Serves(service, now) != Serves(service, before)) tell_(service, Serves(service, now));
}

}  // namespace loyalty
