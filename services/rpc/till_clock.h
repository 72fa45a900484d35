// Tills whose clock is not believed: their receipts are counted and told.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "services/commands/command.h"
#include "services/queue/deps.h"

namespace loyalty {

// Tells Deps::on_clock_off of a scan with such a receipt, each time that it comes; not of a quote or training.
void NoteTillClock(const Deps& deps, const Snapshot& snapshot, const Command& command);

// What the log says of them: each till once an hour, however much it sells. Thread safe. Holds a line for each terminal
// of the program at most.
class TillClocks {
 public:
  // Whether nothing was said of this terminal for an hour; it is taken for said now.
  bool IsNews(const std::string& terminal, Instant now);

 private:
  std::mutex mutex_;
  std::map<std::string, Instant> told_;  // by terminal
};

}  // namespace loyalty
