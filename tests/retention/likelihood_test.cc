#include "retention/likelihood.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "retention/fit.h"
#include "tests/support/property.h"

namespace loyalty::retention {
namespace {

struct Case {
  ModelKind kind;
  std::int32_t k;
};
const std::vector<Case> kCases = {{ModelKind::kBgNbd, 1},   {ModelKind::kMbgNbd, 1},  {ModelKind::kMbgCnbd, 1},
                                  {ModelKind::kMbgCnbd, 2}, {ModelKind::kMbgCnbd, 4}, {ModelKind::kMbgCnbd, 12}};

std::vector<History> SomeCustomers() {
  return {{.repeats = 0, .recency_days = 0, .age_days = 0},
          {.repeats = 0, .recency_days = 0, .age_days = 270},
          {.repeats = 0, .recency_days = 0, .age_days = 270},
          {.repeats = 1, .recency_days = 12, .age_days = 272, .sum_ln_gap = LnGap(12)},
          {.repeats = 2, .recency_days = 213, .age_days = 272, .sum_ln_gap = LnGap(17) + LnGap(196)},
          {.repeats = 2, .recency_days = 213, .age_days = 272, .sum_ln_gap = LnGap(100) + LnGap(113)},
          {.repeats = 29, .recency_days = 260, .age_days = 261, .sum_ln_gap = 29 * LnGap(9)},
          {.repeats = 60, .recency_days = 70, .age_days = 700, .sum_ln_gap = 10 * LnGap(2)}};
}

LnParameters AnyPoint() {
  LnParameters point{};
  for (std::size_t i = 0; i < point.size(); ++i)
    point[i] = kParametersLow[i] + (kParametersHigh[i] - kParametersLow[i]) * *rc::gen::inRange(0, 1001) / 1000;
  return point;
}

// The formula of likelihood.h word by word, one customer at a time.
double Define(const std::vector<History>& customers, const Case& model, const LnParameters& point) {
  const double r = std::exp(point[0]), alpha = std::exp(point[1]), a = std::exp(point[2]), b = std::exp(point[3]);
  const int s = model.kind == ModelKind::kBgNbd ? 0 : 1;
  double ln = 0;
  for (const History& h : customers) {
    const double size = r + model.k * h.repeats;
    ln += std::lgamma(size) - std::lgamma(r) + r * std::log(alpha) - size * std::log(alpha + h.age_days) +
          std::lgamma(b + h.repeats + s) - std::lgamma(b) + std::lgamma(a + b) - std::lgamma(a + b + h.repeats + s) +
          (model.k - 1) * std::ldexp(static_cast<double>(h.sum_ln_gap), -32) - h.repeats * std::lgamma(model.k);
    long double stages = 0;  // its range holds what a double's does not
    for (int j = 0; j < model.k; ++j)
      stages += std::exp(std::lgamma(size + j) - std::lgamma(size) - std::lgamma(j + 1)) *
                std::pow((h.age_days - h.recency_days) / (alpha + h.age_days), j);
    const long double left =
        h.repeats + s == 0
            ? 0
            : a / (b + h.repeats - 1 + s) *
                  std::pow((alpha + h.age_days) / (alpha + static_cast<long double>(h.recency_days)), size);
    ln += static_cast<double>(std::log(stages + left));
  }
  return ln;
}

TEST(LogLikelihood, IsTheSumOverCustomers) {
  const auto customers = SomeCustomers();
  const CollapsedRows rows = Collapse(customers);
  for (const Case& model : kCases) {
    LogLikelihood likelihood(rows, model.kind, model.k);
    for (const LnParameters& point : {LnParameters{-1.4, 3.4, -0.2, 0.9}, LnParameters{0.5, 5.0, -3.0, 2.0}}) {
      LnParameters gradient{};
      EXPECT_NEAR(likelihood(point, gradient) / Define(customers, model, point), 1, 1e-12) << model.k;
    }
  }
}

TEST(LogLikelihood, GradientIsThatOfItsValue) {
  const CollapsedRows rows = Collapse(SomeCustomers());
  for (const Case& model : kCases) {
    test::Check([&] {
      LogLikelihood likelihood(rows, model.kind, model.k);
      LnParameters point{};
      const LnParameters low = {-4, 0, -5, -4};
      const LnParameters high = {4, 8, 4, 5};
      for (std::size_t i = 0; i < point.size(); ++i)
        point[i] = low[i] + (high[i] - low[i]) * *rc::gen::inRange(0, 1001) / 1000;
      LnParameters gradient{};
      likelihood(point, gradient);
      for (std::size_t i = 0; i < point.size(); ++i) {
        constexpr double kStep = 1e-4;
        LnParameters ignored{};
        const auto at = [&](double step) {
          LnParameters moved = point;
          moved[i] += step;
          return likelihood(moved, ignored);
        };
        // Richardson: errors of the fourth order.
        const double difference = (8 * (at(kStep) - at(-kStep)) - (at(2 * kStep) - at(-2 * kStep))) / (12 * kStep);
        RC_ASSERT(std::abs(gradient[i] - difference) <= 1e-6 * (1 + std::abs(gradient[i])));
      }
    });
  }
}

TEST(LogLikelihood, OneStageIsMbgNbdToTheLastBit) {
  const CollapsedRows rows = Collapse(SomeCustomers());
  test::Check([&] {
    const LnParameters point = AnyPoint();
    LogLikelihood one(rows, ModelKind::kMbgCnbd, 1);
    LogLikelihood mbg(rows, ModelKind::kMbgNbd, 1);
    LnParameters gradient_one{}, gradient_mbg{};
    RC_ASSERT(one(point, gradient_one) == mbg(point, gradient_mbg));
    RC_ASSERT(gradient_one == gradient_mbg);
  });
}

TEST(LogLikelihood, IsFiniteAllOverTheBox) {
  auto customers = SomeCustomers();
  customers.push_back({.repeats = 10'000, .recency_days = 10'950, .age_days = 10'950});
  customers.push_back({.repeats = 10'000, .recency_days = 10'000, .age_days = 10'950});
  customers.push_back({.repeats = 1, .recency_days = 1, .age_days = 10'950});
  customers.push_back({.repeats = 0, .recency_days = 0, .age_days = 10'950});
  const CollapsedRows rows = Collapse(customers);
  for (const Case& model : kCases) {
    LogLikelihood likelihood(rows, model.kind, model.k);
    const auto check = [&](const LnParameters& point) {
      LnParameters gradient{};
      bool finite = std::isfinite(likelihood(point, gradient));
      for (const double derivative : gradient) finite = finite && std::isfinite(derivative);
      return finite;
    };
    for (unsigned corner = 0; corner < 16; ++corner) {
      LnParameters point{};
      for (std::size_t i = 0; i < point.size(); ++i)
        point[i] = (corner >> i & 1U) != 0 ? kParametersHigh[i] : kParametersLow[i];
      EXPECT_TRUE(check(point)) << "corner " << corner << " k " << model.k;
    }
    test::Check([&] { RC_ASSERT(check(AnyPoint())); });
  }
}

}  // namespace
}  // namespace loyalty::retention
