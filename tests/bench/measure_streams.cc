#include <fmt/format.h>

#include "tests/bench/measures.h"
#include "tests/bench/references.h"
#include "tests/bench/shop.h"
#include "tests/bench/targets.h"

namespace loyalty::test {

std::vector<Figure> MeasureStreams(const Plan& plan, storage::Engine engine) {
  Shop shop({.engine = engine, .server = {.lanes = plan.lanes}});
  Shop bulk_shop({.engine = engine, .server = {.lanes = plan.lanes}});  // for its database
  bulk_shop.server().Stop();
  const auto turns = TakeTurns(plan, {shop.Streams(), BulkSide(bulk_shop.installation().url())});
  shop.CheckRows();
  bulk_shop.CheckRows();
  Figure figure =
      ScansPerSecond("P3", engine, "durable ScanStream, 4 streams / bulk", target::kStreamsToBulk, turns[0], turns[1]);
  figure.note = fmt::format("server {:.0f} us of processor a scan, bulk {:.0f} scans/s",
                            MedianOf(turns[0], &Turn::server_us), MedianOf(turns[1], &Turn::per_second));
  return {figure};
}

}  // namespace loyalty::test
