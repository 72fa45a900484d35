// Whether this server can do what its services are for: to grpc.health.v1, to /healthz, to the metrics.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

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
  ~HealthWatch() { Stop(); }
  HealthWatch(const HealthWatch&) = delete;
  HealthWatch& operator=(const HealthWatch&) = delete;

  // Tells no more.
  void Stop();

  Health health() const;

 private:
  void Look();

  std::function<Health()> look_;
  Tell tell_;
  mutable std::mutex mutex_;  // guards the fields below
  Health health_;
  bool stopping_ = false;
  std::condition_variable wake_;
  std::thread thread_;
};

}  // namespace loyalty
