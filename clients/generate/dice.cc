#include "clients/generate/dice.h"

#include <cmath>
#include <numbers>

namespace loyalty::client {
namespace {

// SplitMix64 (Steele, Lea and Flood 2014): the step and the mixing of its output.
constexpr std::uint64_t kStep = 0x9E3779B97F4A7C15U;
std::uint64_t Mix(std::uint64_t value) {
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
  return value ^ (value >> 31U);
}

constexpr unsigned kMantissaBits = 53;

}  // namespace

Dice::Dice(std::uint64_t seed, Draw draw, std::uint64_t a, std::uint64_t b)
    : state_(Mix(Mix(Mix(Mix(seed + kStep) + static_cast<std::uint64_t>(draw)) + a + kStep) + b + kStep)) {}

std::uint64_t Dice::Bits() {
  state_ += kStep;
  return Mix(state_);
}

std::int64_t Dice::Roll(std::int64_t sides) {
  return static_cast<std::int64_t>(Bits() % static_cast<std::uint64_t>(sides));
}

double Dice::Uniform() {
  const std::uint64_t bits = Bits() >> (64U - kMantissaBits);
  return (static_cast<double>(bits) + 0.5) / static_cast<double>(std::uint64_t{1} << kMantissaBits);
}

bool Dice::Chance(double probability) { return Uniform() < probability; }

double Dice::Exponential() { return -std::log(Uniform()); }

// Box and Muller; the second number is thrown away, so that a stream stays a plain sequence.
double Dice::Normal() {
  const double radius = std::sqrt(2 * Exponential());
  return radius * std::cos(2 * std::numbers::pi * Uniform());
}

double Dice::Gamma(double shape) {
  if (shape < 1) return Gamma(shape + 1) * std::pow(Uniform(), 1 / shape);
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = Normal();
    const double v = 1 + c * x;
    if (v <= 0) continue;
    const double cube = v * v * v;
    if (std::log(Uniform()) < x * x / 2 + d - d * cube + d * std::log(cube)) return d * cube;
  }
}

double Dice::Beta(double a, double b) {
  const double x = Gamma(a);
  return x / (x + Gamma(b));
}

std::int64_t Dice::Poisson(double mean) {
  if (mean <= 0) return 0;
  const double limit = std::exp(-mean);
  std::int64_t events = 0;
  for (double product = Uniform(); product > limit; product *= Uniform()) ++events;
  return events;
}

}  // namespace loyalty::client
