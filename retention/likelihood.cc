#include "retention/likelihood.h"

#include <cmath>

#include "retention/log_sum.h"
#include "retention/special.h"

namespace loyalty::retention {
namespace {

constexpr double kLnLarge = 600;  // e^600 is far from the end of a double, and far from any polynomial

}  // namespace

struct LogLikelihood::Sums {
  double ln = 0;        // of the bracket and of (alpha+T)^-K
  double by_size = 0;   // its derivative by K
  double by_alpha = 0;  // by alpha
  double left = 0;      // expected number of customers who have left: its derivative by ln(a / (b+x-1+s))
};

LogLikelihood::LogLikelihood(const CollapsedRows& rows, ModelKind kind, std::int32_t k)
    : rows_(rows),
      k_(k),
      first_purchase_(kind == ModelKind::kBgNbd ? 0 : 1),
      constant_((k - 1) * rows.sum_ln_gap - static_cast<double>(rows.repeats) * LogGamma(k)),
      days_(static_cast<std::size_t>(rows.age_days_max) + 1) {
  for (std::size_t i = 0; i < rows.rows.size(); ++i) {
    const Row& row = rows.rows[i];
    if (groups_.empty() || groups_.back().repeats != row.repeats) groups_.push_back({row.repeats, 0, i, i});
    groups_.back().customers += row.customers;
    groups_.back().end = i + 1;
    // Marks; ln is written before it is read.
    days_[static_cast<std::size_t>(row.age_days)].ln = 1;
    days_[static_cast<std::size_t>(row.recency_days)].ln = 1;
  }
  for (std::int32_t day = 0; day <= rows.age_days_max; ++day)
    if (days_[static_cast<std::size_t>(day)].ln != 0) days_used_.push_back(day);
}

void LogLikelihood::FillDays(double alpha) {
  for (const std::int32_t day : days_used_) {
    const double at = alpha + day;
    days_[static_cast<std::size_t>(day)] = {std::log(at), 1 / at};
  }
}

// ln(1 + e^d) for many d.
LogLikelihood::Sums LogLikelihood::SumExponential(const Group& group, double size, double ln_odds) const {
  Sums sums;
  LogSum ln;
  double weighted_ln = 0;       // (alpha+T) for the living, (alpha+t_x) for those who left
  double weighted_inverse = 0;  // likewise
  for (std::size_t i = group.begin; i < group.end; ++i) {
    const Row& row = rows_.rows[i];
    const OfDay& now = days_[static_cast<std::size_t>(row.age_days)];
    const OfDay& last = days_[static_cast<std::size_t>(row.recency_days)];
    const double d = ln_odds + size * (now.ln - last.ln);
    const double e = std::exp(-std::abs(d));
    const double factor = 1 + e;  // in [1, 2]
    const double left = (d > 0 ? 1 : e) / factor;
    const double customers = row.customers;
    ln.AddLog(customers * ((d > 0 ? d : 0) - size * now.ln));
    if (row.customers == 1) {
      ln.Add(factor);
    } else {
      ln.AddLog(customers * std::log1p(e));
    }
    sums.left += customers * left;
    weighted_ln += customers * (now.ln + left * (last.ln - now.ln));
    weighted_inverse += customers * (now.inverse + left * (last.inverse - now.inverse));
  }
  sums.ln = ln.Sum();
  sums.by_size = -weighted_ln;
  sums.by_alpha = -size * weighted_inverse;
  return sums;
}

// With k stages the bracket is S + e^g, g = ln(odds) + K ln((alpha+T)/(alpha+t_x)): S is a polynomial.
LogLikelihood::Sums LogLikelihood::SumErlang(const Group& group, double size, double ln_odds) const {
  Sums sums;
  LogSum ln;
  for (std::size_t i = group.begin; i < group.end; ++i) {
    const Row& row = rows_.rows[i];
    const OfDay& now = days_[static_cast<std::size_t>(row.age_days)];
    const OfDay& last = days_[static_cast<std::size_t>(row.recency_days)];
    // S and its derivatives by K and by u = (T-t_x)/(alpha+T).
    const double u = (row.age_days - row.recency_days) * now.inverse;
    double term = 1, term_by_size = 0, s = 1, s_by_size = 0, s_by_u = 0;
    for (std::int32_t j = 0; j + 1 < k_; ++j) {
      s_by_u += term * (size + j);
      term_by_size = (term_by_size * (size + j) + term) * u / (j + 1);
      term *= (size + j) * u / (j + 1);
      s += term;
      s_by_size += term_by_size;
    }
    const double ln_growth = now.ln - last.ln;
    const double growth = ln_odds + size * ln_growth;
    const double customers = row.customers;
    double bracket = s, left = 1;
    if (growth > kLnLarge) {  // nothing beside it counts
      ln.AddLog(customers * growth);
    } else {
      const double e = std::exp(growth);
      bracket += e;
      left = e / bracket;
      if (row.customers == 1) {
        ln.Add(bracket);
      } else {
        ln.AddLog(customers * std::log(bracket));
      }
    }
    const double alive_per_s = (1 - left) / s;
    ln.AddLog(-customers * size * now.ln);
    sums.left += customers * left;
    sums.by_size += customers * (left * ln_growth + alive_per_s * s_by_size - now.ln);
    sums.by_alpha += customers * (left * size * (now.inverse - last.inverse) - alive_per_s * s_by_u * u * now.inverse -
                                  size * now.inverse);
  }
  sums.ln = ln.Sum();
  return sums;
}

double LogLikelihood::operator()(const LnParameters& point, LnParameters& gradient) {
  const double r = std::exp(point[0]);
  const double alpha = std::exp(point[1]);
  const double a = std::exp(point[2]);
  const double b = std::exp(point[3]);
  FillDays(alpha);
  const double customers = static_cast<double>(rows_.customers);
  double ln = constant_ + customers * r * point[1];
  double by_r = customers * point[1];
  double by_alpha = customers * r / alpha;
  double by_a = 0;
  double by_b = 0;
  // ln G(r+kx) - ln G(r) and ln prod (b+i)/(a+b+i) with their derivatives, carried from one x to the next.
  double gamma = 0, gamma_by_r = 0, beta = 0, beta_by_a = 0, beta_by_b = 0;
  std::int32_t stages = 0;
  std::int32_t chances = 0;  // purchases after which the customer stayed
  for (const Group& group : groups_) {
    for (; stages < k_ * group.repeats; ++stages) {
      gamma += std::log(r + stages);
      gamma_by_r += 1 / (r + stages);
    }
    for (; chances < group.repeats + first_purchase_; ++chances) {
      beta -= std::log1p(a / (b + chances));
      beta_by_a -= 1 / (a + b + chances);
      beta_by_b += a / ((b + chances) * (a + b + chances));
    }
    const double size = r + stages;
    const double count = group.customers;
    ln += count * (gamma + beta);
    by_r += count * gamma_by_r;
    by_a += count * beta_by_a;
    by_b += count * beta_by_b;
    // Nobody can have left: the odds are those of e^-inf, near enough.
    const double before = b + (group.repeats - 1 + first_purchase_);
    const bool may_have_left = group.repeats + first_purchase_ > 0;
    const double ln_odds = may_have_left ? point[2] - std::log(before) : -1e30;
    const Sums sums = k_ == 1 ? SumExponential(group, size, ln_odds) : SumErlang(group, size, ln_odds);
    ln += sums.ln;
    by_r += sums.by_size;
    by_alpha += sums.by_alpha;
    if (may_have_left) {
      by_a += sums.left / a;
      by_b -= sums.left / before;
    }
  }
  gradient = {by_r * r, by_alpha * alpha, by_a * a, by_b * b};
  return ln;
}

}  // namespace loyalty::retention
