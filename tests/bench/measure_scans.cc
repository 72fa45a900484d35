#include <fmt/format.h>

#include "tests/bench/allocations.h"
#include "tests/bench/measures.h"
#include "tests/bench/references.h"
#include "tests/bench/shop.h"
#include "tests/bench/sync_delay.h"
#include "tests/bench/targets.h"

namespace loyalty::test {

namespace {

// For each scan of a short run. `start(environment)` returns a shop or an echo server.
template <typename Start>
double AllocationsPerScan(const Plan& plan, Start start) {
  const AllocationCounter counter;
  auto server = start(counter.Environment());
  const Side side = server.ClosedLoop();
  side.run(plan.seconds / 10);  // what is allocated once
  const auto before = static_cast<double>(counter.Count());
  const double scans = side.run(plan.seconds / 4).scans;
  return (static_cast<double>(counter.Count()) - before) / scans;
}

}  // namespace

std::vector<Figure> MeasureScans(const Plan& plan, storage::Engine engine) {
  const bool sqlite = engine == storage::Engine::kSqlite;
  Shop shop({.engine = engine, .server = {.lanes = plan.lanes}});
  Shop naive_shop({.engine = engine, .server = {.lanes = plan.lanes}});  // for its database
  naive_shop.server().Stop();
  const storage::DatabaseUrl& naive_url = naive_shop.installation().url();
  EchoServer echo;
  const auto turns = TakeTurns(plan, {shop.ClosedLoop(NameOf(engine)), echo.ClosedLoop(), NaiveSide(naive_url),
                                      shop.LightLoop(NameOf(engine)), echo.LightLoop()});
  // Against naive only where a sync takes its time: what is slow there is that each scan waits for one.
  std::vector<std::vector<Turn>> slow_turns{turns[0], turns[2]};
  const int delay = plan.sync_delay_us.value_or(kCloudDiskUs);
  if (!plan.sync_delay_us) {
    const SlowedSyncs slowed(delay);
    slow_turns = TakeTurns(plan, {shop.ClosedLoop("slow syncs"), NaiveSide(naive_url)});
  }
  shop.CheckRows();
  naive_shop.CheckRows();
  const auto processor = [](const std::vector<Turn>& ours, const std::vector<Turn>& echoed) {
    return fmt::format("server {:.0f} us of processor a scan, echo {:.0f}", MedianOf(ours, &Turn::server_us),
                       MedianOf(echoed, &Turn::server_us));
  };
  const std::string id = sqlite ? "P1" : "P2";
  Figure against_echo =
      ScansPerSecond(id, engine, fmt::format("durable Scan, {} callers / echo", kCallers),
                     sqlite ? target::kScansToEchoSqlite : target::kScansToEchoMysql, turns[0], turns[1]);
  against_echo.note = processor(turns[0], turns[1]);
  against_echo.note += fmt::format(
      "; allocations a scan {:.0f}, echo {:.0f}",
      AllocationsPerScan(plan,
                         [&](const auto& environment) {
                           return Shop({.engine = engine, .server = {.environment = environment, .lanes = plan.lanes}});
                         }),
      AllocationsPerScan(plan, [](const auto& environment) { return EchoServer(environment); }));
  Figure against_naive =
      ScansPerSecond(id, engine, fmt::format("durable Scan, {} callers / naive", kCallers), 0, turns[0], turns[2]);
  against_naive.note = fmt::format("naive {:.0f} scans/s", MedianOf(turns[2], &Turn::per_second));
  Figure slow =
      ScansPerSecond(id, engine, fmt::format("the same, each sync slowed by {:g} ms / naive", delay / 1e3),
                     sqlite ? target::kScansToNaiveSqlite : target::kScansToNaiveMysql, slow_turns[0], slow_turns[1]);
  slow.note = fmt::format("p50 {:.2f} ms, p99 {:.2f} ms; naive {:.0f} scans/s", MedianOf(slow_turns[0], &Turn::p50_ms),
                          MedianOf(slow_turns[0], &Turn::p99_ms), MedianOf(slow_turns[1], &Turn::per_second));
  // No target: with it the database is most of what there is.
  Figure light = ScansPerSecond(id, engine, "the same with a light client / echo with it", 0, turns[3], turns[4]);
  light.note = processor(turns[3], turns[4]);
  return {against_echo, against_naive, slow, light};
}

}  // namespace loyalty::test
