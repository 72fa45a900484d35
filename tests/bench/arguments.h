// The command line of the benchmarks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/bench/before.h"
#include "tests/bench/side.h"

namespace loyalty::test {

struct Arguments {
  Plan plan;
  std::optional<Earlier> earlier;  // --before
  std::vector<std::string> only;   // ids; empty: all
  std::string json, markdown;      // files; empty: none
  std::string commit;
  std::string directory;  // where databases lie; absolute
};

// Nothing when there is something to do; else what the program ends with, for instance after --help.
std::optional<int> ParseArguments(int argc, char** argv, Arguments& arguments);

}  // namespace loyalty::test
