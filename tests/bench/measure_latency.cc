// P4: what a till waits for, in syncs of the disk it waits for: of one behind a network, unless told otherwise. The
// machines here sync faster than a database answers a statement.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>

#include "tests/bench/measures.h"
#include "tests/bench/shop.h"
#include "tests/bench/sync_delay.h"
#include "tests/bench/targets.h"

namespace loyalty::test {
namespace {

using Clock = std::chrono::steady_clock;

// Median milliseconds until 4 KiB more of a file are on the disk of `directory`.
double SyncMs(const std::filesystem::path& directory) {
  constexpr int kSyncs = 300;
  const std::string path = directory / "sync";
  const int file = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0) throw std::runtime_error("cannot write " + path);
  const std::string block(4'096, 'x');
  std::vector<double> took;
  for (int i = 0; i < kSyncs; ++i) {
    const auto start = Clock::now();
    if (write(file, block.data(), block.size()) != static_cast<ssize_t>(block.size()) || fdatasync(file) != 0)
      throw std::runtime_error("cannot write " + path);
    took.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  }
  close(file);
  unlink(path.c_str());
  return Median(took);
}

}  // namespace

std::vector<Figure> MeasureLatency(const Plan& plan, storage::Engine engine) {
  Shop shop({.engine = engine, .server = {.lanes = plan.lanes}});
  EchoServer echo;
  const SlowedSyncs slowed(plan.sync_delay_us.value_or(kCloudDiskUs));
  const double capacity = shop.ClosedLoop("").run(plan.seconds).per_second;
  const ScratchDirectory disk;
  std::vector<double> half_p50, half_p99, alone, half_p50_ms, half_p99_ms, alone_ms, syncs;
  for (int pair = 0; pair < plan.pairs; ++pair) {
    const double sync = SyncMs(disk.path());
    LoadPlan half = shop.plan();
    half.rate = capacity / 2;
    half.threads = 1;
    half.seconds = plan.seconds;
    const Turn loaded = shop.Run(half);
    const auto one = [&plan](LoadPlan load) {
      load.callers = 1;
      load.seconds = plan.seconds / 4;
      return load;
    };
    const Turn single = shop.Run(one(shop.plan()));
    const Turn echoed = echo.Run(one(echo.plan()));
    syncs.push_back(sync);
    half_p50.push_back(loaded.p50_ms / sync);
    half_p99.push_back(loaded.p99_ms / sync);
    alone.push_back((single.p50_ms - echoed.p50_ms) / sync);
    half_p50_ms.push_back(loaded.p50_ms);
    half_p99_ms.push_back(loaded.p99_ms);
    alone_ms.push_back(single.p50_ms);
    fmt::print(stderr,
               "  {}/{} sync {:.3f} ms; at {:.0f}/s p50 {:.2f} p99 {:.2f} ms; alone {:.2f} ms, echo {:.2f} ms\n",
               pair + 1, plan.pairs, sync, half.rate, loaded.p50_ms, loaded.p99_ms, single.p50_ms, echoed.p50_ms);
  }
  const auto figure = [&](const char* what, double most, std::vector<double> ratios, double value) {
    Figure made;
    made.id = "P4";
    made.engine = NameOf(engine);
    made.what = what;
    made.target = most;
    made.at_most = true;
    made.ratios = std::move(ratios);
    made.value = value;
    made.unit = "ms";
    made.note = fmt::format("a sync {:.3f} ms", Median(syncs));
    return made;
  };
  return {figure("p50 at half the load / fsync", target::kHalfP50InSyncs, half_p50, Median(half_p50_ms)),
          figure("p99 at half the load / fsync", target::kHalfP99InSyncs, half_p99, Median(half_p99_ms)),
          figure("one caller: (p50 - p50 of echo) / fsync", target::kAloneInSyncs, alone, Median(alone_ms))};
}

}  // namespace loyalty::test
