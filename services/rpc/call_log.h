// One line for each call that failed or was slow.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>

#include "services/catalogue/snapshot.h"
#include "services/queue/ended_call.h"

namespace loyalty {

// A line is a JSON object: method, code, reason and field at fault, milliseconds, principal (its name), request_id and
// trace_id, as far as they are known. No texts of messages, no values of people, no keys. At most kLinesPerSecond of
// them, so that a flood of calls is no flood of writes; what was left out is counted in the next line. Thread safe.
class CallLog {
 public:
  static constexpr int kLinesPerSecond = 50;
  // `failing`: it is the server that could not, and not the caller who was refused.
  using Write = std::function<void(bool failing, const std::string& json)>;

  // `snapshots` outlives it.
  CallLog(const SnapshotHolder& snapshots, std::function<Instant()> clock, Write write)
      : snapshots_(snapshots), clock_(std::move(clock)), write_(std::move(write)) {}

  // What Deps::on_end is told.
  void Ended(const EndedCall& call);

 private:
  // Whether there is room for a line in this second; if so, how many there was none for before.
  bool HasRoom(std::int64_t& left_out);
  std::string PrincipalOf(const EndedCall& call) const;

  const SnapshotHolder& snapshots_;
  const std::function<Instant()> clock_;
  const Write write_;
  std::mutex mutex_;  // guards all below
  std::chrono::steady_clock::time_point second_ = {};
  int lines_ = 0;  // in it
  std::int64_t left_out_ = 0;
};

}  // namespace loyalty
