// The receipts of one stream: waiting, sent and not answered, to be sent again. Bookkeeping only, no threads, no gRPC.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "clients/receipt_reader.h"

namespace loyalty::client {

// Gives receipts out in the order they came in, at most `in_flight_max` unanswered at a time. What has to be sent again
// goes back to its place in that order. Not thread safe.
class SendWindow {
 public:
  using Clock = std::chrono::steady_clock;

  explicit SendWindow(std::size_t in_flight_max) : in_flight_max_(in_flight_max) {}

  // The request must have its request_id, unlike that of any other receipt in the window.
  void Add(CsvReceipt receipt);

  bool CanSend(Clock::time_point now) const;
  // When CanSend may become true without an answer; nothing when only an answer or an Add can do that.
  std::optional<Clock::time_point> PausedUntil() const;
  // Moves the next receipt to those in flight. CanSend must be true; checked. Valid until it is answered.
  const v1::ScanRequest& SendNext();

  // The receipt of an answer; it leaves the window. Nothing for an id that is not in flight (a late duplicate).
  std::optional<CsvReceipt> Answered(const std::string& request_id);

  // The server asks to send this one again: it goes back, and the whole stream pauses, since what has been refused for
  // want of room would be refused again, and later receipts of the card must not overtake it further.
  // Answers how many times this receipt has been asked for again; 0 for an id that is not in flight.
  int SendAgain(const std::string& request_id, Clock::time_point not_before);

  // The stream is gone: everything unanswered goes back.
  void StreamBroke();

  std::size_t waiting() const { return waiting_.size(); }
  std::size_t in_flight() const { return in_flight_.size(); }
  bool empty() const { return waiting_.empty() && in_flight_.empty(); }

 private:
  struct Entry {
    CsvReceipt receipt;
    int refusals = 0;
  };

  std::size_t in_flight_max_;
  std::uint64_t next_sequence_ = 0;
  std::map<std::uint64_t, Entry> waiting_;  // by order of arrival
  std::map<std::uint64_t, Entry> in_flight_;
  std::unordered_map<std::string, std::uint64_t> sequences_;  // of what is in flight, by request_id
  std::optional<Clock::time_point> paused_until_;
};

// The stream of a receipt: receipts of one card always take the same one, so that they stay in order; others take turns
// by `index`. shards > 0.
std::size_t ShardOf(const v1::ScanRequest& request, std::int64_t index, std::size_t shards);

}  // namespace loyalty::client
