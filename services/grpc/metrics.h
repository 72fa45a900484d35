// What the server counts; names as go-grpc-prometheus has them, so that dashboards fit. docs/OPERATIONS.md says what to
// do about them.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <map>
#include <mutex>
#include <string>

#include "domain/reason.h"
#include "services/grpc/state_now.h"

namespace loyalty {

// The lines of one method. Thread safe.
class MethodMetrics {
 public:
  using Counters = prometheus::Family<prometheus::Counter>;

  // Of Metrics, which keeps it where it is made.
  MethodMetrics(prometheus::Labels labels, prometheus::Counter& started, prometheus::Counter& received,
                prometheus::Counter& sent, prometheus::Histogram& seconds, Counters& handled)
      : labels_(std::move(labels)),
        started_(started),
        received_(received),
        sent_(sent),
        seconds_(seconds),
        handled_(handled) {}

  void Started() { started_.Increment(); }
  void Received() { received_.Increment(); }
  void Sent() { sent_.Increment(); }
  // A call that ended with a gRPC code after so many seconds.
  void Handled(int code, double seconds);

 private:
  static constexpr int kCodes = 17;

  const prometheus::Labels labels_;
  prometheus::Counter& started_;
  prometheus::Counter& received_;
  prometheus::Counter& sent_;
  prometheus::Histogram& seconds_;
  Counters& handled_;
  std::mutex mutex_;  // guards by_code_
  std::array<prometheus::Counter*, kCodes> by_code_{};
};

// Thread safe.
class Metrics {
 public:
  Metrics();

  // Of a method ("/loyalty.v1.AdminService/CreateStore") of this type: unary, client_stream, server_stream or
  // bidi_stream. Lives as long as this.
  MethodMetrics& Of(const std::string& path, const std::string& type);

  // Something that was refused: a call, or a message of a stream.
  void Refused(Reason reason) { refused_[static_cast<std::size_t>(reason)]->Increment(); }
  // A part of a receipt that had no effect; the rest of it was recorded.
  void Rejected(const std::string& reason) { rejected_.Add({{"reason", reason}}).Increment(); }
  // A call that did not get as far as a handler: more at once than CallLimits has room for.
  void RefusedForRoom() { refused_for_room_->Increment(); }
  // A batch of the write path that was committed.
  void BatchCommitted(std::size_t commands) { batch_.Observe(static_cast<double>(commands)); }
  // A batch that somebody else was in the way of; it runs again.
  void Conflicted() { conflicts_.Increment(); }
  // A receipt with a till's time that is not believed.
  void ClockOff() { clock_off_.Increment(); }

  // All of it in Prometheus' text format.
  std::string Text(const StateNow& now);

 private:
  // The gauges of a state that is looked up.
  void Show(const StateNow& now);
  prometheus::Family<prometheus::Gauge>& Gauges(const char* name, const char* help);
  prometheus::Counter& Counter(const char* name, const char* help);

  prometheus::Registry registry_;
  MethodMetrics::Counters& started_;
  MethodMetrics::Counters& received_;
  MethodMetrics::Counters& sent_;
  MethodMetrics::Counters& handled_;
  prometheus::Family<prometheus::Histogram>& seconds_;
  std::array<prometheus::Counter*, kReasons.size()> refused_{};
  prometheus::Counter* refused_for_room_ = nullptr;
  MethodMetrics::Counters& rejected_;
  prometheus::Histogram& batch_;
  prometheus::Counter& conflicts_;
  prometheus::Counter& clock_off_;
  std::mutex mutex_;  // guards methods_
  std::map<std::string, MethodMetrics> methods_;
};

}  // namespace loyalty
