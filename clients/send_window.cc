#include "clients/send_window.h"

#include <algorithm>
#include <utility>

#include "domain/check.h"

namespace loyalty::client {

void SendWindow::Add(CsvReceipt receipt) { waiting_.emplace(next_sequence_++, Entry{std::move(receipt), 0}); }

bool SendWindow::CanSend(Clock::time_point now) const {
  if (paused_until_ && now < *paused_until_) return false;
  return !waiting_.empty() && in_flight_.size() < in_flight_max_;
}

std::optional<SendWindow::Clock::time_point> SendWindow::PausedUntil() const { return paused_until_; }

const v1::ScanRequest& SendWindow::SendNext() {
  Check(!waiting_.empty() && in_flight_.size() < in_flight_max_, "only what may be sent is sent");
  paused_until_.reset();
  auto next = waiting_.extract(waiting_.begin());
  const auto sequence = next.key();
  sequences_[next.mapped().receipt.request.request_id()] = sequence;
  return in_flight_.insert(std::move(next)).position->second.receipt.request;
}

std::optional<CsvReceipt> SendWindow::Answered(const std::string& request_id) {
  const auto sequence = sequences_.find(request_id);
  if (sequence == sequences_.end()) return std::nullopt;
  auto entry = in_flight_.extract(sequence->second);
  sequences_.erase(sequence);
  return std::move(entry.mapped().receipt);
}

int SendWindow::SendAgain(const std::string& request_id, Clock::time_point not_before) {
  const auto sequence = sequences_.find(request_id);
  if (sequence == sequences_.end()) return 0;
  auto entry = in_flight_.extract(sequence->second);
  sequences_.erase(sequence);
  const int refusals = ++entry.mapped().refusals;
  waiting_.insert(std::move(entry));
  paused_until_ = std::max(paused_until_.value_or(not_before), not_before);
  return refusals;
}

void SendWindow::StreamBroke() {
  waiting_.merge(in_flight_);
  sequences_.clear();
}

std::size_t ShardOf(const v1::ScanRequest& request, std::int64_t index, std::size_t shards) {
  const std::string& card = request.identifier().card();
  if (card.empty()) return static_cast<std::uint64_t>(index) % shards;
  std::uint64_t hash = 0xCBF29CE484222325U;  // FNV-1a: the same on every machine, unlike std::hash
  for (const char c : card) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001B3U;
  }
  return hash % shards;
}

}  // namespace loyalty::client
