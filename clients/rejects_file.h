// What a replay could not bring in, as a CSV that can be corrected and replayed.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "clients/receipt_reader.h"
#include "domain/result.h"

namespace loyalty::client {

// Columns line, reason, message, then the row as it stood in the file. Written with the first rejected receipt; a file
// that is there already is moved aside at the start, so that what is there belongs to this run and nothing that
// somebody may be correcting is lost. Not thread safe.
class RejectsFile {
 public:
  // `header` is the one of `input`. Says on stderr where an old file has gone. Errors, in this order: kInvalidArgument
  // (`path` is the input), kUnavailable (an old file cannot be moved).
  static Result<RejectsFile> Start(std::filesystem::path path, const std::filesystem::path& input, std::string header);

  // All rows of the receipt with its reason. Errors: kUnavailable.
  Status Add(const CsvReceipt& receipt, const std::string& reason, const std::string& message);

  // Everything is with the operating system. Errors: kUnavailable.
  Status Close();

  const std::filesystem::path& path() const { return path_; }

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  RejectsFile(std::filesystem::path path, std::string header);

  std::filesystem::path path_;
  std::string header_;
  std::unique_ptr<std::FILE, CloseFile> file_;
};

}  // namespace loyalty::client
