// L1, L2: what the lifecycle costs a scan.
#include <fmt/format.h>

#include "tests/bench/classifier.h"
#include "tests/bench/measures.h"
#include "tests/bench/targets.h"
#include "tests/bench/workloads.h"

namespace loyalty::test {

std::vector<Figure> MeasureLifecycleOfScans(const Plan& plan, storage::Engine engine) {
  Shop with({.engine = engine, .server = {.lanes = plan.lanes}});
  Shop without({.engine = engine, .server = {.lanes = plan.lanes}});
  Classifier(with).Run(v1::MEASURE_CHOICE_NEW);
  // A few percent are asked for: many short turns beside each other, for the machine's own speed changes by more.
  constexpr int kFiner = 5;
  Plan finer = plan;
  if (!plan.quick) {
    finer.pairs *= kFiner;
    finer.seconds /= kFiner;
  }
  const auto turns = TakeTurns(finer, {with.ClosedLoop("with lifecycle"), without.ClosedLoop("without")});
  Figure figure = ScansPerSecond("L1", engine, "durable Scan with the lifecycle / without", target::kWithLifecycle,
                                 turns[0], turns[1]);
  figure.note = fmt::format("{} pairs of {:g} s", finer.pairs, finer.seconds);
  return {figure};
}

std::vector<Figure> MeasureScansBesideClassification(const Plan& plan, storage::Engine engine) {
  const std::int64_t members = ManyMembers(plan);
  Shop shop({.engine = engine, .server = {.lanes = plan.lanes}});
  GrowDiverse(shop, members);
  Classifier(shop).Run(v1::MEASURE_CHOICE_NEW);
  const auto turns = TakeTurns(plan, {ScansBesideClassification(plan, shop, "beside a classification", members),
                                      shop.ClosedLoop("scans alone", static_cast<std::uint64_t>(members))});
  return {ScansPerSecond("L2", engine, fmt::format("Scan beside a classification of {} members / without", members),
                         target::kBesideClassification, turns[0], turns[1])};
}

}  // namespace loyalty::test
