#include "tests/support/load_client.h"

#include <fmt/format.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>
#include <thread>

#include "loyalty/v1/terminal_service.grpc.pb.h"

namespace loyalty::test {
namespace {

using Clock = std::chrono::steady_clock;

double MillisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

bool HasRetryInfo(const grpc::Status& status) {
  google::rpc::Status details;
  details.ParseFromString(status.error_details());
  return std::any_of(details.details().begin(), details.details().end(),
                     [](const auto& detail) { return detail.template Is<google::rpc::RetryInfo>(); });
}

Clock::duration Seconds(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

void Prepare(grpc::ClientContext& context, const LoadPlan& plan) {
  context.AddMetadata("authorization", "Bearer " + plan.key);
  context.set_wait_for_ready(true);
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::duration_cast<std::chrono::microseconds>(Seconds(plan.deadline)));
}

// The time of a run: what counts comes from `warm` on, and is sent before `end`.
struct Span {
  Span(const LoadPlan& plan, Clock::time_point start)
      : warm(start + Seconds(plan.warm_up)), end(warm + Seconds(plan.seconds)) {}
  Clock::time_point warm, end;
};

void Note(const grpc::Status& status, Clock::time_point due, const Span& span, LoadResult& result) {
  const double took = MillisecondsSince(due);
  if (Clock::now() < span.warm) return;
  if (status.ok()) {
    ++result.answered;
    if (Clock::now() >= span.end) ++result.answered_late;
    result.answered_ms.push_back(took);
  } else if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) {
    ++result.refused;
    result.refused_ms.push_back(took);
    if (status.error_details().empty()) {
      ++result.refused_by_grpc;
    } else if (!HasRetryInfo(status)) {
      ++result.refused_without_retry_info;
    }
  } else {
    ++result.otherwise[std::to_string(status.error_code()) + " " + status.error_message()];
  }
}

// One thread: sends what is due, receives what comes.
class Worker {
 public:
  Worker(const LoadPlan& plan, std::uint64_t calls)
      : plan_(plan), calls_(calls), callers_(std::max(1, plan.callers / plan.threads)) {
    for (const auto& channel : plan.channels) stubs_.push_back(v1::TerminalService::NewStub(channel));
  }

  LoadResult Run(Clock::time_point start) {
    const Span span(plan_, start);
    const double interval = plan_.rate > 0 ? plan_.threads / plan_.rate : 0;
    double due = 0;
    while (true) {
      const auto now = Clock::now();
      if (interval > 0) {
        for (; start + Seconds(due) <= now && start + Seconds(due) < span.end; due += interval)
          Send(start + Seconds(due));
      } else {
        while (now < span.end && under_way_ < callers_ && sent_ < calls_) Send(now);
      }
      if ((now >= span.end || sent_ == calls_) && under_way_ == 0) return std::move(result_);
      const auto wait =
          interval > 0 && now < span.end ? std::max(Seconds(due) - (now - start), Seconds(0)) : Seconds(0.01);
      Receive(std::chrono::system_clock::now() + std::chrono::duration_cast<std::chrono::microseconds>(wait), span);
    }
  }

 private:
  struct Call {
    grpc::ClientContext context;
    v1::ScanRequest request;
    v1::ScanResponse response;
    grpc::Status status;
    Clock::time_point due;
    std::unique_ptr<grpc::ClientAsyncResponseReader<v1::ScanResponse>> reader;
  };

  void Send(Clock::time_point due) {
    auto* call = new Call;
    call->due = due;
    Prepare(call->context, plan_);
    const auto number = NextRequest()++;
    call->request = plan_.request(number);
    call->reader = stubs_[number % stubs_.size()]->AsyncScan(&call->context, call->request, &queue_);
    call->reader->Finish(&call->response, &call->status, call);
    ++under_way_;
    ++sent_;
  }

  // What has come, waiting for the first until `until`.
  void Receive(std::chrono::system_clock::time_point until, const Span& span) {
    void* tag = nullptr;
    bool ok = false;
    while (queue_.AsyncNext(&tag, &ok, until) == grpc::CompletionQueue::GOT_EVENT) {
      const std::unique_ptr<Call> call(static_cast<Call*>(tag));
      --under_way_;
      Note(call->status, call->due, span, result_);
      until = std::chrono::system_clock::time_point();  // the past
    }
  }

