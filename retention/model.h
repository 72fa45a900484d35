// The models of the BG/NBD family as plain data. Which formula belongs to which kind stands in likelihood.h and
// predict.h.
#pragma once

#include <cstdint>

namespace loyalty::retention {

// A customer buys at a rate lambda ~ Gamma(r, rate alpha) and leaves for good with probability p ~ Beta(a, b) after a
// purchase. Gaps are exponential, or Erlang with k stages, which is more regular the larger k is.
enum class ModelKind : std::uint8_t {
  kBgNbd,    // leaves after a repeat purchase only (Fader, Hardie, Lee 2005): a one-time buyer never leaves
  kMbgNbd,   // leaves after any purchase (Batislam et al. 2007; Hoppe, Wagner 2007)
  kMbgCnbd,  // the same with Erlang-k gaps (Platzer, Reutterer 2016); k = 1 is kMbgNbd
};

constexpr std::int32_t kStagesMax = 12;  // more than any retailer's customers have shown

// Parameters of one model. alpha is a rate parameter and carries the unit of time: `days_per_unit` days. All other
// functions of this folder take and give days, so that nothing but the figure of alpha depends on the unit.
struct Model {
  ModelKind kind = ModelKind::kMbgNbd;
  std::int32_t k = 1;  // stages of a gap, 1..kStagesMax; 1 for kBgNbd and kMbgNbd
  double r = 0;
  double alpha = 0;
  double a = 0;
  double b = 0;
  double days_per_unit = 1;  // 1: alpha in days, 7: in weeks

  friend bool operator==(const Model&, const Model&) = default;
};

constexpr double AlphaDays(const Model& model) { return model.alpha * model.days_per_unit; }

// The same model with alpha in units of `days_per_unit` > 0 days.
Model InUnit(const Model& model, double days_per_unit);

// True when predictions can be made with it: finite positive parameters and unit, k within its range.
bool IsValid(const Model& model);

}  // namespace loyalty::retention
