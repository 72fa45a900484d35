#include "tests/bench/before.h"

#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>

#include "tests/bench/classifier.h"
#include "tests/bench/workloads.h"

namespace loyalty::test {
namespace {

struct Workload {
  std::string id;
  std::vector<storage::Engine> engines = {storage::Engine::kSqlite, storage::Engine::kMysql};
  std::string what;
  // Brings a shop to where it should be; says what it does in its turns.
  std::function<Side(const Plan& plan, Shop& shop, std::string name)> prepare;
};

Side Scans(const Plan&, Shop& shop, std::string name) { return shop.ClosedLoop(std::move(name)); }

Side Streams(const Plan&, Shop& shop, std::string name) {
  Side side = shop.Streams();
  side.name = std::move(name);
  return side;
}

Side ScansAmongMany(const Plan& plan, Shop& shop, std::string name) {
  Grow(shop, ManyMembers(plan));
  Side side = shop.ClosedLoop(std::move(name), static_cast<std::uint64_t>(ManyMembers(plan)));
  side.run(plan.seconds);  // caches are filled by what is asked for
  return side;
}

Side ScansWithLifecycle(const Plan&, Shop& shop, std::string name) {
  Classifier(shop).Run(v1::MEASURE_CHOICE_NEW);
  return shop.ClosedLoop(std::move(name));
}

std::vector<Workload> Workloads() {
  using storage::Engine;
  const std::string scans = fmt::format("durable Scan, {} callers", kCallers);
  return {
      {"P1", {Engine::kSqlite}, scans, Scans},
      {"P2", {Engine::kMysql}, scans, Scans},
      {.id = "P3", .what = "durable ScanStream, 4 streams", .prepare = Streams},
      {.id = "P5", .what = "Scan with many members", .prepare = ScansAmongMany},
      {.id = "L1", .what = "durable Scan with the lifecycle", .prepare = ScansWithLifecycle},
  };
}

Figure Compare(const Plan& plan, const Earlier& earlier, const Workload& workload, storage::Engine engine) {
  const std::string program = std::filesystem::absolute(earlier.directory) / "bin/loyaltyd";
  if (!std::filesystem::exists(program)) throw std::runtime_error("there is no " + program + ": ./dev build release");
  Shop ours({.engine = engine, .server = {.lanes = plan.lanes}});
  Shop theirs({.engine = engine, .program = program, .server = {.lanes = plan.lanes}});
  const auto turns = TakeTurns(plan, {workload.prepare(plan, ours, "now"), workload.prepare(plan, theirs, "before")});
  Figure figure =
      FigureAgainst(earlier, workload.id, NameOf(engine), workload.what, Ratios(turns[0], turns[1], &Turn::per_second));
  figure.value = MedianOf(turns[0], &Turn::per_second);
  figure.unit = "scans/s";
  figure.note = fmt::format("before {:.4g} scans/s; {} pairs of {:g} s", MedianOf(turns[1], &Turn::per_second),
                            plan.pairs, plan.seconds);
  return figure;
}

}  // namespace

Figure FigureAgainst(const Earlier& earlier, std::string id, std::string engine, const std::string& what,
                     std::vector<double> ratios) {
  Figure figure;
  figure.id = std::move(id);
  figure.engine = std::move(engine);
  figure.what = what + " / before";
  figure.target = earlier.at_least;
  figure.interval = MedianInterval(ratios);
  figure.ratios = std::move(ratios);
  return figure;
}

std::vector<Measure> MeasuresAgainst(const Earlier& earlier) {
  std::vector<Measure> measures;
  for (const Workload& workload : Workloads())
    measures.push_back({workload.id, [workload, earlier](const Plan& plan) {
                          std::vector<Figure> figures;
                          for (const storage::Engine engine : workload.engines)
                            if (!plan.engine || plan.engine == engine)
                              figures.push_back(Compare(plan, earlier, workload, engine));
                          return figures;
                        }});
  for (const char* id : {"L2", "P8", "P9", "P12"})
    measures.push_back({id, [id, earlier](const Plan& plan) { return CompareBenches(plan, earlier, id); }});
  return measures;
}

}  // namespace loyalty::test
