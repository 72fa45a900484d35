#include "tests/bench/allocations.h"

#include <fstream>

namespace loyalty::test {

AllocationCounter::AllocationCounter() {
  std::ofstream(directory_.path() / "count", std::ios::binary) << std::string(8, '\0');
}

std::map<std::string, std::string> AllocationCounter::Environment() const {
  return {{"LD_PRELOAD", LOYALTY_COUNT_ALLOCATIONS}, {"COUNT_ALLOCATIONS_FILE", directory_.path() / "count"}};
}

std::uint64_t AllocationCounter::Count() const {
  std::uint64_t count = 0;
  std::ifstream(directory_.path() / "count", std::ios::binary).read(reinterpret_cast<char*>(&count), sizeof count);
  return count;
}

}  // namespace loyalty::test
