#include "tests/bench/before.h"

#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>

#include "tests/bench/classifier.h"
#include "tests/bench/workloads.h"

namespace loyalty::test {
namespace {

// What is compared of a turn.
struct Reading {
  std::string what;
  double Turn::*member = &Turn::per_second;
  const char* unit = "scans/s";  // else less of it is better
};

struct Workload {
  std::string id;
  std::vector<storage::Engine> engines = {storage::Engine::kSqlite, storage::Engine::kMysql};
  std::vector<Reading> readings;
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

Side ScansBeside(const Plan& plan, Shop& shop, std::string name) {
  GrowDiverse(shop, ManyMembers(plan));
  Classifier(shop).Run(v1::MEASURE_CHOICE_NEW);
  return ScansBesideClassification(plan, shop, std::move(name), ManyMembers(plan));
}

Side Classify(const Plan& plan, Shop& shop, std::string name) {
  GrowDiverse(shop, ManyMembers(plan));
  Classifier(shop).Run(v1::MEASURE_CHOICE_NEW);  // which places everybody
  return Classifications(shop, std::move(name));
}

Side StartAmongMany(const Plan& plan, Shop& shop, std::string name) {
  Grow(shop, ManyMembers(plan));
  return StartsAndScans(shop, std::move(name), ManyMembers(plan));
}

std::vector<Workload> Workloads() {
  using storage::Engine;
  const std::string scans = fmt::format("durable Scan, {} callers", kCallers);
  return {
      {"P1", {Engine::kSqlite}, {{scans}}, Scans},
      {"P2", {Engine::kMysql}, {{scans}}, Scans},
      {.id = "P3", .readings = {{"durable ScanStream, 4 streams"}}, .prepare = Streams},
      {.id = "P5", .readings = {{"Scan with many members"}}, .prepare = ScansAmongMany},
      {.id = "L1", .readings = {{"durable Scan with the lifecycle"}}, .prepare = ScansWithLifecycle},
      {.id = "L2", .readings = {{"Scan beside a classification of many members"}}, .prepare = ScansBeside},
      {.id = "P8",
       .readings = {{"classification of many members, fit included", &Turn::seconds, "s"}},
       .prepare = Classify},
      {"P12",
       {Engine::kSqlite},
       {{"start with many members", &Turn::seconds, "s"},
        {"resident memory under the load of P1, many members", &Turn::server_mb, "MB"}},
       StartAmongMany},
  };
}

std::vector<Figure> Compare(const Plan& plan, const Earlier& earlier, const Workload& workload,
                            storage::Engine engine) {
  const std::string program = std::filesystem::absolute(earlier.directory) / "bin/loyaltyd";
  if (!std::filesystem::exists(program)) throw std::runtime_error("there is no " + program + ": ./dev build release");
  Shop ours({.engine = engine, .server = {.lanes = plan.lanes}});
  Shop theirs({.engine = engine, .program = program, .server = {.lanes = plan.lanes}});
  const auto turns = TakeTurns(plan, {workload.prepare(plan, ours, "now"), workload.prepare(plan, theirs, "before")});
  std::vector<Figure> figures;
  for (const Reading& reading : workload.readings) {
    const bool more_is_better = reading.member == &Turn::per_second;
    Figure figure = FigureAgainst(
        earlier, workload.id, NameOf(engine), reading.what,
        more_is_better ? Ratios(turns[0], turns[1], reading.member) : Ratios(turns[1], turns[0], reading.member));
    figure.value = MedianOf(turns[0], reading.member);
    figure.unit = reading.unit;
    figure.note = fmt::format("before {:.4g} {}; {} pairs of {:g} s", MedianOf(turns[1], reading.member), reading.unit,
                              plan.pairs, plan.seconds);
    figures.push_back(std::move(figure));
  }
  return figures;
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
                              for (Figure& figure : Compare(plan, earlier, workload, engine))
                                figures.push_back(std::move(figure));
                          return figures;
                        }});
  measures.push_back({"P9", [earlier](const Plan& plan) { return CompareFits(plan, earlier); }});
  return measures;
}

}  // namespace loyalty::test
