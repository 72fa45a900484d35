#include "storage/file_system.h"

#include <fcntl.h>
#include <linux/stat.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace loyalty::storage {
namespace {

struct Kind {
  std::uint32_t magic;
  const char* name;
};

// Those that other machines can write to at the same time. They do not share memory between machines, and WAL keeps its
// index in shared memory; most of their locks are this machine's own. 9p too: it is what a virtual machine or WSL sees
// of its host's files, which the host may open as well, and its locks end at the border.
constexpr std::array<Kind, 18> kShared{{
    {0x6969, "NFS"},
    {0xFF534D42, "CIFS"},
    {0xFE534D42, "SMB2"},
    {0x517B, "SMB"},
    {0x00C36400, "Ceph"},
    {0x5346414F, "AFS"},
    {0x6B414653, "AFS"},
    {0x73757245, "Coda"},
    {0x01021997, "9p"},
    {0x0BD00BD0, "Lustre"},
    {0x47504653, "GPFS"},
    {0x7461636F, "OCFS2"},
    {0x01161970, "GFS2"},
    {0x19830326, "BeeGFS"},
    {0x20030528, "OrangeFS"},
    {0x786F4256, "VirtualBox"},
    {0x564C, "NCP"},
    {0xAAD7AAEA, "Panasas"},
}};

constexpr std::uint32_t kFuse = 0x65735546;
// Of FUSE only what is known to keep its files on this machine, or to be as good as that: behind the same number stand
// sshfs, GlusterFS, s3fs and whatever comes next, and one that is refused without need costs less than a ledger.
// fuseblk is a disk (NTFS, exFAT); virtiofs has the memory of its host.
constexpr std::array<std::string_view, 5> kLocalFuse{"fuseblk", "virtiofs", "fuse.fuse-overlayfs", "fuse.bindfs",
                                                     "fuse.mergerfs"};

// The type of the mount that holds `path`; empty when it cannot be found out.
std::string TypeOf(const std::string& path) {
  struct statx status {};
  if (statx(AT_FDCWD, path.c_str(), 0, STATX_MNT_ID, &status) != 0 || (status.stx_mask & STATX_MNT_ID) == 0) return {};
  std::ifstream mounts("/proc/self/mountinfo");
  for (std::string line; std::getline(mounts, line);) {
    // ID PARENT DEVICE ROOT POINT OPTIONS [FIELDS...] - TYPE SOURCE OPTIONS
    const auto dash = line.find(" - ");
    if (dash == std::string::npos || line.rfind(std::to_string(status.stx_mnt_id) + " ", 0) != 0) continue;
    return line.substr(dash + 3, line.find(' ', dash + 3) - dash - 3);
  }
  return {};
}

}  // namespace

std::optional<std::string> UnfitFileSystem(std::uint32_t magic, std::string_view type) {
  for (const Kind& kind : kShared)
    if (kind.magic == magic) return kind.name;
  if (magic != kFuse || std::find(kLocalFuse.begin(), kLocalFuse.end(), type) != kLocalFuse.end()) return std::nullopt;
  return type.empty() ? "FUSE" : std::string(type);
}

Status CheckPlace(const DatabaseUrl& url) {
  if (url.engine != Engine::kSqlite || url.path.empty() || url.path.front() != '/') return Ok{};
  const std::filesystem::path file(url.path);
  std::error_code ignored;
  const std::string place = std::filesystem::exists(file, ignored) ? file.string() : file.parent_path().string();
  struct statfs status {};
  if (statfs(place.c_str(), &status) != 0) return Ok{};  // opening it will say what is wrong
  const auto unfit = UnfitFileSystem(static_cast<std::uint32_t>(status.f_type), TypeOf(place));
  if (!unfit) return Ok{};
  return Error{
      Reason::kInternal,
      "the database " + url.path + " lies on a file system of the kind " + *unfit +
          ", which other machines may write to as well: SQLite keeps the index of its log (WAL) in memory that "
          "only one machine shares, so what is acknowledged could be lost there; put it on a disk of this "
          "machine, or use MariaDB (--db mysql://...)",
      {}};
}

}  // namespace loyalty::storage
