#include "tests/bench/sync_delay.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "tests/support/scratch_directory.h"

namespace loyalty::test {
namespace {

int slowed_by = 0;

void Say(int microseconds) {
  slowed_by = microseconds;
  std::ofstream(std::getenv("SLOW_SYNC_FILE")) << microseconds << std::endl;
}

}  // namespace

void MakeSyncsSlowable() {
  static const ScratchDirectory directory;
  using std::filesystem::perms;
  // MariaDB reads it as a user of its own.
  std::filesystem::permissions(directory.path(), perms::owner_all | perms::group_exec | perms::others_exec);
  setenv("SLOW_SYNC_FILE", (directory.path() / "microseconds").c_str(), 1);
  setenv("LD_PRELOAD", LOYALTY_SLOW_SYNC, 1);
  Say(0);
}

SlowedSyncs::SlowedSyncs(int microseconds) : before_(slowed_by) { Say(microseconds); }
SlowedSyncs::~SlowedSyncs() { Say(before_); }

}  // namespace loyalty::test
