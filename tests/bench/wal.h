// The log of a SQLite database: which pages its transactions have written.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace loyalty::test {

// The pages of the frames in DATABASE-wal, in order: what a checkpoint has not yet reset. Nothing of a log that is
// empty or not there. Throws std::runtime_error when the file is no log.
std::vector<std::uint32_t> PagesInLog(const std::string& database);

}  // namespace loyalty::test
