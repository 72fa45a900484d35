// A directory that a test fills and that is gone with it.
#pragma once

#include <filesystem>

namespace loyalty::test {

// Lies in LOYALTY_TEST_DIR, else in memory (/dev/shm), else among the temporary files: databases write to disk often.
// What a killed process left behind is removed by the next one.
class ScratchDirectory {
 public:
  ScratchDirectory();
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace loyalty::test
