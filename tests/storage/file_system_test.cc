#include "storage/file_system.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/scratch_directory.h"

namespace loyalty::storage {
namespace {

TEST(FileSystem, WhereOtherMachinesWriteNoDatabaseLies) {
  struct Disk {
    std::uint32_t magic;
    const char* type;
    const char* name;
  };
  for (const Disk& there :
       {Disk{0x6969, "nfs4", "NFS"}, Disk{0xFF534D42, "cifs", "CIFS"}, Disk{0xFE534D42, "smb3", "SMB2"},
        Disk{0x517B, "", "SMB"}, Disk{0x00C36400, "ceph", "Ceph"}, Disk{0x01021997, "9p", "9p"},
        Disk{0x0BD00BD0, "lustre", "Lustre"}, Disk{0x01161970, "gfs2", "GFS2"},
        Disk{0x65735546, "fuse.sshfs", "fuse.sshfs"}, Disk{0x65735546, "fuse.glusterfs", "fuse.glusterfs"},
        Disk{0x65735546, "fuse.s3fs", "fuse.s3fs"}, Disk{0x65735546, "fuse.new", "fuse.new"},
        Disk{0x65735546, "", "FUSE"}})
    EXPECT_EQ(UnfitFileSystem(there.magic, there.type), there.name);
}

TEST(FileSystem, ThisMachinesOwnAreFit) {
  struct Disk {
    std::uint32_t magic;
    const char* type;
  };
  for (const Disk& here :
       {Disk{0xEF53, "ext4"}, Disk{0x58465342, "xfs"}, Disk{0x9123683E, "btrfs"}, Disk{0x2FC12FC1, "zfs"},
        Disk{0x01021994, "tmpfs"}, Disk{0x794C7630, "overlay"}, Disk{0x65735546, "virtiofs"},
        Disk{0x65735546, "fuseblk"}, Disk{0x65735546, "fuse.fuse-overlayfs"}, Disk{0x12345678, "tomorrow"}})
    EXPECT_EQ(UnfitFileSystem(here.magic, here.type), std::nullopt) << here.type;
}

TEST(FileSystem, ADatabaseOnADiskOfThisMachineIsFineBeforeItIsMadeAndAfter) {
  const test::ScratchDirectory directory;
  DatabaseUrl url;
  url.path = directory.path() / "loyalty.db";
  EXPECT_TRUE(CheckPlace(url));
  std::ofstream(url.path) << "x";
  EXPECT_TRUE(CheckPlace(url));
  url.path = ":memory:";
  EXPECT_TRUE(CheckPlace(url));
  url.engine = Engine::kMysql;
  EXPECT_TRUE(CheckPlace(url));
}

}  // namespace
}  // namespace loyalty::storage
