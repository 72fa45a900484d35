#include "tests/reference/fit_check.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "tests/reference/scores.h"

namespace loyalty::reference {

using retention::Fit;

namespace {

constexpr double kFourDigits = 5e-5;
constexpr double kLikelihood = 1e-3;
constexpr double kBoundaryLikelihood = 1e-2;

// Parameters in the order r, alpha in weeks, a, b at `paths`.
void CheckFit(const Case& c, const std::string& name, const Fit& fit, const std::array<std::string, 4>& paths,
              const std::string& likelihood_path, Report& report) {
  report.Same(name + " can be used", "yes", fit.advice == retention::FitAdvice::kUseModel ? "yes" : "no");
  report.Absolute(name + " log-likelihood", c.Number(likelihood_path), fit.log_likelihood,
                  fit.boundary ? kBoundaryLikelihood : kLikelihood);
  constexpr const char* kParameters[] = {"r", "alpha (weeks)", "a", "b"};
  const double got[] = {fit.model.r, fit.model.alpha, fit.model.a, fit.model.b};
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const std::string parameter = name + " " + kParameters[i];
    if (!fit.boundary) {
      report.Relative(parameter, c.Number(paths[i]), got[i], kFourDigits);
    } else if (i < 2) {  // a and b are what the data does not tell
      report.Relative(parameter + ", boundary", c.Number(paths[i]), got[i], kBoundaryPredictions);
    }
  }
}

}  // namespace

void CheckShop(const Case& c, Report& report) {
  report.Exact("n_customers", c.Number("n_customers"), static_cast<double>(c.rows.customers));
  report.Exact("sum_x", c.Number("sum_x"), static_cast<double>(c.rows.repeats));
  report.Exact("max_x", c.Number("max_x"), c.rows.repeats_max);
  report.Exact("collapsed_rows", c.Number("bgnbd/collapsed_rows"), static_cast<double>(c.rows.rows.size()));
  const auto once = c.Each([](const Customer& customer) { return customer.history.repeats == 0 ? 1 : 0; });
  report.Exact("n_x0", c.Number("n_x0"), std::round(Mean(once) * static_cast<double>(once.size())));
  report.Decimals("T_max_weeks", c.Number("T_max_weeks"), c.rows.age_days_max / kWeek, 3);
  report.Decimals("holdout_active_share", c.Number("holdout_active_share"), Mean(c.active), 4);
  report.Decimals("mean_x_hold", c.Number("mean_x_hold"), Mean(c.days), 5);
}

void CheckFits(const Case& c, Report& report) {
  const Fits& fits = c.fits;
  for (const auto& [name, fit] : {std::pair<std::string, const Fit&>("bgnbd", fits.bg), {"mbgnbd", fits.mbg}}) {
    CheckFit(c, name, fit, {name + "/r", name + "/alpha_weeks", name + "/a", name + "/b"}, name + "/loglik", report);
  }
  for (const Fit& fit : fits.erlang) {
    const std::string path = fmt::format("mbg_cnbd_k/fits/{}/", fit.model.k);
    const std::string list = path + "params_r_alpha_a_b/";
    CheckFit(c, fmt::format("mbg/cnbd-{}", fit.model.k), fit, {list + "0", list + "1", list + "2", list + "3"},
             path + "loglik_with_litt", report);
  }
  report.Exact("best_k", c.Number("mbg_cnbd_k/best_k"), fits.best.model.k);

  const retention::SpendFit& spend = fits.spend;
  report.Exact("gamma-gamma n", c.Number("gamma_gamma/n"), static_cast<double>(spend.customers));
  report.Relative("gamma-gamma p", c.Number("gamma_gamma/p"), spend.p, kFourDigits);
  report.Relative("gamma-gamma q", c.Number("gamma_gamma/q"), spend.q, kFourDigits);
  report.Relative("gamma-gamma gamma", c.Number("gamma_gamma/gamma"), spend.gamma, kFourDigits);
  report.Absolute("gamma-gamma log-likelihood", c.Number("gamma_gamma/loglik"), spend.log_likelihood, kLikelihood);
  report.Relative("gamma-gamma mean", c.Number("gamma_gamma/mean_per_tx"), spend.model.mean, kFourDigits);
  std::vector<double> x, z;
  for (const Customer& customer : c.customers) {
    if (!(customer.spend.amount > 0)) continue;
    x.push_back(customer.spend.repeats);
    z.push_back(customer.spend.amount / customer.spend.repeats);
  }
  report.Decimals("gamma-gamma corr(x, z)", c.Number("gamma_gamma/corr_x_z"), Correlation(x, z), 4);
}

void CheckPredictions(const Case& c, const ReferenceModels& models, Report& report) {
  const Fits& fits = c.fits;
  const auto compare = [&](const std::string& name, const std::vector<double>& expected,
                           const std::vector<double>& got) {
    Column column(name, kBoundaryPredictions);
    for (std::size_t i = 0; i < got.size(); ++i) column.Add(c.customers[i].card, expected[i], got[i]);
    column.ReportTo(report);
  };
  compare("bgnbd exp_hold, own fit", c.Expected(models.bg), c.Expected(fits.bg.model));
  compare("mbgnbd exp_hold, own fit", c.Expected(models.mbg), c.Expected(fits.mbg.model));
  compare("mbgnbd palive, own fit", c.Alive(models.mbg), c.Alive(fits.mbg.model));
  compare("mbgnbd p_buy_hold, own fit", c.Buys(models.mbg), c.Buys(fits.mbg.model));
  compare("best k exp_hold, own fit", c.Expected(models.best_erlang), c.Expected(fits.best.model));
}

}  // namespace loyalty::reference
