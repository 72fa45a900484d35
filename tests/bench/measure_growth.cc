// P5: a program that has grown; P12: what a server takes to start and to run.
#include <fmt/format.h>

#include <chrono>

#include "tests/bench/fill.h"
#include "tests/bench/measures.h"
#include "tests/bench/raw_database.h"
#include "tests/bench/shop.h"

namespace loyalty::test {
namespace {

constexpr std::int64_t kMembersForQuick = 20'000;

// With so many members; the server starts after they were filled in.
void Grow(Shop& shop, std::int64_t members) {
  shop.server().Stop();
  FillMembers(*RawDatabase::Open(shop.installation().url()), kMembers, members);
  shop.server().Start();
}

}  // namespace

std::vector<Figure> MeasureGrowth(const Plan& plan, storage::Engine engine) {
  const auto sizes =
      plan.quick ? std::vector<std::int64_t>{kMembersForQuick} : std::vector<std::int64_t>{1'000'000, 10'000'000};
  std::vector<Figure> figures;
  Shop small({.engine = engine, .server = {.lanes = plan.lanes}});
  for (const std::int64_t members : sizes) {
    Shop large({.engine = engine, .server = {.lanes = plan.lanes}});
    Grow(large, members);
    const Side among = large.ClosedLoop(fmt::format("{} members", members), static_cast<std::uint64_t>(members));
    among.run(plan.seconds);  // caches are filled by what is asked for
    const auto turns = TakeTurns(plan, {among, small.ClosedLoop(fmt::format("{} members", kMembers))});
    figures.push_back(ScansPerSecond("P5", engine, fmt::format("Scan with {} members / with {}", members, kMembers),
                                     0.75, turns[0], turns[1]));
  }
  return figures;
}

std::vector<Figure> MeasureFootprint(const Plan& plan) {
  const std::int64_t members = plan.quick ? kMembersForQuick : 1'000'000;
  Shop shop({.server = {.lanes = plan.lanes}});
  Grow(shop, members);
  std::vector<double> starts, memory;
  for (int turn = 0; turn < plan.pairs; ++turn) {
    shop.server().Stop();
    const auto start = std::chrono::steady_clock::now();
    shop.server().Start();
    starts.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    memory.push_back(shop.ClosedLoop("", static_cast<std::uint64_t>(members)).run(plan.seconds).server_mb);
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
