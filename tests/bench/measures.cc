#include "tests/bench/measures.h"

namespace loyalty::test {

const char* NameOf(storage::Engine engine) { return engine == storage::Engine::kSqlite ? "sqlite" : "mysql"; }

Figure ScansPerSecond(std::string id, storage::Engine engine, std::string what, double target,
                      const std::vector<Turn>& side, const std::vector<Turn>& other) {
  return {.id = std::move(id),
          .engine = NameOf(engine),
          .what = std::move(what),
          .target = target,
          .ratios = Ratios(side, other, &Turn::per_second),
          .value = MedianOf(side, &Turn::per_second),
          .unit = "scans/s"};
}

}  // namespace loyalty::test
