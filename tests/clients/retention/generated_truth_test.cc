// A fit finds the truth that a generated year was made from, by way of its receipts.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "clients/generate/year.h"
#include "retention/fit.h"
#include "retention/history.h"
#include "retention/summary.h"

namespace loyalty::client {
namespace {

using retention::Fit;
using retention::History;
using retention::MemberDay;
using retention::ModelKind;

constexpr std::uint64_t kSeeds = 20;  // 1 to 20: none is chosen
constexpr std::array<const char*, 4> kNames{"ln r", "ln alpha", "ln a", "ln b"};

// The customers of `loyalty-generate --plain --k K --members 3000 --days 1095`, at the end of its last day.
std::vector<History> HistoriesOf(std::uint64_t seed, int k) {
  const Population population{.members = 3'000, .days = 3 * 365, .seed = seed, .plain = true, .plain_k = k};
  Year year(population);
  std::map<std::string, std::vector<MemberDay>> by_card;
  const auto take = [&](const GeneratedReceipt& receipt) {
    if (receipt.card.empty() || receipt.is_return) return;
    auto& days = by_card[receipt.card];
    if (days.empty() || days.back().day != receipt.day) days.push_back({.day = receipt.day});
    ++days.back().receipts;
  };
  while (year.NextDay(take)) {
  }
  std::vector<History> histories;
  for (const auto& [card, days] : by_card)
    histories.push_back(HistoryOf(retention::Summarise(days), population.days - 1).value());
  return histories;
}

// What was found less what is true, in standard errors.
std::array<double, 4> Deviations(const Fit& fit, int k) {
  const ModelTruth& truth = kPlainTruth;
  const double alpha = truth.alpha_times_k / k;
  return {std::log(fit.model.r / truth.r) / fit.ln_errors[0], std::log(AlphaDays(fit.model) / alpha) / fit.ln_errors[1],
          std::log(fit.model.a / truth.a) / fit.ln_errors[2], std::log(fit.model.b / truth.b) / fit.ln_errors[3]};
}

class GeneratedTruth : public ::testing::TestWithParam<int> {};

// Were every seed another draw of the same, its deviations would be those of a normal distribution, and one in 370
// would exceed 3. Their mean tells what no single seed does: whether days instead of times have moved a parameter.
TEST_P(GeneratedTruth, IsFoundWithin3StandardErrors) {
  const int k = GetParam();
  std::array<double, 4> sums{};
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Fit fit = FitModel(retention::Collapse(HistoriesOf(seed, k)), {.kind = ModelKind::kMbgCnbd, .k_max = 4});
    EXPECT_EQ(fit.status, retention::FitStatus::kConverged) << "seed " << seed;
    EXPECT_EQ(fit.model.k, k) << "seed " << seed;
    const auto deviations = Deviations(fit, k);
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      EXPECT_LT(std::abs(deviations[i]), 3) << kNames[i] << " of seed " << seed;
      sums[i] += deviations[i];
    }
  }
  const double mean_most = 3 / std::sqrt(static_cast<double>(kSeeds));
  for (std::size_t i = 0; i < kNames.size(); ++i)
    EXPECT_LT(std::abs(sums[i] / static_cast<double>(kSeeds)), mean_most) << kNames[i] << " of all seeds";
}

INSTANTIATE_TEST_SUITE_P(Regularity, GeneratedTruth, ::testing::Values(1, 2));

}  // namespace
}  // namespace loyalty::client
