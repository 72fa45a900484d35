#include "services/grpc/metrics.h"

#include <prometheus/text_serializer.h>
#include <unistd.h>

#include <fstream>
#include <tuple>

namespace loyalty {
namespace {

// From what a till notices to what it gives up on.
const prometheus::Histogram::BucketBoundaries kSeconds{.001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10};
const prometheus::Histogram::BucketBoundaries kBatchSizes{1, 2, 4, 8, 16, 32, 64, 128, 256};
constexpr int kUnknown = 2;

constexpr std::array<const char*, 17> kCodeNames{
    "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
    "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
    "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
    "DataLoss", "Unauthenticated"};

prometheus::Family<prometheus::Counter>& Counters(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

// Bytes of memory that the process has; 0 where that cannot be read.
double ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  double all = 0, resident = 0;
  file >> all >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

}  // namespace

void MethodMetrics::Handled(int code, double seconds) {
  const auto slot = static_cast<std::size_t>(code >= 0 && code < kCodes ? code : kUnknown);
  prometheus::Counter* counter = nullptr;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (by_code_[slot] == nullptr) {
      prometheus::Labels labels = labels_;
      labels["grpc_code"] = kCodeNames[slot];
      by_code_[slot] = &handled_.Add(labels);
    }
    counter = by_code_[slot];
  }
  counter->Increment();
  seconds_.Observe(seconds);
}

Metrics::Metrics()
    : started_(Counters(registry_, "grpc_server_started_total", "Calls that began")),
      received_(
          Counters(registry_, "grpc_server_msg_received_total", "Messages of callers, those of streams one by one")),
      sent_(Counters(registry_, "grpc_server_msg_sent_total", "Messages to callers, those of streams one by one")),
      handled_(Counters(registry_, "grpc_server_handled_total", "Calls that ended, by code")),
      seconds_(prometheus::BuildHistogram()
                   .Name("grpc_server_handling_seconds")
                   .Help("Time from a call's arrival to its answer")
                   .Register(registry_)),
      rejected_(
          Counters(registry_, "loyalty_rejections_total",
                   "Parts of receipts that had no effect (an unknown card, a voucher), by reason; the rest counts")),
      batch_(prometheus::BuildHistogram()
                 .Name("loyalty_batch_commands")
                 .Help("Commands in a committed batch")
                 .Register(registry_)
                 .Add({}, kBatchSizes)),
      conflicts_(
          Counter("loyalty_batch_conflicts_total", "Batches that ran again because somebody else was in the way")),
      clock_off_(Counter("loyalty_till_clock_off_total",
                         "Receipts that came with a till's time out of range and count at the server's")) {
  auto& refused = Counters(registry_, "loyalty_refusals_total",
                           "Calls, and messages of streams, that were refused, by the reason that callers are told");
  // All of them from the start: what is not there yet cannot rise.
  for (const ReasonFacts& facts : kReasons)
    refused_[static_cast<std::size_t>(facts.reason)] = &refused.Add({{"reason", std::string(facts.name)}});
  for (const Reason reason : {Reason::kMemberUnknown, Reason::kMemberBlocked, Reason::kIdentifierBlocked})
    rejected_.Add({{"reason", std::string(ReasonName(reason))}});
  refused_for_room_ = &refused.Add({{"reason", "TOO_MANY_CALLS"}});
  Gauges("process_start_time_seconds", "When the process began, in seconds since 1970").Add({}).SetToCurrentTime();
}

prometheus::Family<prometheus::Gauge>& Metrics::Gauges(const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry_);
}

prometheus::Counter& Metrics::Counter(const char* name, const char* help) {
  return Counters(registry_, name, help).Add({});
}

MethodMetrics& Metrics::Of(const std::string& path, const std::string& type) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto known = methods_.find(path);
  if (known != methods_.end()) return known->second;
  const auto slash = path.rfind('/');
  const prometheus::Labels labels{
      {"grpc_type", type}, {"grpc_service", path.substr(1, slash - 1)}, {"grpc_method", path.substr(slash + 1)}};
  return methods_
      .emplace(std::piecewise_construct, std::forward_as_tuple(path),
               std::forward_as_tuple(labels, started_.Add(labels), received_.Add(labels), sent_.Add(labels),
                                     seconds_.Add(labels, kSeconds), handled_))
      .first->second;
}

