#include "tests/bench/arguments.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <map>

#include "tests/bench/targets.h"

namespace loyalty::test {
namespace {

// --before: many short turns beside each other, for the machine's own speed changes by more than what is asked for.
constexpr int kPairsAgainstBefore = 15;
constexpr double kSecondsAgainstBefore = 4;

}  // namespace

std::optional<int> ParseArguments(int argc, char** argv, Arguments& arguments) {
  using storage::Engine;
  CLI::App app{
      "Measures Stammgast against reference programs that run in turn with it, or against an earlier commit.\n"
      "Examples: bench --only P1,P2 --json figures.json\n"
      "          bench --only PAGES                          what a sale writes and keeps on SQLite, by table\n"
      "          bench --only P1 --sync-delay 5000           on a disk whose syncs take 5 ms longer\n"
      "          bench --only P1 --engine sqlite --before ../earlier/build/release --at-least 1.3"};
  Plan& plan = arguments.plan;
  Earlier earlier{.directory = {}, .at_least = target::kNotWorse};
  std::string directory = LOYALTY_BENCH_DIRECTORY;
  app.add_flag("--quick", plan.quick, "one short turn of everything: proves that it works, measures nothing");
  app.add_option("--only", arguments.only, "measures, for instance P1,P3")->delimiter(',');
  app.add_option("--engine", plan.engine, "only this half of what has two: sqlite or mysql")
      ->transform(CLI::CheckedTransformer(
          std::map<std::string, Engine>{{"sqlite", Engine::kSqlite}, {"mysql", Engine::kMysql}}));
  const auto* pairs = app.add_option("--pairs", plan.pairs, "turns of each side; with --before 15")
                          ->check(CLI::Range(1, 100))
                          ->capture_default_str();
  const auto* seconds =
      app.add_option("--seconds", plan.seconds, "length of a turn, half of it from P4 on; with --before 4, of each")
          ->check(CLI::Range(0.1, 3600.0))
          ->capture_default_str();
  app.add_option("--sync-delay", plan.sync_delay_us,
                 "microseconds that each sync takes longer, of servers, references and MariaDB alike; without it P4 "
                 "and a row of P1 and P2 have 1000")
      ->check(CLI::Range(0, 1'000'000));
  app.add_option(
         "--before", earlier.directory,
         "a release build of an earlier commit: its loyaltyd in turn with this one, P1, P2, P3, P5, L1, L2, P8, "
         "P9, P12")
      ->check(CLI::ExistingDirectory);
  app.add_option("--at-least", earlier.at_least,
                 "with --before, how many times as good: what the upper end of the 90 % interval of the median has to "
                 "reach")
      ->check(CLI::Range(0.1, 100.0))
      ->capture_default_str();
  app.add_option("--lanes", plan.lanes, "of the server; 0: what it takes by itself")->check(CLI::Range(0, 64));
  app.add_option("--directory", directory, "where databases lie: a real disk, or the figures are none")
      ->capture_default_str();
  app.add_option("--json", arguments.json, "writes the figures to this file");
  app.add_option("--markdown", arguments.markdown, "writes docs/BENCHMARKS.md, or what would be it, to this file");
  app.add_option("--commit", arguments.commit, "what is measured, for that file");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  }
  if (!earlier.directory.empty()) {
    if (pairs->count() == 0) plan.pairs = kPairsAgainstBefore;
    if (seconds->count() == 0) plan.seconds = kSecondsAgainstBefore;
    arguments.earlier = earlier;
  }
  if (plan.quick) {
    plan.pairs = 1;
    plan.seconds = 0.5;
  }
  arguments.directory = std::filesystem::absolute(directory);
  return std::nullopt;
}

}  // namespace loyalty::test
