// Log-likelihoods of the BG/NBD family on collapsed rows, with analytic gradients.
//
// With s = 0 for BG/NBD and 1 for the others, K = r + k x (k = 1 but for MBG/CNBD-k), a customer (x, t_x, T) adds
//
//   G(K)/G(r) alpha^r (alpha+T)^-K  prod_{i < x+s} (b+i)/(a+b+i)
//     * (S + a/(b+x-1+s) ((alpha+T)/(alpha+t_x))^K),     S = sum_{j<k} (K)_j ((T-t_x)/(alpha+T))^j / j!,
//
// to the likelihood, times (product of gaps)^(k-1) / G(k)^x. BG/NBD has the second term of the bracket only for x > 0.
// Equations: Fader, Hardie, Lee 2005, Marketing Science 24(2), eq. 6, in the stable form of Hardie's note 27;
// Batislam, Denizel, Filiztekin 2007; Platzer, Reutterer 2016, Marketing Science 35(5), for Erlang gaps.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "retention/collapse.h"
#include "retention/model.h"

namespace loyalty::retention {

// ln r, ln alpha (alpha in days), ln a, ln b.
using LnParameters = std::array<double, 4>;

// Evaluates one model on one set of rows, which must outlive it. What depends on x alone, or on a day alone, is
// computed once per x and once per day, so that a row costs one exp(). Keeps its tables between calls: one evaluator
// per thread.
class LogLikelihood {
 public:
  // 1 <= k <= kStagesMax; k == 1 for kBgNbd and kMbgNbd.
  LogLikelihood(const CollapsedRows& rows, ModelKind kind, std::int32_t k);

  // The log-likelihood with times in days, and its derivatives by the logarithms of the parameters. In units of u days
  // it is larger by repeats * ln u. Finite for parameters within kParametersLow..kParametersHigh of fit.h.
  double operator()(const LnParameters& point, LnParameters& gradient);

 private:
  struct Group {  // rows with the same x
    std::int32_t repeats;
    std::int32_t customers;
    std::size_t begin;
    std::size_t end;
  };
  struct Sums;  // of what the rows of a group contribute

  Sums SumExponential(const Group& group, double size, double ln_odds) const;
  Sums SumErlang(const Group& group, double size, double ln_odds) const;
  void FillDays(double alpha);

  const CollapsedRows& rows_;
  std::int32_t k_;
  std::int32_t first_purchase_;  // s: 1 when a customer may leave after the first purchase
  double constant_;
  std::vector<Group> groups_;
  struct OfDay {
    double ln = 0;       // ln(alpha + day)
    double inverse = 0;  // 1 / (alpha + day)
  };
  std::vector<OfDay> days_;  // by day
  std::vector<std::int32_t> days_used_;
};

}  // namespace loyalty::retention
