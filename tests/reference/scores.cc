#include "tests/reference/scores.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace loyalty::reference {
namespace {

std::vector<std::size_t> Order(Numbers values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  return order;
}

}  // namespace

double Mean(Numbers values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double MeanAbsoluteError(Numbers predicted, Numbers actual) {
  double sum = 0;
  for (std::size_t i = 0; i < actual.size(); ++i) sum += std::abs(predicted[i] - actual[i]);
  return sum / static_cast<double>(actual.size());
}

double RootMeanSquareError(Numbers predicted, Numbers actual) {
  double sum = 0;
  for (std::size_t i = 0; i < actual.size(); ++i) sum += (predicted[i] - actual[i]) * (predicted[i] - actual[i]);
  return std::sqrt(sum / static_cast<double>(actual.size()));
}

double Correlation(Numbers x, Numbers y) {
  const double mean_x = Mean(x);
  const double mean_y = Mean(y);
  double xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  return xy / std::sqrt(xx * yy);
}

double AreaUnderCurve(Numbers score, Numbers happened) {
  const std::vector<std::size_t> order = Order(score);
  double ranks = 0;  // of those to whom it happened
  double yes = 0;
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    double yes_here = 0;
    for (; end < order.size() && score[order[end]] == score[order[begin]]; ++end) yes_here += happened[order[end]];
    ranks += yes_here * (static_cast<double>(begin + 1 + end) / 2);
    yes += yes_here;
    begin = end;
  }
  const double no = static_cast<double>(score.size()) - yes;
  return (ranks - yes * (yes + 1) / 2) / (yes * no);
}

std::vector<std::pair<double, double>> Deciles(Numbers probability, Numbers happened) {
  constexpr std::size_t kTenths = 10;
  const std::vector<std::size_t> order = Order(probability);
  std::vector<std::pair<double, double>> deciles;
  std::size_t begin = 0;
  for (std::size_t tenth = 1; tenth <= kTenths; ++tenth) {
    const std::size_t end = (order.size() - 1) * tenth / kTenths + 1;
    double predicted = 0;
    double observed = 0;
    for (std::size_t i = begin; i < end; ++i) {
      predicted += probability[order[i]];
      observed += happened[order[i]];
    }
    const double size = static_cast<double>(end - begin);
    deciles.emplace_back(predicted / size, observed / size);
    begin = end;
  }
  return deciles;
}

}  // namespace loyalty::reference
