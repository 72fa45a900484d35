// Measures of two builds by the benchmark of each: models are fitted without a server, and a program of many members is
// filled by who knows its schema.
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

// With a million members to be filled in.
constexpr std::chrono::seconds kTurnMax{1'800};

// A figure of one run: what is measured, of which engine.
struct Reading {
  double value = 0;
  std::string unit;
};
using Readings = std::map<std::pair<std::string, std::string>, Reading>;

Readings RunBench(const std::string& bench, const std::string& id, const Plan& plan) {
  const ScratchDirectory directory;
  const std::string json = directory.path() / "figures";
  // Its databases lie where its own benchmarks put them: MariaDB must be able to enter.
  ProcessOptions options{.arguments = {bench, "--only", id, "--json", json}, .log = directory.path() / "bench"};
  std::vector<std::string> turn{"--quick"};
  if (!plan.quick) turn = {"--pairs", "1", "--seconds", fmt::format("{:g}", plan.seconds)};
  if (plan.engine && id != "P9") turn.insert(turn.end(), {"--engine", NameOf(*plan.engine)});
  options.arguments.insert(options.arguments.end(), turn.begin(), turn.end());
  const Ended ended = RunProgram(std::move(options), kTurnMax);
  google::protobuf::ListValue list;
  if (ended.code != 0 || !google::protobuf::util::JsonStringToMessage(ReadText(json), &list).ok())
    throw std::runtime_error(bench + " --only " + id + ": " + ended.err);
  Readings readings;
  for (const auto& figure : list.values()) {
    const auto& fields = figure.struct_value().fields();
    readings[{fields.at("engine").string_value(), fields.at("what").string_value()}] = {
        fields.at("value").number_value(), fields.at("unit").string_value()};
  }
  return readings;
}

struct Compared {
  std::vector<double> ratios, ours, theirs;
  std::string unit;
};

}  // namespace

std::vector<Figure> CompareBenches(const Plan& plan, const Earlier& earlier, const std::string& id) {
  const std::string before = std::filesystem::absolute(earlier.directory) / "bin/bench";
  if (!std::filesystem::exists(before)) {
    fmt::print(stderr, "  there is no {}: {} is left out\n", before, id);
    return {};
  }
  std::map<std::pair<std::string, std::string>, Compared> all;
  for (int pair = 0; pair < plan.pairs; ++pair) {
    const Readings now = RunBench("/proc/self/exe", id, plan), then = RunBench(before, id, plan);
    for (const auto& [what, reading] : now) {
      if (!then.contains(what)) continue;
      const double old = then.at(what).value;
      Compared& compared = all[what];
      compared.ratios.push_back(reading.unit == "scans/s" ? reading.value / old : old / reading.value);
      compared.ours.push_back(reading.value);
      compared.theirs.push_back(old);
      compared.unit = reading.unit;
      fmt::print(stderr, "  {}/{} {} {}: now {:.4g} {}, before {:.4g}\n", pair + 1, plan.pairs, what.first, what.second,
                 reading.value, reading.unit, old);
    }
  }
  std::vector<Figure> figures;
  for (const auto& [what, compared] : all) {
    Figure figure = FigureAgainst(earlier, id, what.first, what.second, compared.ratios);
    figure.value = Median(compared.ours);
    figure.unit = compared.unit;
    figure.note = fmt::format("before {:.4g} {}; {} pairs of runs", Median(compared.theirs), compared.unit, plan.pairs);
    figures.push_back(std::move(figure));
  }
  return figures;
}

}  // namespace loyalty::test
