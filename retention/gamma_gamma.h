// What a purchase day of a customer is worth: the Gamma-Gamma model (Fader, Hardie 2013, note 25).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "retention/spenders.h"

namespace loyalty::retention {

// The expected value of a purchase day is (prior_days mean + amount) / (prior_days + x): the mean of everybody counts
// as much as `prior_days` purchase days of the customer's own. Both numbers are positive and finite.
struct SpendModel {
  double mean = 0;
  double prior_days = 1;

  friend bool operator==(const SpendModel&, const SpendModel&) = default;
};

// E[M | x, z] (eq. 5 of the note), > 0. The mean of everybody for a customer without repeat purchases, or whose amount
// is not positive.
double ExpectedSpend(const SpendModel& model, const Spend& spend);

enum class SpendStatus : std::uint8_t {
  kConverged,
  kTooThin,       // fewer than kSpendersMin customers with a positive amount
  kNotConverged,  // the search ended before the gradient was zero, or the likelihood is flat
  kNoMean,        // q <= 1: the model's mean is infinite
  kBoundary,      // a parameter lies at an edge of the search, or is unknown within a factor of 400
};

constexpr std::int64_t kSpendersMin = 100;

struct SpendFit {
  SpendStatus status = SpendStatus::kTooThin;
  // Of the fit when kConverged. Otherwise, flagged by the status, the mean over all repeat days with one day's weight;
  // a mean of 0 says that nobody has spent anything. Also when kBoundary, unlike FitStatus::kBoundary: the weight of
  // the mean is the ratio of the very parameters that the edge has set.
  SpendModel model;
  double p = 0;
  double q = 0;
  double gamma = 0;  // in units of money
  double log_likelihood = 0;
  std::array<double, 3> ln_errors{};  // standard errors of ln p, ln q, ln gamma
  double gradient_norm = 0;           // per customer, by these logarithms
  std::int64_t customers = 0;         // with x >= 1 and a positive amount: those in the fit
  std::int64_t left_out = 0;          // x >= 1, but nothing positive was spent
};

// Maximum likelihood. Time: about 20 divisions per customer.
SpendFit FitSpend(Spenders spenders);
SpendFit FitSpend(std::span<const Spend> customers);

std::string_view Describe(SpendStatus status);

}  // namespace loyalty::retention
