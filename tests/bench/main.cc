// The benchmarks (./dev bench): what to measure, then a table, and files for programs and for the documentation.
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <thread>

#include "storage/session.h"
#include "tests/bench/measures.h"

namespace loyalty::test {
namespace {

using storage::Engine;

// Turns of P4 to P13 are so much shorter than those of P1 to P3, or all of them took two hours.
constexpr double kShorter = 2;

struct Measure {
  std::string id;
  std::function<std::vector<Figure>(const Plan&)> run;
};

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

bool WriteFile(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  file.close();
  if (!file) std::cerr << "bench: cannot write " << path << "\n";
  return static_cast<bool>(file);
}

std::string Machine() {
  std::string processor = "a processor without a name", line;
  for (std::ifstream file("/proc/cpuinfo"); std::getline(file, line);)
    if (line.rfind("model name", 0) == 0) processor = line.substr(line.find(": ") + 2);
  utsname system{};
  uname(&system);
  return fmt::format("{} processors ({}), {} GB of memory, Linux {}", std::thread::hardware_concurrency(), processor,
                     sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGE_SIZE) >> 30, system.release);
}

// docs/BENCHMARKS.md.
std::string PageOf(const std::vector<Figure>& figures, const Plan& plan, const std::string& commit) {
  const std::time_t now = std::time(nullptr);
  return fmt::format(
      "# How fast it is\n\n"
      "Written by `./dev bench`; nobody edits it by hand. Each ratio is of two things that took turns in one run on "
      "one "
      "machine (A B A B): the median of {} pairs of {:g} s (P4 to P13: {:g} s) and their spread; P9 and P12 are shares "
      "of the time or memory they may take. Server, clients and database share the "
      "machine; all commits are durable.\n\n"
      "- echo: a gRPC server with the same messages that does nothing. naive: a transaction for each scan with the "
      "obvious statements, 32 threads, no gRPC. bulk: the same rows in batches of 256 by statements of many rows, no "
      "gRPC, no rules. naive and bulk write the same rows as the server; P1, P2 and P3 assert it by table.\n"
      "- Load: receipts of 2 lines, cards uniform over 10,000 members, 64 callers, each with a connection and a "
      "thread. "
      "The light client has two threads for all of them and leaves more of the machine to the server.\n"
      "- Machine: {}. Commit {}, {}.\n\n"
      "{}\n"
      "Again: `./dev bench --only P1`; for programs `--json FILE`.\n",
      plan.pairs, plan.seconds, plan.seconds / kShorter, Machine(), commit,
      fmt::format("{:%Y-%m-%d}", fmt::gmtime(now)), MarkdownOf(figures));
}

int Run(int argc, char** argv) {
  CLI::App app{
      "Measures Stammgast against reference programs that run in turn with it.\n"
      "Example: bench --only P1,P2 --json figures.json"};
  Plan plan;
  bool quick = false;
  std::vector<std::string> only;
  std::string json, markdown, commit, directory = LOYALTY_BENCH_DIRECTORY;
  app.add_flag("--quick", quick, "one short turn of everything: proves that it works, measures nothing");
  app.add_option("--only", only, "measures, for instance P1,P3")->delimiter(',');
  app.add_option("--engine", plan.engine, "only this half of what has two: sqlite or mysql")
      ->transform(CLI::CheckedTransformer(
          std::map<std::string, Engine>{{"sqlite", Engine::kSqlite}, {"mysql", Engine::kMysql}}));
  app.add_option("--pairs", plan.pairs, "turns of each side")->check(CLI::Range(1, 100))->capture_default_str();
  app.add_option("--seconds", plan.seconds, "length of a turn; half of it from P4 on")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  app.add_option("--lanes", plan.lanes, "of the server; 0: what it takes by itself")->check(CLI::Range(0, 64));
  app.add_option("--directory", directory, "where databases lie: a real disk, or the figures are none")
      ->capture_default_str();
  app.add_option("--json", json, "writes the figures to this file");
  app.add_option("--markdown", markdown, "writes docs/BENCHMARKS.md, or what would be it, to this file");
  app.add_option("--commit", commit, "what is measured, for that file");
  CLI11_PARSE(app, argc, argv);
  if (quick) plan = {.pairs = 1, .seconds = 0.5, .quick = true, .lanes = plan.lanes, .engine = plan.engine};
  storage::UseSqliteWithoutLocks();  // bulk and naive too
  std::filesystem::create_directories(directory);
  setenv("LOYALTY_TEST_DIR", directory.c_str(), 1);

  const auto measures = Measures();
  for (const std::string& id : only)
    if (std::none_of(measures.begin(), measures.end(), [&id](const Measure& measure) { return measure.id == id; })) {
      std::cerr << "bench: --only " << id << ": there is no such measure\n";
      return 2;
    }
  std::vector<Figure> figures;
  for (const Measure& measure : measures) {
    if (!only.empty() && std::find(only.begin(), only.end(), measure.id) == only.end()) continue;
    std::cerr << measure.id << "\n";
    Plan its = plan;
    if (measure.id != "P1" && measure.id != "P2" && measure.id != "P3") its.seconds /= kShorter;
    for (Figure& figure : measure.run(its)) figures.push_back(std::move(figure));
    // After each: it takes an hour, and what a later one stumbles over takes nothing from what is known.
    const bool written = (json.empty() || WriteFile(json, JsonOf(figures))) &&
                         (markdown.empty() || WriteFile(markdown, PageOf(figures, plan, commit)));
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
