#include "clients/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace loyalty::client {
namespace {

Error IoError(const char* action, const std::filesystem::path& path) {
  return Error{Reason::kUnavailable, std::string(action) + " " + path.string() + ": " + std::strerror(errno), {}};
}

// Closes the descriptor it holds.
class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int descriptor() const { return descriptor_; }
  bool open() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

bool WriteAll(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// Writes the content to a file of its own beside `path`, on disk when it is back. Process and number keep two writers
// of the same file apart.
Result<std::string> WriteTemporary(const std::filesystem::path& path, std::string_view content) {
  static std::atomic<int> count{0};
  std::string temporary = path.string() + "." + std::to_string(::getpid()) + "-" + std::to_string(++count) + ".tmp";
  const File file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file.open()) return IoError("cannot write", temporary);
  if (!WriteAll(file.descriptor(), content) || ::fsync(file.descriptor()) != 0) {
    Error error = IoError("cannot write", temporary);
    ::unlink(temporary.c_str());
    return error;
  }
  return temporary;
}

// The directory entry is on disk.
Status SyncParent(const std::filesystem::path& path) {
  const auto parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const File directory(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.open() || ::fsync(directory.descriptor()) != 0) return IoError("cannot write", parent);
  return Ok{};
}

}  // namespace

Result<std::filesystem::path> DefaultStateDir() {
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state != '\0') return std::filesystem::path(state) / "loyalty";
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home != '\0') return std::filesystem::path(home) / ".local" / "state" / "loyalty";
  return Error{Reason::kInvalidArgument, "no place for unfinished requests: HOME is not set", {}};
}

Status MakePrivateDirectory(const std::filesystem::path& directory) {
  std::error_code problem;
  if (std::filesystem::is_directory(directory, problem)) return Ok{};
  if (directory.has_parent_path() && directory.parent_path() != directory) {
    if (auto made = MakePrivateDirectory(directory.parent_path()); !made) return made;
  }
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) return IoError("cannot make directory", directory);
  return Ok{};
}

Result<std::string> ReadSmallFile(const std::filesystem::path& path, std::size_t bytes_max) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) return IoError("cannot read", path);
  std::string content(bytes_max + 1, '\0');
  std::size_t size = 0;
  while (size < content.size()) {
    const ssize_t got = ::read(file.descriptor(), content.data() + size, content.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return IoError("cannot read", path);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > bytes_max) {
    errno = EFBIG;
    return IoError("cannot read", path);
  }
  content.resize(size);
  return content;
}

Status WriteFileDurably(const std::filesystem::path& path, std::string_view content) {
  const auto temporary = WriteTemporary(path, content);
  if (!temporary) return temporary.error();
  if (::rename(temporary->c_str(), path.c_str()) != 0) {
    const Error error = IoError("cannot write", path);
    ::unlink(temporary->c_str());
    return error;
  }
  return SyncParent(path);
}

Result<bool> CreateFileDurably(const std::filesystem::path& path, std::string_view content) {
  const auto temporary = WriteTemporary(path, content);
  if (!temporary) return temporary.error();
  // Unlike a rename, a link never replaces a file that came first.
  const bool created = ::link(temporary->c_str(), path.c_str()) == 0;
  const bool exists = !created && errno == EEXIST;
  const Error error = IoError("cannot write", path);
  ::unlink(temporary->c_str());
  if (!created && !exists) return error;
  if (const auto synced = SyncParent(path); !synced) return synced.error();
  return created;
}

}  // namespace loyalty::client
