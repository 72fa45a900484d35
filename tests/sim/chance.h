// Random decisions of a simulation: the same for a seed, on every machine.
#pragma once

#include <cstdint>
#include <random>

namespace loyalty::sim {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_(seed) {}

  std::int64_t Bits() { return static_cast<std::int64_t>(random_()); }
  // 0 to end - 1.
  std::int64_t Below(std::int64_t end) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(end));
  }
  bool OneIn(std::int64_t n) { return Below(n) == 0; }

 private:
  std::mt19937_64 random_;
};

}  // namespace loyalty::sim
