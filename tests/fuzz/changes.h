// What SQLite was really told to change, by every connection of the process: the only witness that a refusal left no
// trace is the database itself. For one thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace loyalty::fuzz {

// Rows changed by table.
using RowsChanged = std::map<std::string, std::int64_t, std::less<>>;

// Watches connections opened from now on. Call it once, before the first one.
void WatchChanges();

// What was committed since the last call.
RowsChanged TakeChanges();

}  // namespace loyalty::fuzz
