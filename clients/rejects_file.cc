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

}  // namespace

RejectsFile::RejectsFile(std::filesystem::path path, std::string header)
    : path_(std::move(path)), header_(std::move(header)) {}

Result<RejectsFile> RejectsFile::Start(std::filesystem::path path, std::string header) {
  if (std::remove(path.c_str()) != 0 && errno != ENOENT) return CannotWrite(path);
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
