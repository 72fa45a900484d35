// P5: a program that has grown; P12: what a server takes to start and to run.
#include <fmt/format.h>

#include "tests/bench/measures.h"
#include "tests/bench/targets.h"
#include "tests/bench/workloads.h"

namespace loyalty::test {
std::vector<Figure> MeasureGrowth(const Plan& plan, storage::Engine engine) {
  const auto sizes =
      plan.quick ? std::vector{ManyMembers(plan)} : std::vector{ManyMembers(plan), 10 * ManyMembers(plan)};
  std::vector<Figure> figures;
  Shop small({.engine = engine, .server = {.lanes = plan.lanes}});
  for (const std::int64_t members : sizes) {
    Shop large({.engine = engine, .server = {.lanes = plan.lanes}});
    Grow(large, members);
    const Side among = large.ClosedLoop(fmt::format("{} members", members), static_cast<std::uint64_t>(members));
    among.run(plan.seconds);  // caches are filled by what is asked for
    const auto turns = TakeTurns(plan, {among, small.ClosedLoop(fmt::format("{} members", kMembers))});
    figures.push_back(ScansPerSecond("P5", engine, fmt::format("Scan with {} members / with {}", members, kMembers),
                                     target::kGrown, turns[0], turns[1]));
  }
  return figures;
}

std::vector<Figure> MeasureFootprint(const Plan& plan) {
  const std::int64_t members = ManyMembers(plan);
  Shop shop({.server = {.lanes = plan.lanes}});
  Grow(shop, members);
  const auto turns = TakeTurns(plan, {StartsAndScans(shop, "start, then scans", members)}).front();
  const auto figure = [&](const char* what, double Turn::*member, double most, const char* unit) {
    Figure made;
    made.id = "P12";
    made.engine = "sqlite";
    made.what = fmt::format("{}, {} members / {:g} {}", what, members, most, unit);
    made.target = 1;
    made.at_most = true;
    for (const Turn& turn : turns) made.ratios.push_back(turn.*member / most);
    made.value = MedianOf(turns, member);
    made.unit = unit;
    return made;
  };
  return {figure("start", &Turn::seconds, target::kStartSeconds, "s"),
          figure("resident memory under the load of P1", &Turn::server_mb, target::kMemoryMb, "MB")};
}

}  // namespace loyalty::test
