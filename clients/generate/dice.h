// Random numbers that are the same everywhere: the distributions of <random> differ between libraries.
#pragma once

#include <cstdint>

namespace loyalty::client {

// What a stream of numbers is drawn for. Part of its key: never renumber, or a seed means another year.
enum class Draw : std::uint8_t {
  kMember = 1,
  kPurchase = 2,
  kStranger = 3,
  kDay = 4,
  kReturn = 5,
  kReceipt = 6,
};

// A stream of its own for each (seed, draw, a, b): what one member does never moves what another does.
class Dice {
 public:
  Dice(std::uint64_t seed, Draw draw, std::uint64_t a, std::uint64_t b = 0);

  std::uint64_t Bits();
  // 0 to sides - 1; sides >= 1.
  std::int64_t Roll(std::int64_t sides);
  bool Chance(double probability);
  double Uniform();  // in (0, 1)
  double Normal();
  double Exponential();        // mean 1
  double Gamma(double shape);  // shape > 0, scale 1 (Marsaglia and Tsang 2000)
  double Beta(double a, double b);
  std::int64_t Poisson(double mean);  // mean < 700

 private:
  std::uint64_t state_;
};

}  // namespace loyalty::client
