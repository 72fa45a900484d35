#include "tests/bench/measures.h"
#include "tests/bench/shop.h"
#include "tests/bench/targets.h"

namespace loyalty::test {

std::vector<Figure> MeasureHotCard(const Plan& plan, storage::Engine engine) {
  Shop shop({.engine = engine, .server = {.lanes = plan.lanes}});
  const auto turns = TakeTurns(plan, {shop.ClosedLoop("one member", 1), shop.ClosedLoop("all members")});
  shop.CheckRows();
  return {
      ScansPerSecond("P7", engine, "all scans on one member / over all members", target::kHotCard, turns[0], turns[1])};
}

}  // namespace loyalty::test
