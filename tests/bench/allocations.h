// How often a server allocates memory for a scan.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "tests/support/scratch_directory.h"

namespace loyalty::test {

class AllocationCounter {
 public:
  AllocationCounter();

  // What a program is started with to be counted. It is slower then: no figure but this one comes from it.
  std::map<std::string, std::string> Environment() const;
  std::uint64_t Count() const;

 private:
  ScratchDirectory directory_;
};

}  // namespace loyalty::test
