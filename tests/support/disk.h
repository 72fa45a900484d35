// A disk whose power can be cut.
#pragma once

#include <filesystem>
#include <string>

#include "tests/support/scratch_directory.h"

namespace loyalty::test {

// An ext4 file system of its own in an image file, mounted where only the thread that made it and processes it starts
// can see it; gone with them. Use it on that thread. Needs root and loop devices. Everything throws std::runtime_error
// with what was tried.
class Disk {
 public:
  Disk();
  ~Disk();
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  const std::filesystem::path& path() const { return mounted_; }

  // Everything that was written gets to the disk, asked for or not.
  void Sync() const;
  // From now on nothing gets to the disk, not even what the kernel has accepted but nobody has asked it to sync; every
  // write fails. As the plug being pulled, as far as the file system goes.
  void CutPower() const;
  // Power is back: what got to the disk is mounted again. Nobody may hold a file open: kill first.
  void Restore();

 private:
  void Mount() const;
  void Unmount() const;
  int OpenRoot() const;

  ScratchDirectory directory_;
  std::filesystem::path image_, mounted_;
};

}  // namespace loyalty::test