  const LoadPlan& plan_;
  std::uint64_t calls_, sent_ = 0;
  int callers_;
  int under_way_ = 0;
  grpc::CompletionQueue queue_;
  std::vector<std::unique_ptr<v1::TerminalService::Stub>> stubs_;
  LoadResult result_;
};

LoadResult Joined(const LoadPlan& plan, const std::vector<LoadResult>& results) {
  LoadResult all;
  all.seconds = plan.seconds;
  for (const LoadResult& result : results) {
    all.answered += result.answered;
    all.answered_late += result.answered_late;
    all.refused += result.refused;
    all.refused_without_retry_info += result.refused_without_retry_info;
    all.refused_by_grpc += result.refused_by_grpc;
    for (const auto& [what, count] : result.otherwise) all.otherwise[what] += count;
    all.answered_ms.insert(all.answered_ms.end(), result.answered_ms.begin(), result.answered_ms.end());
    all.refused_ms.insert(all.refused_ms.end(), result.refused_ms.begin(), result.refused_ms.end());
  }
  std::sort(all.answered_ms.begin(), all.answered_ms.end());
  std::sort(all.refused_ms.begin(), all.refused_ms.end());
  return all;
}

// The share of plan.calls of one of `count` threads.
std::uint64_t CallsOf(const LoadPlan& plan, std::uint64_t thread, std::uint64_t count) {
  if (plan.calls == 0) return std::numeric_limits<std::uint64_t>::max();
  return plan.calls / count + (thread < plan.calls % count ? 1 : 0);
}

// Runs `work(calls, start, result)` on `count` threads.
template <typename Work>
LoadResult OnThreads(const LoadPlan& plan, int count, Work work) {
  const auto threads_count = static_cast<std::uint64_t>(count);
  std::vector<LoadResult> results(threads_count);
  std::vector<std::thread> threads;
  const auto start = Clock::now();
  for (std::uint64_t i = 0; i < threads_count; ++i)
    threads.emplace_back([&, i] { results[i] = work(i, CallsOf(plan, i, threads_count), start); });
  for (auto& thread : threads) thread.join();
  return Joined(plan, results);
}

LoadResult RunBlocking(const LoadPlan& plan) {
  return OnThreads(plan, plan.callers, [&plan](std::uint64_t thread, std::uint64_t calls, Clock::time_point start) {
    LoadResult result;
    const auto stub = v1::TerminalService::NewStub(plan.channels[thread % plan.channels.size()]);
    const Span span(plan, start);
    for (std::uint64_t i = 0; i < calls && Clock::now() < span.end; ++i) {
      const auto due = Clock::now();
      grpc::ClientContext context;
      Prepare(context, plan);
      v1::ScanResponse response;
      const grpc::Status status = stub->Scan(&context, plan.request(NextRequest()++), &response);
      Note(status, due, span, result);
    }
    return result;
  });
}

}  // namespace

double LoadResult::Quantile(const std::vector<double>& sorted, double part) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

std::string LoadResult::Text() const {
  std::string text =
      fmt::format("{:.0f} answered/s (p50 {:.1f} ms, p99 {:.1f} ms), {:.0f} refused/s (p50 {:.1f} ms, p99 {:.1f} ms)",
                  per_second(), Quantile(answered_ms, 0.5), Quantile(answered_ms, 0.99),
                  static_cast<double>(refused) / seconds, Quantile(refused_ms, 0.5), Quantile(refused_ms, 0.99));
  for (const auto& [what, count] : otherwise) text += fmt::format(", {} x {}", count, what);
  return text;
}

std::atomic<std::uint64_t>& NextRequest() {
  static std::atomic<std::uint64_t> next{0};
  return next;
}

LoadResult RunLoad(const LoadPlan& plan) {
  if (plan.threads == 0) return RunBlocking(plan);
  return OnThreads(plan, plan.threads, [&plan](std::uint64_t, std::uint64_t calls, Clock::time_point start) {
    return Worker(plan, calls).Run(start);
  });
}

}  // namespace loyalty::test
