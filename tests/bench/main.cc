// The benchmarks (./dev bench): what to measure, then a table, and files for programs and for the documentation.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "storage/session.h"
#include "tests/bench/arguments.h"
#include "tests/bench/measures.h"
#include "tests/bench/page.h"
#include "tests/bench/sync_delay.h"

namespace loyalty::test {
namespace {

using storage::Engine;

std::vector<Figure> OnBoth(std::vector<Figure> (*measure)(const Plan&, Engine), const Plan& plan) {
  std::vector<Figure> figures;
  for (const Engine engine : {Engine::kSqlite, Engine::kMysql}) {
    if (plan.engine && plan.engine != engine) continue;
    for (Figure& figure : measure(plan, engine)) figures.push_back(std::move(figure));
  }
  return figures;
}

std::vector<Measure> Measures() {
  return {
      {"P1", [](const Plan& plan) { return MeasureScans(plan, Engine::kSqlite); }},
      {"P2", [](const Plan& plan) { return MeasureScans(plan, Engine::kMysql); }},
      {"PAGES", MeasurePages},
      {"P3", [](const Plan& plan) { return OnBoth(MeasureStreams, plan); }},
      {"P4", [](const Plan& plan) { return OnBoth(MeasureLatency, plan); }},
      {"P5", [](const Plan& plan) { return OnBoth(MeasureGrowth, plan); }},
      {"P7", [](const Plan& plan) { return OnBoth(MeasureHotCard, plan); }},
      {"L1", [](const Plan& plan) { return OnBoth(MeasureLifecycleOfScans, plan); }},
      {"L2", [](const Plan& plan) { return OnBoth(MeasureScansBesideClassification, plan); }},
      {"P8", [](const Plan& plan) { return OnBoth(MeasureClassification, plan); }},
      {"P9", MeasureFit},
      {"P12", MeasureFootprint},
      {"P13", [](const Plan& plan) { return OnBoth(MeasureReads, plan); }},
  };
}

// Nowhere when nobody asked for it.
bool WriteFile(const std::string& path, const std::string& text) {
  if (path.empty()) return true;
  std::ofstream file(path);
  file << text;
  file.close();
  if (!file) std::cerr << "bench: cannot write " << path << "\n";
  return static_cast<bool>(file);
}

int Run(int argc, char** argv) {
  Arguments arguments;
  if (const auto code = ParseArguments(argc, argv, arguments)) return *code;
  const Plan& plan = arguments.plan;
  const std::vector<std::string>& only = arguments.only;
  storage::UseSqliteWithoutLocks();  // bulk and naive too
  std::filesystem::create_directories(arguments.directory);
  setenv("LOYALTY_TEST_DIR", arguments.directory.c_str(), 1);
  MakeSyncsSlowable();
  const SlowedSyncs slowed(plan.sync_delay_us.value_or(0));

  const auto measures = arguments.earlier ? MeasuresAgainst(*arguments.earlier) : Measures();
  for (const std::string& id : only)
    if (std::none_of(measures.begin(), measures.end(), [&id](const Measure& measure) { return measure.id == id; })) {
      std::cerr << "bench: --only " << id << ": there is no such measure" << (arguments.earlier ? " with --before" : "")
                << "\n";
      return 2;
    }
  std::vector<Figure> figures;
  for (const Measure& measure : measures) {
    if (!only.empty() && std::find(only.begin(), only.end(), measure.id) == only.end()) continue;
    std::cerr << measure.id << "\n";
    Plan its = plan;
    const bool long_turns = measure.id == "P1" || measure.id == "P2" || measure.id == "P3";
    if (!arguments.earlier && !long_turns) its.seconds /= kShorter;
    for (Figure& figure : measure.run(its)) figures.push_back(std::move(figure));
    // After each: it takes an hour, and what a later one stumbles over takes nothing from what is known.
    const bool written = WriteFile(arguments.json, JsonOf(figures)) &&
                         WriteFile(arguments.markdown, PageOf(figures, plan, arguments.commit));
    if (!written) return 1;
  }
  std::cout << TableOf(figures);
  return 0;
}

}  // namespace
}  // namespace loyalty::test

int main(int argc, char** argv) {
  try {
    return loyalty::test::Run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "bench: " << error.what() << "\n";
    return 1;
  }
}
