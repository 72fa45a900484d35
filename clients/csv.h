// CSV records as of RFC 4180: quoted fields, doubled quotes, CRLF or LF, with or without a UTF-8 byte order mark.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "domain/result.h"

namespace loyalty::client {

struct CsvRecord {
  std::int64_t line = 0;            // where it starts in the file, counted from 1
  std::string raw;                  // as it stands in the file, without the line end
  std::vector<std::string> fields;  // unquoted
  std::string problem;              // why the record cannot be read; empty when it can
};

// Reads records one after the other; memory does not depend on the size of the input.
class CsvReader {
 public:
  // A record is at most this long: no receipt row is, and a quote that is never closed must not swallow the file.
  static constexpr std::size_t kRecordBytesMax = 64 * 1024;

  // Fills a buffer of a size, answers how much it gave; 0 at the end.
  using Source = std::function<Result<std::size_t>(char*, std::size_t)>;

  explicit CsvReader(Source source) : source_(std::move(source)) {}

  // Gives the next record that is not an empty line; false at the end. A record that cannot be read is given with its
  // `problem` and ends at its first line end, so that the rest of the file is read as usual.
  // Errors: those of the source.
  Result<bool> Next(CsvRecord& record);

 private:
  Status Fill();
  bool TakeRecord(CsvRecord& record);

  Source source_;
  std::string buffer_;
  std::size_t position_ = 0;
  std::int64_t line_ = 1;
  bool at_end_ = false;
  bool started_ = false;
};

// The text as a CSV field: quoted when it must be.
std::string CsvField(const std::string& text);

}  // namespace loyalty::client
