#include "tests/fuzz/report.h"

#include <fmt/format.h>

namespace loyalty::fuzz {

std::string ReportText(const std::map<std::string, Tally>& tallies, std::chrono::duration<double> time) {
  std::string text;
  Tally all;
  const auto add = [&text](const std::string& name, const Tally& tally) {
    text += fmt::format("{:<50} {:>10} executions, {:>9} accepted, {:>9} unparsed\n", name, tally.executions,
                        tally.accepted, tally.unparsed);
  };
  for (const auto& [name, tally] : tallies) {
    add(name, tally);
    all.executions += tally.executions;
    all.accepted += tally.accepted;
    all.unparsed += tally.unparsed;
  }
  add("all", all);
  return text + fmt::format("{:.1f} s, {:.0f} executions/s\n", time.count(),
                            static_cast<double>(all.executions) / time.count());
}

}  // namespace loyalty::fuzz
