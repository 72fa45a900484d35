// P9: a model fitted, and every member scored, on one core and without a database.
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <stdexcept>

#include "retention/collapse.h"
#include "retention/fit.h"
#include "retention/predict.h"
#include "tests/bench/measures.h"
#include "tests/bench/targets.h"
#include "tests/retention/simulate.h"

namespace loyalty::test {
namespace {

using retention::History;
using retention::Model;

constexpr double kHalfYear = 182;

// Members of two years, as CDNOW's parameters make them.
std::vector<History> Members(const Model& truth, int members) {
  constexpr int kAtOnce = 1'000'000;
  std::vector<History> histories;
  histories.reserve(static_cast<std::size_t>(members));
  for (int done = 0; done < members; done += kAtOnce) {
    const auto some = Simulate(truth, {.seed = static_cast<std::uint64_t>(done + 1),
                                       .customers = std::min(kAtOnce, members - done),
                                       .age_days_min = 1,
                                       .age_days_max = 730,
                                       .days_after = 0});
    for (const Simulated& customer : some) histories.push_back(customer.history);
  }
  return histories;
}

template <typename Work>
double SecondsOf(Work work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Figure SecondsFor(std::string what, double most, const std::vector<double>& seconds) {
  Figure figure;
  figure.id = "P9";
  figure.what = std::move(what);
  figure.target = 1;
  figure.at_most = true;
  for (const double value : seconds) figure.ratios.push_back(value / most);
  figure.value = Median(seconds);
  figure.unit = "s";
  return figure;
}

}  // namespace

std::vector<Figure> MeasureFit(const Plan& plan) {
  const Model truth{.kind = retention::ModelKind::kMbgNbd,
                    .k = 1,
                    .r = 0.525,
                    .alpha = 6.183,
                    .a = 0.891,
                    .b = 1.614,
                    .days_per_unit = 7};
  const std::vector<std::pair<int, double>> sizes =
      plan.quick ? std::vector<std::pair<int, double>>{{50'000, target::kFitOfMillion}}
                 : std::vector<std::pair<int, double>>{{1'000'000, target::kFitOfMillion},
                                                       {10'000'000, target::kFitOfTenMillions}};
  std::vector<Figure> figures;
  for (const auto& [members, most] : sizes) {
    const std::vector<History> histories = Members(truth, members);
    std::vector<double> fits, scores;
    std::size_t rows = 0;
    for (int turn = 0; turn < plan.pairs; ++turn) {
      retention::Fit fit;
      fits.push_back(SecondsOf([&] {
        const auto collapsed = retention::Collapse(histories);
        rows = collapsed.rows.size();
        fit = retention::FitModel(collapsed, {.kind = truth.kind});
      }));
      if (fit.status != retention::FitStatus::kConverged) throw std::runtime_error("the model was not found");
      double sum = 0;
      scores.push_back(SecondsOf([&] {
        for (const History& history : histories)
          sum += retention::ProbabilityAlive(fit.model, history) +
                 retention::ProbabilityToBuy(fit.model, history, kHalfYear);
      }));
      if (!std::isfinite(sum)) throw std::runtime_error("a score is no number");
      fmt::print(stderr, "  {}/{} {} members: fit {:.3f} s, scores {:.3f} s\n", turn + 1, plan.pairs, members,
                 fits.back(), scores.back());
    }
    figures.push_back(
        SecondsFor(fmt::format("MBG/NBD fit of {} members on one core / {:g} s", members, most), most, fits));
    figures.back().note = fmt::format("collapsed to {} rows, which is part of it", rows);
    if (members == sizes.front().first)
      figures.push_back(SecondsFor(
          fmt::format("P(alive) and P(buy) of {} members on one core / {:g} s", members, target::kScoresOfMillion),
          target::kScoresOfMillion, scores));
  }
  return figures;
}

}  // namespace loyalty::test
