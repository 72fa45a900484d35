#include "tests/support/scratch_directory.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

namespace loyalty::test {
namespace {

// The process that owns a directory stands in its name.
const std::string kPrefix = "loyalty_test_";

std::filesystem::path Base() {
  if (const char* named = std::getenv("LOYALTY_TEST_DIR")) return named;
  if (access("/dev/shm", W_OK) == 0) return "/dev/shm";
  return std::filesystem::temp_directory_path();
}

void RemoveAbandoned(const std::filesystem::path& base) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(base, ignored)) {
    const std::string name = entry.path().filename();
    if (name.rfind(kPrefix, 0) != 0) continue;
    const int owner = std::atoi(name.c_str() + kPrefix.size());
    if (owner > 0 && kill(owner, 0) != 0 && errno == ESRCH) std::filesystem::remove_all(entry.path(), ignored);
  }
}

}  // namespace

ScratchDirectory::ScratchDirectory() {
  const auto base = Base();
  RemoveAbandoned(base);
  std::string name = base / (kPrefix + std::to_string(getpid()) + "_XXXXXX");
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a directory in " + base.string());
  path_ = name;
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace loyalty::test
