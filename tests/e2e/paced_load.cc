#include "tests/e2e/paced_load.h"

#include <algorithm>
#include <ctime>

namespace loyalty::test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kDeadline{5};

double Quantile(std::vector<double>& sorted, double part) {
  if (sorted.empty()) return 0;
  return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(part * static_cast<double>(sorted.size())))];
}

}  // namespace

PacedLoad::PacedLoad(const std::vector<Caller>& callers, int per_second) {
  const std::chrono::microseconds pause(1'000'000 * static_cast<int>(callers.size()) / per_second);
  for (std::size_t i = 0; i < callers.size(); ++i)
    threads_.emplace_back([this, &caller = callers[i], i, pause] { Sell(caller, i, pause); });
}

PacedLoad::~PacedLoad() {
  stopping_ = true;
  for (auto& thread : threads_) thread.join();
}

Waits PacedLoad::Measure(std::chrono::milliseconds time) {
  {
    const std::lock_guard lock(mutex_);
    waits_ms_.clear();
    failures_.clear();
  }
  std::this_thread::sleep_for(time);
  const std::lock_guard lock(mutex_);
  std::sort(waits_ms_.begin(), waits_ms_.end());
  return {waits_ms_.size(), Quantile(waits_ms_, 0.5), Quantile(waits_ms_, 0.99), failures_};
}

void PacedLoad::Sell(const Caller& caller, std::size_t number, std::chrono::microseconds pause) {
  for (auto due = Clock::now(); !stopping_; due += pause) {
    std::this_thread::sleep_until(due);
    v1::ScanRequest scan;
    scan.set_request_id(NewRequestId("paced"));
    scan.set_terminal(TerminalName(1));
    scan.mutable_identifier()->set_card("260000000" + std::to_string(number));
    scan.mutable_receipt()->set_receipt_no(scan.request_id());
    scan.mutable_receipt()->mutable_business_time()->set_seconds(std::time(nullptr));
    scan.mutable_receipt()->set_currency_code("EUR");
    scan.mutable_receipt()->set_total_minor(1'000);
    v1::ScanResponse response;
    const auto result = caller.Call(&v1::TerminalService::Stub::Scan, scan, &response, kDeadline);
    const std::lock_guard lock(mutex_);
    waits_ms_.push_back(std::chrono::duration<double, std::milli>(Clock::now() - due).count());
    if (!result.ok()) ++failures_[result.reason() + ": " + result.status.error_message()];
  }
}

}  // namespace loyalty::test
