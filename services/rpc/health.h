// Whether this server can do what its services are for: to grpc.health.v1, to /healthz, to the metrics.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "services/catalogue/periodic.h"

namespace loyalty {

class SnapshotHolder;
class WriteQueue;

// What a service can be missing. snapshot: the rules of the program, wholly understood (SnapshotHolder).
struct Health {
  bool database = true;
  bool snapshot = true;
  bool lanes = true;

  bool all() const { return database && snapshot && lanes; }
};

Health HealthOf(const SnapshotHolder& snapshots, const WriteQueue& queue);

// Whether a service can do its work: reading needs the database, writing the lanes, pricing the rules; "" stands for
// all of them.
bool Serves(const std::string& service, const Health& health);

// Looks twice a second until destroyed, and tells each service's state: at once, then when it changes.
class HealthWatch {
 public:
  using Tell = std::function<void(const std::string& service, bool serving)>;
  HealthWatch(std::function<Health()> look, Tell tell);

  // Tells no more.
  void Stop() { looks_->Stop(); }

  Health health() const;

 private:
  void Look();

  std::function<Health()> look_;
  Tell tell_;
  mutable std::mutex mutex_;  // guards health_
  Health health_;
  std::optional<Periodic> looks_;  // the last member: it uses the others
};

}  // namespace loyalty
