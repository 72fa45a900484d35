// L1, L2: what the lifecycle costs a scan.
#include <fmt/format.h>

#include <chrono>
#include <stdexcept>
#include <thread>

#include "tests/bench/classifier.h"
#include "tests/bench/fill.h"
#include "tests/bench/measures.h"

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
  Figure figure = ScansPerSecond("L1", engine, "durable Scan with the lifecycle / without", 0.97, turns[0], turns[1]);
  figure.note = fmt::format("{} pairs of {:g} s", finer.pairs, finer.seconds);
  return {figure};
}

std::vector<Figure> MeasureScansBesideClassification(const Plan& plan, storage::Engine engine) {
  const std::int64_t members = plan.quick ? kFewForQuick : 1'000'000;
  Shop shop({.engine = engine, .server = {.lanes = plan.lanes}});
  shop.server().Stop();
  FillMembers(*RawDatabase::Open(shop.installation().url()), kMembers, members);
  MakeDiverse(*RawDatabase::Open(shop.installation().url()));
  shop.server().Start();
  const Classifier classifier(shop);
  classifier.Run(v1::MEASURE_CHOICE_NEW);
  const auto all = static_cast<std::uint64_t>(members);
  Side alone = shop.ClosedLoop("scans alone", all);
  Side beside = alone;
  beside.name = "beside a classification";
  beside.run = [&](double seconds) {
    const v1::Job job = classifier.Start(v1::MEASURE_CHOICE_NEW);
    const Turn turn = alone.run(seconds);
    if (!plan.quick && classifier.HasEnded(job)) throw std::runtime_error("the classification was too short");
    while (!classifier.HasEnded(job)) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return turn;
  };
  const auto turns = TakeTurns(plan, {beside, alone});
  return {ScansPerSecond("L2", engine, fmt::format("Scan beside a classification of {} members / without", members),
                         0.90, turns[0], turns[1])};
}

}  // namespace loyalty::test
