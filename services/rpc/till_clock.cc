#include "services/rpc/till_clock.h"

#include <cstdlib>

namespace loyalty {

void NoteTillClock(const Deps& deps, const Snapshot& snapshot, const Command& command) {
  const auto* scan = std::get_if<Scan>(&command.payload);
  if (scan == nullptr || !scan->receipt || !scan->facts.clock_off || command.only_decide || !deps.on_clock_off) return;
  const auto name = snapshot.terminal_names.find(scan->place.terminal_id);
  if (name != snapshot.terminal_names.end()) deps.on_clock_off(name->second, scan->facts.till_time);
}

bool TillClocks::IsNews(const std::string& terminal, Instant now) {
  const std::lock_guard lock(mutex_);
  const auto [at, first] = told_.try_emplace(terminal, now);
  // A server's clock that was set back must not silence a till for long.
  if (!first && std::abs(now - at->second) < kHour) return false;
  at->second = now;
  return true;
}

}  // namespace loyalty
