#include "tests/reference/holdout_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "retention/clv.h"
#include "retention/enough_data.h"
#include "retention/heuristic.h"
#include "retention/predict.h"
#include "tests/reference/scores.h"

namespace loyalty::reference {

using retention::Fit;

namespace {

constexpr double kBoundaryRanking = 0.01;

// A figure of predictions: to the decimals given, or near enough when the data does not tell the parameters.
void CheckFigure(const std::string& name, double expected, double got, int decimals, bool boundary, Report& report) {
  if (boundary) {
    report.Relative(name + ", boundary", expected, got, kBoundaryPredictions);
  } else {
    report.Decimals(name, expected, got, decimals);
  }
}

// The quality of a ranking. At a boundary nobody has left, and one by P(alive) is made of what is not known.
void CheckRank(const std::string& name, double expected, double got, bool boundary, Report& report) {
  if (boundary) {
    report.Absolute(name + ", boundary", expected, got, kBoundaryRanking);
  } else {
    report.Decimals(name, expected, got, 4);
  }
}

void CheckErrorsOf(const Case& c, const std::string& path, const std::vector<double>& predicted, bool boundary,
                   Report& report) {
  const double total = Mean(c.days) * static_cast<double>(c.days.size());
  const double total_predicted = Mean(predicted) * static_cast<double>(predicted.size());
  CheckFigure(path + " MAE", c.Number(path + "/MAE"), MeanAbsoluteError(predicted, c.days), 5, boundary, report);
  CheckFigure(path + " RMSE", c.Number(path + "/RMSE"), RootMeanSquareError(predicted, c.days), 5, boundary, report);
  const double correlation = c.Number(path + "/corr");
  if (!std::isnan(correlation))
    CheckFigure(path + " correlation", correlation, Correlation(predicted, c.days), 4, boundary, report);
  CheckFigure(path + " bias %", c.Number(path + "/bias_pct"), 100 * (total_predicted / total - 1), 2, boundary, report);
  if (path.find("mbg_cnbd_k") == std::string::npos)
    CheckFigure(path + " total", c.Number(path + "/total_pred"), total_predicted, 2, boundary, report);
}

}  // namespace

void CheckErrors(const Case& c, Report& report) {
  const Fits& fits = c.fits;
  CheckErrorsOf(c, "holdout/bgnbd", c.Expected(fits.bg.model), fits.bg.boundary, report);
  CheckErrorsOf(c, "holdout/mbgnbd", c.Expected(fits.mbg.model), fits.mbg.boundary, report);
  CheckErrorsOf(c, "holdout/zero", std::vector<double>(c.customers.size(), 0.0), false, report);
  const auto own_rate = [&](int more) {
    return c.Each([&](const Customer& customer) {
      retention::History history = customer.history;
      if (more > 0) {
        // The reference counts a week at least: nobody buys every day because of a first day.
        history.repeats += more;
        history.age_days = std::max(history.age_days, kWeek);
      }
      return retention::OwnRatePurchases(history, c.holdout_days);
    });
  };
  CheckErrorsOf(c, "holdout/naive_rate", own_rate(0), false, report);
  CheckErrorsOf(c, "holdout/naive_rate_incl_first", own_rate(1), false, report);
  for (const Fit& fit : fits.erlang) {
    const std::string path = fmt::format("mbg_cnbd_k/holdout/{}", fit.model.k);
    CheckErrorsOf(c, path, c.Expected(fit.model), fit.boundary, report);
    const auto buys = c.Buys(fit.model);
    const double brier = RootMeanSquareError(buys, c.active);
    report.Decimals(path + " AUC p_buy", c.Number(path + "/AUC_pbuy"), AreaUnderCurve(buys, c.active), 4);
    CheckRank(path + " AUC palive", c.Number(path + "/AUC_palive"), AreaUnderCurve(c.Alive(fit.model), c.active),
              fit.boundary, report);
    report.Decimals(path + " Brier", c.Number(path + "/Brier"), brier * brier, 5);
  }
}

void CheckRanking(const Case& c, Report& report) {
  const Fits& fits = c.fits;
  const double typical_gap = retention::MedianCycleDays(c.rows);
  struct Score {
    std::string name;
    std::vector<double> of_customers;
    bool boundary = false;
  };
  const std::vector<Score> scores = {
      {"recency_days",
       // In weeks, as the reference has it: rounding breaks ties of equal days, and moves the fourth decimal.
       c.Each([](const Customer& customer) {
         return customer.history.recency_days / kWeek - customer.history.age_days / kWeek;
       })},
      {"frequency", c.Each([](const Customer& customer) { return customer.history.repeats; })},
      {"overdue_ratio",
       c.Each([&](const Customer& customer) { return -retention::OverdueRatio(customer.history, typical_gap); })},
      {"p_alive_bg", c.Alive(fits.bg.model), fits.bg.boundary},
      {"p_alive_mbg", c.Alive(fits.mbg.model), fits.mbg.boundary},
      {"p_alive_mbgcnbd", c.Alive(fits.best.model), fits.best.boundary},
      {"p_buy_bg", c.Buys(fits.bg.model)},
      {"p_buy_mbg", c.Buys(fits.mbg.model)}};
  for (const auto& [name, score, boundary] : scores) {
    CheckRank("AUC " + name, c.Number("auc_active_in_holdout/" + name), AreaUnderCurve(score, c.active), boundary,
              report);
    std::vector<double> of_repeat_buyers, active;
    for (std::size_t i = 0; i < score.size(); ++i) {
      if (c.customers[i].history.repeats == 0) continue;
      of_repeat_buyers.push_back(score[i]);
      active.push_back(c.active[i]);
    }
    CheckRank("AUC " + name + ", repeat buyers", c.Number("auc_active_in_holdout_repeat_buyers_only/" + name),
              AreaUnderCurve(of_repeat_buyers, active), boundary, report);
  }
}

void CheckCalibration(const Case& c, Report& report) {
  const Fits& fits = c.fits;
  const double share = Mean(c.active);
  report.Decimals("Brier base rate", c.Number("brier_p_buy/base_rate"), share * (1 - share), 5);
  for (const auto& [name, fit] : {std::pair<std::string, const Fit&>("bg", fits.bg), {"mbg", fits.mbg}}) {
    const auto buys = c.Buys(fit.model);
    const double brier = RootMeanSquareError(buys, c.active);
    report.Decimals("Brier " + name, c.Number("brier_p_buy/" + name), brier * brier, 5);
    const std::string path = "calibration_decile_" + name;
    const auto deciles = Deciles(buys, c.active);
    double gap = 0;
    for (std::size_t i = 0; i < deciles.size(); ++i) {
      gap += std::abs(deciles[i].first - deciles[i].second) / static_cast<double>(deciles.size());
      if (name != "bg") continue;
      const std::string decile = fmt::format("{}/pred_vs_obs/{}/", path, i);
      report.Decimals(decile + "predicted", c.Number(decile + "0"), deciles[i].first, 4);
      report.Decimals(decile + "observed", c.Number(decile + "1"), deciles[i].second, 4);
    }
    report.Decimals(path + " mean gap", c.Number(path + "/mean_abs_gap"), gap, 4);
  }
}

void CheckMoney(const Case& c, Report& report) {
  const Fits& fits = c.fits;
  const auto spend = c.Each([&](const Customer& x) { return retention::ExpectedSpend(fits.spend.model, x.spend); });
  const double customers = static_cast<double>(spend.size());
  for (const auto& [name, fit] : {std::pair<std::string, const Fit&>("bg", fits.bg), {"mbg", fits.mbg}}) {
    double total = 0;
    for (std::size_t i = 0; i < spend.size(); ++i)
      total += retention::CustomerLifetimeValue(fit.model, c.customers[i].history, spend[i],
                                                {.periods = 12, .period_days = 4.345 * kWeek, .discount = 0.01});
    const std::string path = "clv_total_" + name + "_12m";
    CheckFigure(path, c.Number(path), total, 2, fit.boundary, report);
  }
  const auto actual = c.Each([](const Customer& customer) { return customer.spend_in_holdout; });
  std::vector<double> predicted = c.Expected(fits.bg.model);
  for (std::size_t i = 0; i < predicted.size(); ++i) predicted[i] *= spend[i];
  report.Decimals("spend_holdout actual", c.Number("spend_holdout/actual"), Mean(actual) * customers, 2);
  CheckFigure("spend_holdout predicted", c.Number("spend_holdout/pred_bg_gg"), Mean(predicted) * customers, 2,
              fits.bg.boundary, report);
  CheckFigure("spend_holdout MAE", c.Number("spend_holdout/MAE"), MeanAbsoluteError(predicted, actual), 4,
              fits.bg.boundary, report);
}

}  // namespace loyalty::reference
