#include "tests/support/disk.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <thread>

#include "tests/support/process.h"

namespace loyalty::test {
namespace {

// Not in the headers of the kernel that programs see: fs/ext4/ext4.h.
constexpr unsigned long kExt4Shutdown = _IOR('X', 125, std::uint32_t);
constexpr std::uint32_t kNoLogFlush = 2;  // the journal in memory is lost too

constexpr std::uintmax_t kImageBytes = 512ULL << 20U;  // a sparse file

void Run(const std::vector<std::string>& arguments, const std::filesystem::path& log) {
  const Ended ended = RunProgram({.arguments = arguments, .environment = {}, .log = log, .directory = {}});
  if (ended.code != 0) throw std::runtime_error(arguments.front() + ": " + ended.out + ended.err);
}

[[noreturn]] void Fail(const std::string& what) { throw std::runtime_error(what + ": " + std::strerror(errno)); }

}  // namespace

Disk::Disk() : image_(directory_.path() / "image"), mounted_(directory_.path() / "disk") {
  // Mounts of its own: none is left behind when the process is killed.
  if (unshare(CLONE_NEWNS) != 0 || mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    Fail("cannot have mounts of its own (is this root?)");
  std::filesystem::create_directory(mounted_);
  std::filesystem::permissions(directory_.path(), std::filesystem::perms::others_exec,
                               std::filesystem::perm_options::add);
  const int file = open(image_.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0 || ftruncate(file, static_cast<off_t>(kImageBytes)) != 0) Fail(image_.string());
  close(file);
  Run({"/usr/sbin/mkfs.ext4", "-q", "-F", "-m", "0", image_.string()}, directory_.path() / "mkfs");
  Mount();
}

Disk::~Disk() { umount2(mounted_.c_str(), MNT_DETACH); }

void Disk::Mount() const {
  Run({"/usr/bin/mount", "-o", "loop", image_.string(), mounted_.string()}, directory_.path() / "mount");
  // The database has an account of its own.
  std::filesystem::permissions(mounted_, std::filesystem::perms::all);
}

int Disk::OpenRoot() const { return open(mounted_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }

void Disk::Unmount() const {
  constexpr int kTries = 200;
  for (int i = 0; i < kTries; ++i) {
    if (umount(mounted_.c_str()) == 0) return;
    if (errno != EBUSY) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));  // a killed process lets go of its files
  }
  Fail("cannot unmount " + mounted_.string());
}

void Disk::Sync() const {
  const int root = OpenRoot();
  const bool synced = root >= 0 && syncfs(root) == 0;
  if (root >= 0) close(root);
  if (!synced) Fail("cannot sync " + mounted_.string());
}

void Disk::CutPower() const {
  const int root = OpenRoot();
  std::uint32_t how = kNoLogFlush;
  const bool cut = root >= 0 && ioctl(root, kExt4Shutdown, &how) == 0;
  if (root >= 0) close(root);
  if (!cut) Fail("cannot shut down the file system of " + mounted_.string());
}

void Disk::Restore() {
  Unmount();
  Mount();
}

}  // namespace loyalty::test
