#include "services/grpc/metrics.h"

#include <prometheus/text_serializer.h>

namespace loyalty {
namespace {

// From what a till notices to what it gives up on.
const prometheus::Histogram::BucketBoundaries kSeconds{.001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10};
const prometheus::Histogram::BucketBoundaries kBatchSizes{1, 2, 4, 8, 16, 32, 64, 128, 256};

constexpr std::array<const char*, 17> kCodeNames{
    "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
    "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
    "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
    "DataLoss", "Unauthenticated"};

}  // namespace

Metrics::Metrics()
    : handled_(prometheus::BuildCounter()
                   .Name("grpc_server_handled_total")
                   .Help("Calls that ended, by code")
                   .Register(registry_)),
      seconds_(prometheus::BuildHistogram()
                   .Name("grpc_server_handling_seconds")
                   .Help("Time from a call's arrival to its answer")
                   .Register(registry_)),
      batch_(prometheus::BuildHistogram()
                 .Name("loyalty_batch_commands")
                 .Help("Commands in a committed batch")
                 .Register(registry_)
                 .Add({}, kBatchSizes)),
      waiting_(prometheus::BuildGauge()
                   .Name("loyalty_queue_waiting")
                   .Help("Commands that wait in the write queue")
                   .Register(registry_)
                   .Add({})),
      bytes_(prometheus::BuildGauge()
                 .Name("loyalty_request_bytes")
                 .Help("Bytes of requests that are kept: in the write queue as they were sent; in reads and in all "
                       "calls together those of large ones, in memory")
                 .Register(registry_)),
      conflicts_(prometheus::BuildCounter()
                     .Name("loyalty_batch_conflicts_total")
                     .Help("Batches that ran again because somebody else was in the way")
                     .Register(registry_)
                     .Add({})),
      clock_off_(prometheus::BuildCounter()
                     .Name("loyalty_till_clock_off_total")
                     .Help("Receipts that came with a till's time out of range and count at the server's")
                     .Register(registry_)
                     .Add({})),
      healthy_(prometheus::BuildGauge()
                   .Name("loyalty_healthy")
                   .Help("1 when a part that the server needs is there, 0 when it is away")
                   .Register(registry_)),
      tls_files_refused_(prometheus::BuildGauge()
                             .Name("loyalty_tls_files_refused")
                             .Help("1 while certificate and key on disk do not fit and earlier ones are in use")
                             .Register(registry_)
                             .Add({})) {}

void Metrics::Register(const std::string& method, int slot, Method& entry) {
  const auto slash = method.rfind('/');
  prometheus::Labels labels{{"grpc_service", method.substr(1, slash - 1)}, {"grpc_method", method.substr(slash + 1)}};
  entry.seconds = &seconds_.Add(labels, kSeconds);
  labels["grpc_code"] = kCodeNames[static_cast<std::size_t>(slot)];
  entry.handled[static_cast<std::size_t>(slot)] = &handled_.Add(labels);
}

void Metrics::Handled(const std::string& method, int code, double seconds) {
  const int slot = code >= 0 && code < kCodes ? code : 2;
  prometheus::Counter* counter = nullptr;
  prometheus::Histogram* histogram = nullptr;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    Method& entry = methods_[method];
    if (entry.seconds == nullptr || entry.handled[slot] == nullptr) Register(method, slot, entry);
    counter = entry.handled[slot];
    histogram = entry.seconds;
  }
  counter->Increment();
  histogram->Observe(seconds);
}

void Metrics::BatchCommitted(std::size_t commands) { batch_.Observe(static_cast<double>(commands)); }

void Metrics::IsThere(const std::string& part, bool there) { healthy_.Add({{"part", part}}).Set(there ? 1 : 0); }

std::string Metrics::Text(const StateNow& now) {
  waiting_.Set(static_cast<double>(now.queue_waiting));
  bytes_.Add({{"part", "queue"}}).Set(static_cast<double>(now.queue_bytes));
  bytes_.Add({{"part", "reads"}}).Set(static_cast<double>(now.read_bytes));
  bytes_.Add({{"part", "calls"}}).Set(static_cast<double>(now.request_bytes));
  tls_files_refused_.Set(now.tls_files_refused ? 1 : 0);
  return prometheus::TextSerializer().Serialize(registry_.Collect());
}

}  // namespace loyalty
