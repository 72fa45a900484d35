// Maximum likelihood fits of the BG/NBD family. No exception, no penalty, no random start: a fit ends with a status.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "retention/collapse.h"
#include "retention/enough_data.h"
#include "retention/likelihood.h"
#include "retention/model.h"

namespace loyalty::retention {

// The box of ln r, ln alpha, ln a, ln b, alpha in days. Wide enough for every shop, narrow enough that every likelihood
// and prediction within is finite.
extern const LnParameters kParametersLow;
extern const LnParameters kParametersHigh;

enum class FitStatus : std::uint8_t {
  kConverged,     // a sharp maximum: the parameters are known as well as their errors say
  kBoundary,      // the maximum is flat or lies at the edge: predictions are known, some parameters are not
  kNotConverged,  // the search ended before the gradient was zero
  kTooThin,       // not tried; see `shortage`
};

// What to work with, now that the fit has ended.
enum class FitAdvice : std::uint8_t {
  kUseModel,       // kConverged, kBoundary
  kKeepPrevious,   // the model the fit started from is better than none
  kUseHeuristics,  // recency and own rate (heuristic.h)
};

struct FitOptions {
  ModelKind kind = ModelKind::kMbgNbd;
  std::int32_t k_max = 4;              // kMbgCnbd tries k = 1..k_max, at most kStagesMax
  double days_per_unit = 1;            // of the model that comes out; moves nothing but alpha and log_likelihood
  std::optional<Model> previous = {};  // start from here only: the same kind, valid; its k is tried like any other
  MinimumData minimum = {};
};

struct Fit {
  FitStatus status = FitStatus::kTooThin;
  Shortage shortage = Shortage::kNone;
  FitAdvice advice = FitAdvice::kUseHeuristics;
  Model model;                // not valid when kTooThin
  double log_likelihood = 0;  // with times in units of days_per_unit; comparable between k and kinds
  // Standard errors of ln r, ln alpha, ln a, ln b: relative errors of the parameters. Infinite where the data does not
  // tell.
  std::array<double, 4> ln_errors{};
  double gradient_norm = 0;  // largest derivative of log_likelihood / customers by these logarithms
  bool boundary = false;     // a parameter lies at an edge of the box, or is unknown within a factor of 400
  std::int64_t customers = 0;
  std::int64_t left_out = 0;  // customers whose history no customer can have
  std::int64_t repeats = 0;
  std::int32_t evaluations = 0;  // of a likelihood on all rows
};

// Fits one model: four starts on a thinned set of rows, the best of them on all, then Newton's method; or from
// options.previous, and from the four starts too when that does not end at a sharp maximum. Same rows, same bytes,
// whatever the unit. For kMbgCnbd the k with the largest likelihood wins, the smaller one on a tie. Time: about 30
// exp() per row and k.
Fit FitModel(const CollapsedRows& rows, const FitOptions& options);

// The same for one k, which FitModel chooses from: 1 unless options.kind is kMbgCnbd.
Fit FitStages(const CollapsedRows& rows, std::int32_t k, const FitOptions& options);

std::string_view Describe(FitStatus status);

}  // namespace loyalty::retention
