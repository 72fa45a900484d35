#include <fmt/format.h>

#include "tests/bench/allocations.h"
#include "tests/bench/measures.h"
#include "tests/bench/references.h"
#include "tests/bench/shop.h"

namespace loyalty::test {

const char* NameOf(storage::Engine engine) { return engine == storage::Engine::kSqlite ? "sqlite" : "mysql"; }

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
  shop.CheckRows();
  naive_shop.CheckRows();
  Figure against_echo;
  against_echo.id = sqlite ? "P1" : "P2";
  against_echo.engine = NameOf(engine);
  against_echo.what = fmt::format("durable Scan, {} callers / echo", kCallers);
  against_echo.target = sqlite ? 0.60 : 0.50;
  against_echo.ratios = Ratios(turns[0], turns[1], &Turn::per_second);
  against_echo.value = MedianOf(turns[0], &Turn::per_second);
  against_echo.unit = "scans/s";
  against_echo.note = fmt::format("server {:.0f} us of processor a scan, echo {:.0f}",
                                  MedianOf(turns[0], &Turn::server_us), MedianOf(turns[1], &Turn::server_us));
  against_echo.note += fmt::format(
      "; allocations a scan {:.0f}, echo {:.0f}",
      AllocationsPerScan(plan,
                         [&](const auto& environment) {
                           return Shop({.engine = engine, .server = {.environment = environment, .lanes = plan.lanes}});
                         }),
      AllocationsPerScan(plan, [](const auto& environment) { return EchoServer(environment); }));
  Figure against_naive = against_echo;
  against_naive.what = fmt::format("durable Scan, {} callers / naive", kCallers);
  against_naive.target = sqlite ? 10 : 4;
  against_naive.ratios = Ratios(turns[0], turns[2], &Turn::per_second);
  against_naive.note = fmt::format("naive {:.0f} scans/s", MedianOf(turns[2], &Turn::per_second));
  Figure light = against_echo;
  light.what = "the same with a light client / echo with it";
  light.target = 0;  // none: with it the database is most of what there is
  light.ratios = Ratios(turns[3], turns[4], &Turn::per_second);
  light.value = MedianOf(turns[3], &Turn::per_second);
  light.note = fmt::format("server {:.0f} us of processor a scan, echo {:.0f}", MedianOf(turns[3], &Turn::server_us),
                           MedianOf(turns[4], &Turn::server_us));
  return {against_echo, against_naive, light};
}

std::vector<Figure> MeasureStreams(const Plan& plan, storage::Engine engine) {
  Shop shop({.engine = engine, .server = {.lanes = plan.lanes}});
  Shop bulk_shop({.engine = engine, .server = {.lanes = plan.lanes}});  // for its database
  bulk_shop.server().Stop();
  const auto turns = TakeTurns(plan, {shop.Streams(), BulkSide(bulk_shop.installation().url())});
  shop.CheckRows();
  bulk_shop.CheckRows();
  Figure figure;
  figure.id = "P3";
  figure.engine = NameOf(engine);
  figure.what = "durable ScanStream, 4 streams / bulk";
  figure.target = 0.70;
  figure.ratios = Ratios(turns[0], turns[1], &Turn::per_second);
  figure.value = MedianOf(turns[0], &Turn::per_second);
  figure.unit = "scans/s";
  figure.note = fmt::format("server {:.0f} us of processor a scan, bulk {:.0f} scans/s",
                            MedianOf(turns[0], &Turn::server_us), MedianOf(turns[1], &Turn::per_second));
  return {figure};
}

std::vector<Figure> MeasureHotCard(const Plan& plan, storage::Engine engine) {
  Shop shop({.engine = engine, .server = {.lanes = plan.lanes}});
  const Side hot{"one member", [&shop](double seconds) {
                   LoadPlan load = shop.plan();
                   load.seconds = seconds;
                   load.request = [](std::uint64_t number) { return TypicalScan(number, 1); };
                   return shop.Run(load);
                 }};
  const auto turns = TakeTurns(plan, {hot, shop.ClosedLoop("all members")});
  shop.CheckRows();
  Figure figure;
  figure.id = "P7";
  figure.engine = NameOf(engine);
  figure.what = "all scans on one member / over all members";
  figure.target = 0.8;
  figure.ratios = Ratios(turns[0], turns[1], &Turn::per_second);
  figure.value = MedianOf(turns[0], &Turn::per_second);
  figure.unit = "scans/s";
  return {figure};
}

}  // namespace loyalty::test
