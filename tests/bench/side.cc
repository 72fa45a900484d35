#include "tests/bench/side.h"

#include <fmt/format.h>

#include <iostream>

#include "tests/bench/figure.h"

namespace loyalty::test {

std::vector<std::vector<Turn>> TakeTurns(const Plan& plan, const std::vector<Side>& sides) {
  std::vector<std::vector<Turn>> turns(sides.size());
  for (int pair = 0; pair < plan.pairs; ++pair)
    for (std::size_t step = 0; step < sides.size(); ++step) {
      // There and back: who goes first is not always the same.
      const std::size_t i = pair % 2 == 0 ? step : sides.size() - 1 - step;
      const Turn turn = sides[i].run(plan.seconds);
      turns[i].push_back(turn);
      std::cerr << fmt::format("  {}/{} {:20} {:8.0f}/s  p50 {:6.2f} ms  p99 {:6.2f} ms  server {:5.1f} us{}\n",
                               pair + 1, plan.pairs, sides[i].name, turn.per_second, turn.p50_ms, turn.p99_ms,
                               turn.server_us, turn.seconds > 0 ? fmt::format("  {:.3f} s", turn.seconds) : "");
    }
  return turns;
}

double MedianOf(const std::vector<Turn>& turns, double Turn::*member) {
  std::vector<double> values;
  for (const Turn& turn : turns) values.push_back(turn.*member);
  return Median(values);
}

std::vector<double> Ratios(const std::vector<Turn>& a, const std::vector<Turn>& b, double Turn::*member) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) ratios.push_back(a[i].*member / b[i].*member);
  return ratios;
}

}  // namespace loyalty::test
