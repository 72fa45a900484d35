// A file read from front to end, plain or gzip, whatever its name says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "domain/result.h"

struct gzFile_s;

namespace loyalty::client {

class InputFile {
 public:
  // Errors: kUnavailable (cannot be opened, is a directory).
  static Result<InputFile> Open(const std::string& path);

  // Reads up to `size` bytes; 0 at the end. Errors: kUnavailable (disk, damaged or truncated gzip).
  Result<std::size_t> Read(char* buffer, std::size_t size);

  // Bytes of the file (compressed ones for gzip) and how many of them have been read: for progress.
  std::int64_t size() const { return size_; }
  std::int64_t position() const;

 private:
  struct Close {
    void operator()(gzFile_s* file) const;
  };
  InputFile(std::string path, std::unique_ptr<gzFile_s, Close> file, std::int64_t size);

  std::string path_;
  std::unique_ptr<gzFile_s, Close> file_;
  std::int64_t size_;
};

}  // namespace loyalty::client
