// A generated year on disk.
#pragma once

#include <cstdint>
#include <filesystem>

#include "clients/failure.h"
#include "clients/generate/member.h"

namespace loyalty::client {

struct GeneratedYear {
  std::int64_t receipts = 0;
  std::int64_t rows = 0;  // lines of all receipts
};

// Writes receipts and, unless `truth` is empty, what is true of each member; progress on stderr. Both files are there
// as a whole or not at all. Failures: a file cannot be written.
Outcome WriteYear(const Population& population, const std::filesystem::path& receipts,
                  const std::filesystem::path& truth, GeneratedYear& written);

}  // namespace loyalty::client
