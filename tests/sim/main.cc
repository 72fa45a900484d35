// simulate: years of a program's life in seconds, and the seed of the first one that went wrong.
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/sim/simulation.h"
#include "tests/support/record.h"

namespace loyalty::sim {
namespace {

constexpr const char* kFailedSeeds = "failed_seeds.txt";  // where it runs; kept across runs

struct Arguments {
  std::int64_t seeds = 100;
  std::int64_t operations = 5'000;  // of each life
  std::int64_t first = 1;
  storage::Engine engine = storage::Engine::kSqlite;
};

int Usage() {
  std::fputs(
      "Usage: simulate [--seeds N] [--ops M] [--seed S] [--engine sqlite|mysql]\n"
      "Runs N lives of M operations each, from seed S on; prints seeds, operations, faults and rate.\n"
      "A failure prints its seed and keeps it in failed_seeds.txt: simulate --seeds 1 --ops M --seed S runs it again.\n"
      "With LOYALTY_RECORD_DIR a run without failure is recorded (./dev record).\n",
      stderr);
  return 2;
}

bool Read(int argc, char** argv, Arguments& arguments) {
  for (int i = 1; i < argc; i += 2) {
    const std::string_view name = argv[i];
    if (name == "--engine" && i + 1 < argc) {
      const std::string_view engine = argv[i + 1];
      if (engine != "sqlite" && engine != "mysql") return false;
      arguments.engine = engine == "mysql" ? storage::Engine::kMysql : storage::Engine::kSqlite;
      continue;
    }
    std::int64_t* value = name == "--seeds"  ? &arguments.seeds
                          : name == "--ops"  ? &arguments.operations
                          : name == "--seed" ? &arguments.first
                                             : nullptr;
    if (value == nullptr || i + 1 == argc) return false;
    char* end = nullptr;
    *value = std::strtoll(argv[i + 1], &end, 10);
    if (*end != '\0' || *value < (name == "--seed" ? 0 : 1)) return false;
  }
  return true;
}

struct Totals {
  std::int64_t seeds = 0, operations = 0, refused = 0, replayed = 0, faults = 0;

  void Add(const Totals& other) {
    seeds += other.seeds;
    operations += other.operations;
    refused += other.refused;
    replayed += other.replayed;
    faults += other.faults;
  }
};

// Every `step`-th life from `first` on, each told to `out`; stops at the first failure, which it prints. True: none.
bool RunLives(const Arguments& arguments, std::int64_t first, std::int64_t step, int out) {
  Databases databases(arguments.engine);
  for (std::int64_t i = first; i < arguments.seeds; i += step) {
    const std::int64_t seed = arguments.first + i;
    const Outcome outcome = Simulate(static_cast<std::uint64_t>(seed), arguments.operations, databases);
    const Totals life{1, outcome.operations, outcome.refused, outcome.replayed, outcome.faults};
    if (write(out, &life, sizeof life) != sizeof life) return false;
    if (outcome.failure.empty()) continue;
    const auto again = fmt::format("simulate --seeds 1 --ops {} --seed {}{}", arguments.operations, seed,
                                   arguments.engine == storage::Engine::kMysql ? " --engine mysql" : "");
    std::printf("seed %lld: %s\nagain: %s\n", static_cast<long long>(seed), outcome.failure.c_str(), again.c_str());
    std::fflush(stdout);
    std::ofstream(kFailedSeeds, std::ios::app) << again << '\n';
    return false;
  }
  return true;
}

// On a terminal: how far it is, how fast, how long it will take.
void ShowProgress(const Arguments& arguments, const Totals& totals, double seconds) {
  static double next = 0;
  if (isatty(STDERR_FILENO) == 0 || seconds < next) return;
  next = seconds + 0.5;
  const double left = seconds * static_cast<double>(arguments.seeds - totals.seeds) / static_cast<double>(totals.seeds);
  std::fputs(fmt::format("\r{} of {} seeds, {:.0f} operations/s, {:.0f} s left\033[K", totals.seeds, arguments.seeds,
                         static_cast<double>(totals.operations) / seconds, left)
                 .c_str(),
             stderr);
  if (totals.seeds == arguments.seeds) std::fputs("\r\033[K", stderr);
}

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// A process for each processor: SQLite's memory and the allocator would make threads wait for each other. All tell of
// their lives through one pipe, which ends with the last of them.
bool RunInProcesses(const Arguments& arguments, Totals& totals) {
  const auto start = std::chrono::steady_clock::now();
  const auto processes = static_cast<std::int64_t>(std::max(1U, std::thread::hardware_concurrency()));
  int ends[2];
  if (pipe(ends) != 0) return false;
  std::vector<pid_t> workers;
  for (std::int64_t k = 0; k < processes; ++k) {
    const pid_t pid = fork();
    if (pid == 0) _exit(RunLives(arguments, k, processes, ends[1]) ? 0 : 1);
    if (pid > 0) workers.push_back(pid);
  }
  close(ends[1]);
  for (Totals life;
       read(ends[0], &life, sizeof life) == sizeof life;) {  // shorter than what a pipe passes in one piece
    totals.Add(life);
    ShowProgress(arguments, totals, SecondsSince(start));
  }
  close(ends[0]);
  bool good = static_cast<std::int64_t>(workers.size()) == processes;
  for (const pid_t pid : workers) {
    int status = 0;
    good = waitpid(pid, &status, 0) == pid && status == 0 && good;
  }
  return good;
}

int Main(int argc, char** argv) {
  Arguments arguments;
  if (!Read(argc, argv, arguments)) return Usage();
  sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  const auto start = std::chrono::steady_clock::now();
  Totals totals;
  const bool good = RunInProcesses(arguments, totals);
  const double seconds = SecondsSince(start);
  const std::string figure =
      fmt::format("{} seeds, {} operations ({} refused, {} replayed), {} faults, {:.1f} s, {:.0f} operations/s",
                  totals.seeds, totals.operations, totals.refused, totals.replayed, totals.faults, seconds,
                  static_cast<double>(totals.operations) / seconds);
  std::printf("%s%s\n", figure.c_str(), good ? "" : ": FAILED");
  if (good)
    test::Write({.id = "I5-simulation",
                 .promise = "The books always close, whatever tills send and wherever the database fails",
                 .test = "random commands in random batches on two servers with clock jumps, crashes and failing "
                         "statements, across changes of clocks and of the catalogue; every answer, balance and ledger "
                         "entry equals a naive model with a calendar of its own",
                 .figure = figure + ", 0 differences",
                 .command = fmt::format("./dev sim --seeds {} --ops {}", arguments.seeds, arguments.operations),
                 .seed = static_cast<std::uint64_t>(arguments.first)});
  return good ? 0 : 1;
}

}  // namespace
}  // namespace loyalty::sim

int main(int argc, char** argv) { return loyalty::sim::Main(argc, argv); }
