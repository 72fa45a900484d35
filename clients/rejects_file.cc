#include "clients/rejects_file.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include "clients/csv.h"

namespace loyalty::client {
namespace {

Error CannotWrite(const std::filesystem::path& path) {
  return Error{Reason::kUnavailable, "cannot write " + path.string() + ": " + std::strerror(errno), {}};
}

// Gives the file the first free name of PATH.1, PATH.2, ... and answers it.
Result<std::filesystem::path> MoveAside(const std::filesystem::path& path) {
  constexpr int kKeptMax = 1'000;
  for (int i = 1; i <= kKeptMax; ++i) {
    const std::filesystem::path kept = path.string() + "." + std::to_string(i);
    std::error_code problem;
    if (std::filesystem::exists(std::filesystem::symlink_status(kept, problem))) continue;
    if (std::rename(path.c_str(), kept.c_str()) != 0) return CannotWrite(kept);
    return kept;
  }
  return Error{Reason::kUnavailable, "too many old files beside " + path.string() + ": remove some", {}};
}

}  // namespace

RejectsFile::RejectsFile(std::filesystem::path path, std::string header)
    : path_(std::move(path)), header_(std::move(header)) {}

Result<RejectsFile> RejectsFile::Start(std::filesystem::path path, const std::filesystem::path& input,
                                       std::string header) {
  std::error_code problem;
  if (std::filesystem::equivalent(path, input, problem))
    return InvalidField("--rejects", path.string() + " is the file to be replayed");
  // Devices and pipes are written as they are.
  if (std::filesystem::is_regular_file(path, problem)) {
    const auto moved = MoveAside(path);
    if (!moved) return moved.error();
    std::fprintf(stderr, "the rejects of an earlier run are now in %s\n", moved->c_str());
  }
  return RejectsFile(std::move(path), std::move(header));
}

Status RejectsFile::Add(const CsvReceipt& receipt, const std::string& reason, const std::string& message) {
  if (!file_) {
    file_.reset(std::fopen(path_.c_str(), "we"));
    if (!file_) return CannotWrite(path_);
    std::fprintf(file_.get(), "line,reason,message,%s\n", header_.c_str());
  }
  for (const auto& row : receipt.rows)
    std::fprintf(file_.get(), "%lld,%s,%s,%s\n", static_cast<long long>(row.line), CsvField(reason).c_str(),
                 CsvField(message).c_str(), row.raw.c_str());
  if (std::ferror(file_.get()) != 0) return CannotWrite(path_);
  return Ok{};
}

Status RejectsFile::Close() {
  if (file_ && std::fclose(file_.release()) != 0) return CannotWrite(path_);
  return Ok{};
}

}  // namespace loyalty::client