void Metrics::Show(const StateNow& now) {
  Gauges("loyalty_build_info", "1; which program this is, and the schema that it knows")
      .Add({{"version", now.version}, {"commit", now.commit}, {"schema", std::to_string(now.schema)}})
      .Set(1);
  Gauges("process_resident_memory_bytes", "Memory of the process").Add({}).Set(ResidentBytes());
  auto& healthy = Gauges("loyalty_healthy", "1 when a part that the server needs is there, 0 when it is away");
  for (const auto& [part, there] : now.healthy) healthy.Add({{"part", part}}).Set(there ? 1 : 0);
  Gauges("loyalty_queue_waiting", "Commands that wait in the write queue")
      .Add({})
      .Set(static_cast<double>(now.queue_waiting));
  auto& bytes = Gauges("loyalty_request_bytes",
                       "Bytes of requests that are kept: in the write queue as they were sent; in reads and in all "
                       "calls together those of large ones, in memory");
  bytes.Add({{"part", "queue"}}).Set(static_cast<double>(now.queue_bytes));
  bytes.Add({{"part", "reads"}}).Set(static_cast<double>(now.read_bytes));
  bytes.Add({{"part", "calls"}}).Set(static_cast<double>(now.request_bytes));
  Gauges("loyalty_snapshot_age_seconds", "Since stores, keys and catalogue were last read; calls are refused from 3 on")
      .Add({})
      .Set(now.snapshot_age_seconds);
  auto& first = Gauges("loyalty_first_end_seconds", "Until the first key or certificate ends; negative: it has ended");
  first.Add({{"kind", "key"}}).Set(now.keys.first_seconds);
  first.Add({{"kind", "certificate"}}).Set(now.certificates.first_seconds);
  auto& soon = Gauges("loyalty_ends_soon", "Keys or certificates that end within 30 days");
  soon.Add({{"kind", "key"}}).Set(now.keys.soon);
  soon.Add({{"kind", "certificate"}}).Set(now.certificates.soon);
  Gauges("loyalty_tls_files_refused",
         "1 while a file of TLS cannot be used and earlier ones are, or a list of revoked certificates has ended")
      .Add({})
      .Set(now.tls_files_refused ? 1 : 0);
  auto& jobs = Gauges("loyalty_jobs", "Jobs of the program by state");
  for (const auto& [state, count] : now.jobs) jobs.Add({{"state", state}}).Set(static_cast<double>(count));
  auto& alerts = Gauges("loyalty_alerts_open", "Alerts that nobody has resolved, by kind");
  for (const auto& [kind, count] : now.alerts) alerts.Add({{"kind", kind}}).Set(static_cast<double>(count));
  auto& last = Gauges("loyalty_last_receipt_time_seconds",
                      "When this server last recorded a receipt of the store, in seconds since 1970; until it has, a "
                      "receipt of the store's newest business date");
  for (const auto& [store, time] : now.last_receipt_times) last.Add({{"store", store}}).Set(time);
  if (!now.points) return;
  auto& points = Gauges("loyalty_points_outstanding", "Points of all members, summed up once an hour");
  points.Add({{"kind", "available"}}).Set(static_cast<double>(now.points->available));
  points.Add({{"kind", "pending"}}).Set(static_cast<double>(now.points->pending));
  points.Add({{"kind", "held"}}).Set(static_cast<double>(now.points->held));
  points.Add({{"kind", "debt"}}).Set(static_cast<double>(now.points->debt));
  Gauges("loyalty_points_time_seconds", "When the points were last summed up, in seconds since 1970")
      .Add({})
      .Set(now.points_time);
}

std::string Metrics::Text(const StateNow& now) {
  Show(now);
  return prometheus::TextSerializer().Serialize(registry_.Collect());
}

}  // namespace loyalty
