// What the server counts; names as go-grpc-prometheus has them, so that dashboards fit.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <map>
#include <mutex>
#include <string>

namespace loyalty {

// What is not counted, but looked up when somebody asks.
struct StateNow {
  std::size_t queue_waiting = 0;  // commands
  std::size_t queue_bytes = 0;    // of their requests, as they were sent
  std::size_t read_bytes = 0;     // of large requests that wait to be read for, in memory
  std::size_t request_bytes = 0;  // of large requests of all calls, in memory
  bool tls_files_refused = false;
};

// Thread safe.
class Metrics {
 public:
  Metrics();

  // A call of `method` ("/loyalty.v1.AdminService/CreateStore") that ended with a gRPC code after so many seconds.
  void Handled(const std::string& method, int code, double seconds);
  // A batch of the write path that was committed.
  void BatchCommitted(std::size_t commands);

  // A batch that somebody else was in the way of; it runs again.
  void Conflicted() { conflicts_.Increment(); }
  // A receipt with a till's time that is not believed.
  void ClockOff() { clock_off_.Increment(); }
  // Whether a part that the server needs is there: database, snapshot or lanes.
  void IsThere(const std::string& part, bool there);

  // All of it in Prometheus' text format.
  std::string Text(const StateNow& now);

 private:
  static constexpr int kCodes = 17;
  struct Method {
    std::array<prometheus::Counter*, kCodes> handled{};
    prometheus::Histogram* seconds = nullptr;
  };

  // Makes the lines of a method and a code, or finds those that are there.
  void Register(const std::string& method, int slot, Method& entry);

  prometheus::Registry registry_;
  prometheus::Family<prometheus::Counter>& handled_;
  prometheus::Family<prometheus::Histogram>& seconds_;
  prometheus::Histogram& batch_;
  prometheus::Gauge& waiting_;
  prometheus::Family<prometheus::Gauge>& bytes_;
  prometheus::Counter& conflicts_;
  prometheus::Counter& clock_off_;
  prometheus::Family<prometheus::Gauge>& healthy_;
  prometheus::Gauge& tls_files_refused_;
  std::mutex mutex_;  // guards methods_
  std::map<std::string, Method, std::less<>> methods_;
};

}  // namespace loyalty
