#include "clients/input_file.h"

#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace loyalty::client {
namespace {

constexpr unsigned kBufferBytes = 256 * 1024;

}  // namespace

InputFile::InputFile(std::string path, std::unique_ptr<gzFile_s, Close> file, std::int64_t size)
    : path_(std::move(path)), file_(std::move(file)), size_(size) {}

void InputFile::Close::operator()(gzFile_s* file) const { gzclose_r(file); }

Result<InputFile> InputFile::Open(const std::string& path) {
  std::error_code problem;
  const auto size = std::filesystem::file_size(path, problem);
  if (problem) return Error{Reason::kUnavailable, "cannot read " + path + ": " + problem.message(), {}};
  std::unique_ptr<gzFile_s, Close> file(gzopen(path.c_str(), "rb"));
  if (!file) return Error{Reason::kUnavailable, "cannot read " + path + ": " + std::strerror(errno), {}};
  gzbuffer(file.get(), kBufferBytes);
  return InputFile(path, std::move(file), static_cast<std::int64_t>(size));
}

Result<std::size_t> InputFile::Read(char* buffer, std::size_t size) {
  const int got = gzread(file_.get(), buffer, static_cast<unsigned>(size));
  int code = Z_OK;
  const char* message = gzerror(file_.get(), &code);
  // A truncated gzip gives its last bytes and only says so here.
  if (got < 0 || (got == 0 && code != Z_OK && code != Z_STREAM_END))
    return Error{
        Reason::kUnavailable, "cannot read " + path_ + ": " + (code == Z_ERRNO ? std::strerror(errno) : message), {}};
  return static_cast<std::size_t>(got);
}

std::int64_t InputFile::position() const { return gzoffset(file_.get()); }

}  // namespace loyalty::client
