// P5: a program that has grown; P12: what a server takes to start and to run.
#include <fmt/format.h>

#include <chrono>

#include "tests/bench/fill.h"
#include "tests/bench/measures.h"
#include "tests/bench/raw_engines.h"
#include "tests/bench/shop.h"
#include "tests/support/usage.h"

namespace loyalty::test {
namespace {

Side Among(Shop& shop, std::int64_t members) {
  return {fmt::format("{} members", members), [&shop, members](double seconds) {
            LoadPlan load = shop.plan();
            load.seconds = seconds;
            load.request = [members](std::uint64_t number) {
              return TypicalScan(number, static_cast<std::uint64_t>(members));
            };
            return shop.Run(load);
          }};
}

// With so many members; the server starts after they were filled in.
void Grow(Shop& shop, std::int64_t members) {
  shop.server().Stop();
  FillMembers(*RawDatabase::Open(shop.installation().url()), kMembers, members);
  shop.server().Start();
}

}  // namespace

std::vector<Figure> MeasureGrowth(const Plan& plan, storage::Engine engine, std::vector<std::int64_t> sizes) {
  std::vector<Figure> figures;
  Shop small({.engine = engine, .server = {.lanes = plan.lanes}});
  for (const std::int64_t members : sizes) {
    Shop large({.engine = engine, .server = {.lanes = plan.lanes}});
    Grow(large, members);
    Among(large, members).run(plan.seconds);  // caches are filled by what is asked for
    const auto turns = TakeTurns(plan, {Among(large, members), Among(small, kMembers)});
    Figure figure;
    figure.id = "P5";
    figure.engine = NameOf(engine);
    figure.what = fmt::format("Scan with {} members / with {}", members, kMembers);
    figure.target = 0.75;
    figure.ratios = Ratios(turns[0], turns[1], &Turn::per_second);
    figure.value = MedianOf(turns[0], &Turn::per_second);
    figure.unit = "scans/s";
    figures.push_back(std::move(figure));
  }
  return figures;
}

std::vector<Figure> MeasureFootprint(const Plan& plan, std::int64_t members) {
  Shop shop({.server = {.lanes = plan.lanes}});
  Grow(shop, members);
  std::vector<double> starts, memory;
  for (int turn = 0; turn < plan.pairs; ++turn) {
    shop.server().Stop();
    const auto start = std::chrono::steady_clock::now();
    shop.server().Start();
    starts.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    const UsageMeter meter({shop.server().process().pid()});
    Among(shop, members).run(plan.seconds);
    memory.push_back(static_cast<double>(meter.Stop().memory_peak_mb));
  }
  const auto figure = [members](const char* what, const std::vector<double>& values, double most, const char* unit) {
    Figure made;
    made.id = "P12";
    made.engine = "sqlite";
    made.what = fmt::format("{}, {} members / {:g} {}", what, members, most, unit);
    made.target = 1;
    made.at_most = true;
    for (const double value : values) made.ratios.push_back(value / most);
    made.value = Median(values);
    made.unit = unit;
    return made;
  };
  return {figure("start", starts, 1, "s"), figure("resident memory under the load of P1", memory, 150, "MB")};
}

}  // namespace loyalty::test
