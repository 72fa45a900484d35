// fuzz_total MINIMUM REPORT...: adds up what several fuzzers did, by type of request. Exit 1 with fewer executions than
// MINIMUM, or when a type was left out. With a minimum it writes the row of the record (tests/support/record.h).
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "services/rpc/auth.h"
#include "tests/fuzz/report.h"
#include "tests/support/record.h"

namespace loyalty::fuzz {
namespace {

// Lines as ReportText writes them: NAME N executions, N accepted, N unparsed.
void AddReport(const char* path, std::map<std::string, Tally>& tallies, double& seconds) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string name, word;
    Tally tally;
    if (words >> name >> tally.executions >> word >> tally.accepted >> word >> tally.unparsed) {
      if (name == "all") continue;
      Tally& sum = tallies[name];
      sum.executions += tally.executions;
      sum.accepted += tally.accepted;
      sum.unparsed += tally.unparsed;
    } else if (line.find("executions/s") != std::string::npos) {
      seconds += std::strtod(line.c_str(), nullptr);
    }
  }
}

int Main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("Usage: fuzz_total MINIMUM REPORT...\n", stderr);
    return 2;
  }
  const std::int64_t minimum = std::strtoll(argv[1], nullptr, 10);
  std::map<std::string, Tally> tallies;
  double seconds = 0;  // of all processes
  for (int i = 2; i < argc; ++i) AddReport(argv[i], tallies, seconds);
  std::fputs(ReportText(tallies, std::chrono::duration<double>(seconds)).c_str(), stdout);
  Tally all, least{.executions = minimum};
  for (const auto& [name, tally] : tallies) {
    all.executions += tally.executions;
    all.accepted += tally.accepted;
    least.executions = std::min(least.executions, tally.executions);
  }
  if (minimum == 0) return 0;
  if (all.executions < minimum || tallies.size() != AccessTable().size()) {
    std::printf("%lld executions of %zu types of request: too few\n", static_cast<long long>(all.executions),
                tallies.size());
    return 1;
  }
  test::Write({"I16-fuzz", "No input can hurt it, and what is refused leaves no trace",
               "libFuzzer with a mutator that knows the API, every type of request through its real handler on a "
               "database in memory, ASan and UBSan; after each call status, traces and a repeat are judged, after "
               "1,000 the whole ledger; losing controls: fuzz_finds_*",
               fmt::format("{} executions of {} types of request (at least {} of each), {} accepted: 0 findings",
                           all.executions, tallies.size(), least.executions, all.accepted),
               "./dev record -R chaos_fuzz"});
  return 0;
}

}  // namespace
}  // namespace loyalty::fuzz

int main(int argc, char** argv) { return loyalty::fuzz::Main(argc, argv); }
