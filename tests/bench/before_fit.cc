// P9 of two builds: each fits in its own benchmark, which is run for one turn at a time.
#include <fmt/format.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <filesystem>
#include <map>
#include <stdexcept>

#include "tests/bench/before.h"
#include "tests/support/process.h"
#include "tests/support/scratch_directory.h"

namespace loyalty::test {
namespace {

constexpr std::chrono::seconds kTurnMax{600};

// Seconds by what took them.
using Fits = std::map<std::string, double>;

Fits RunFits(const std::string& bench, bool quick) {
  const ScratchDirectory directory;
  const std::string json = directory.path() / "figures";
  ProcessOptions options{.arguments = {bench, "--only", "P9", "--json", json, "--directory", directory.path()},
                         .log = directory.path() / "bench"};
  const std::vector<std::string> turn =
      quick ? std::vector<std::string>{"--quick"} : std::vector<std::string>{"--pairs", "1"};
  options.arguments.insert(options.arguments.end(), turn.begin(), turn.end());
  const Ended ended = RunProgram(std::move(options), kTurnMax);
  google::protobuf::ListValue list;
  if (ended.code != 0 || !google::protobuf::util::JsonStringToMessage(ReadText(json), &list).ok())
    throw std::runtime_error(bench + " --only P9: " + ended.err);
  Fits fits;
  for (const auto& figure : list.values()) {
    const auto& fields = figure.struct_value().fields();
    fits[fields.at("what").string_value()] = fields.at("value").number_value();
  }
  return fits;
}

}  // namespace

std::vector<Figure> CompareFits(const Plan& plan, const Earlier& earlier) {
  const std::string before = std::filesystem::absolute(earlier.directory) / "bin/bench";
  if (!std::filesystem::exists(before)) {
    fmt::print(stderr, "  there is no {}: P9 is left out\n", before);
    return {};
  }
  std::map<std::string, std::vector<double>> ratios, ours, theirs;
  for (int pair = 0; pair < plan.pairs; ++pair) {
    const Fits now = RunFits("/proc/self/exe", plan.quick), then = RunFits(before, plan.quick);
    for (const auto& [what, seconds] : now) {
      if (!then.contains(what)) continue;
      ratios[what].push_back(then.at(what) / seconds);
      ours[what].push_back(seconds);
      theirs[what].push_back(then.at(what));
      fmt::print(stderr, "  {}/{} {}: now {:.4f} s, before {:.4f} s\n", pair + 1, plan.pairs, what, seconds,
                 then.at(what));
    }
  }
  std::vector<Figure> figures;
  for (const auto& [what, of_pairs] : ratios) {
    Figure figure = FigureAgainst(earlier, "P9", "", what, of_pairs);
    figure.value = Median(ours[what]);
    figure.unit = "s";
    figure.note = fmt::format("before {:.4g} s; {} pairs", Median(theirs[what]), plan.pairs);
    figures.push_back(std::move(figure));
  }
  return figures;
}

}  // namespace loyalty::test
