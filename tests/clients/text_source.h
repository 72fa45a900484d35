// A string as the source of a CSV reader.
#pragma once

#include <algorithm>
#include <memory>
#include <string>

#include "clients/csv.h"

namespace loyalty::client {

// Gives at most `piece` bytes at a time, so that records are cut everywhere.
inline CsvReader::Source TextSource(std::string text, std::size_t piece = 1 << 20) {
  return [text = std::move(text), piece, at = std::size_t{0}](char* buffer, std::size_t size) mutable {
    const std::size_t count = std::min({piece, size, text.size() - at});
    std::copy_n(text.data() + at, count, buffer);
    at += count;
    return Result<std::size_t>(count);
  };
}

}  // namespace loyalty::client
