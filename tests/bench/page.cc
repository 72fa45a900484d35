#include "tests/bench/page.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <ctime>
#include <fstream>
#include <thread>

#include "tests/bench/sync_delay.h"

namespace loyalty::test {
namespace {

std::string Machine() {
  std::string processor = "a processor without a name", line;
  for (std::ifstream file("/proc/cpuinfo"); std::getline(file, line);)
    if (line.rfind("model name", 0) == 0) processor = line.substr(line.find(": ") + 2);
  utsname system{};
  uname(&system);
  return fmt::format("{} processors ({}), {} GB of memory, Linux {}", std::thread::hardware_concurrency(), processor,
                     sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGE_SIZE) >> 30, system.release);
}

}  // namespace

std::string PageOf(const std::vector<Figure>& figures, const Plan& plan, const std::string& commit) {
  const std::time_t now = std::time(nullptr);
  return fmt::format(
      "# How fast it is\n\n"
      "Written by `./dev bench`; nobody edits it by hand. Each ratio is of two things that took turns in one run on "
      "one machine (A B B A): the median of {} pairs of {:g} s (P4 to P13: {:g} s) and their spread; P9 and P12 are "
      "shares of the time or memory they may take, PAGES is pages and bytes for each sale. Server, clients and "
      "database share the machine; all commits are durable. P4, and the rows that say so, on a disk each of whose "
      "syncs takes {:g} ms longer, for server, references and MariaDB alike.\n\n"
      "- echo: a gRPC server with the same messages that does nothing. naive: a transaction for each scan with the "
      "obvious statements, 32 threads, no gRPC. bulk: the same rows in batches of 256 by statements of many rows, no "
      "gRPC, no rules. naive and bulk write the same rows as the server, save the seal of a batch; P1, P2 and P3 "
      "assert it by table.\n"
      "- Load: receipts of 2 lines, cards uniform over 10,000 members, 64 callers, each with a connection and a "
      "thread. "
      "The light client has two threads for all of them and leaves more of the machine to the server.\n"
      "- Machine: {}. Commit {}, {}.\n\n"
      "{}\n"
      "Again: `./dev bench --only P1`; for programs `--json FILE`; against an earlier commit `--before DIR`.\n",
      plan.pairs, plan.seconds, plan.seconds / kShorter, plan.sync_delay_us.value_or(kCloudDiskUs) / 1e3, Machine(),
      commit, fmt::format("{:%Y-%m-%d}", fmt::gmtime(now)), MarkdownOf(figures));
}

}  // namespace loyalty::test
