#include "tests/support/load_client.h"

#include <fmt/format.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <chrono>
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

// One thread: sends what is due, receives what comes.
class Worker {
 public:
  Worker(const LoadPlan& plan, std::atomic<std::uint64_t>& next)
      : plan_(plan), next_(next), callers_(std::max(1, plan.callers / plan.threads)) {
    for (const auto& channel : plan.channels) stubs_.push_back(v1::TerminalService::NewStub(channel));
  }

  LoadResult Run(Clock::time_point start) {
    end_ = start + Seconds(plan_.seconds);
    const double interval = plan_.rate > 0 ? plan_.threads / plan_.rate : 0;
    double due = 0;
    while (true) {
      const auto now = Clock::now();
      if (interval > 0) {
        for (; start + Seconds(due) <= now && start + Seconds(due) < end_; due += interval) Send(start + Seconds(due));
      } else {
        while (now < end_ && under_way_ < callers_) Send(now);
      }
      if (now >= end_ && under_way_ == 0) return std::move(result_);
      const auto wait = interval > 0 && now < end_ ? std::max(Seconds(due) - (now - start), Seconds(0)) : Seconds(0.01);
      Receive(std::chrono::system_clock::now() + std::chrono::duration_cast<std::chrono::microseconds>(wait));
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

  static Clock::duration Seconds(double seconds) {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  }

  void Send(Clock::time_point due) {
    auto* call = new Call;
    call->due = due;
    call->context.AddMetadata("authorization", "Bearer " + plan_.key);
    call->context.set_wait_for_ready(true);
    call->context.set_deadline(std::chrono::system_clock::now() +
                               std::chrono::duration_cast<std::chrono::microseconds>(Seconds(plan_.deadline)));
    const auto number = next_++;
    call->request = plan_.request(number);
    call->reader = stubs_[number % stubs_.size()]->AsyncScan(&call->context, call->request, &queue_);
    call->reader->Finish(&call->response, &call->status, call);
    ++under_way_;
  }

  // What has come, waiting for the first until `until`.
  void Receive(std::chrono::system_clock::time_point until) {
    void* tag = nullptr;
    bool ok = false;
    while (queue_.AsyncNext(&tag, &ok, until) == grpc::CompletionQueue::GOT_EVENT) {
      const std::unique_ptr<Call> call(static_cast<Call*>(tag));
      --under_way_;
      Note(*call);
      until = std::chrono::system_clock::time_point();  // the past
    }
  }

  void Note(const Call& call) {
    const double took = MillisecondsSince(call.due);
    if (call.status.ok()) {
      ++result_.answered;
      if (Clock::now() >= end_) ++result_.answered_late;
      result_.answered_ms.push_back(took);
    } else if (call.status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) {
      ++result_.refused;
      result_.refused_ms.push_back(took);
      if (!HasRetryInfo(call.status)) ++result_.refused_without_retry_info;
    } else {
      ++result_.otherwise[std::to_string(call.status.error_code()) + " " + call.status.error_message()];
    }
  }

  const LoadPlan& plan_;
  std::atomic<std::uint64_t>& next_;
  int callers_;
  int under_way_ = 0;
  Clock::time_point end_;
  grpc::CompletionQueue queue_;
  std::vector<std::unique_ptr<v1::TerminalService::Stub>> stubs_;
  LoadResult result_;
};

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

LoadResult RunLoad(const LoadPlan& plan) {
  static std::atomic<std::uint64_t> next{0};  // across runs: a receipt's number is good for one
  std::vector<LoadResult> results(static_cast<std::size_t>(plan.threads));
  std::vector<std::thread> threads;
  const auto start = Clock::now();
  for (int i = 0; i < plan.threads; ++i)
    threads.emplace_back([&, i] { results[static_cast<std::size_t>(i)] = Worker(plan, next).Run(start); });
  for (auto& thread : threads) thread.join();
  LoadResult all;
  all.seconds = plan.seconds;
  for (const LoadResult& result : results) {
    all.answered += result.answered;
    all.answered_late += result.answered_late;
    all.refused += result.refused;
    all.refused_without_retry_info += result.refused_without_retry_info;
    for (const auto& [what, count] : result.otherwise) all.otherwise[what] += count;
    all.answered_ms.insert(all.answered_ms.end(), result.answered_ms.begin(), result.answered_ms.end());
    all.refused_ms.insert(all.refused_ms.end(), result.refused_ms.begin(), result.refused_ms.end());
  }
  std::sort(all.answered_ms.begin(), all.answered_ms.end());
  std::sort(all.refused_ms.begin(), all.refused_ms.end());
  return all;
}

}  // namespace loyalty::test
