#include "tests/reference/customer_check.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <map>
#include <stdexcept>

#include "retention/clv.h"
#include "retention/collapse.h"
#include "retention/enough_data.h"
#include "retention/heuristic.h"
#include "retention/predict.h"
#include "tests/reference/files.h"

namespace loyalty::reference {
namespace {

using retention::History;
using retention::Model;
using retention::ModelKind;

constexpr double kRelative = 1e-6;
constexpr retention::ClvTerms kClvTerms{.periods = 12, .period_days = 4.345 * kWeek, .discount = 0.01, .margin = 1};

using Quantity = std::function<double(const Customer&)>;
struct Quantities {
  std::string column;
  Quantity of;
  double negligible = 0;
};

Model ModelAt(const google::protobuf::Struct& reference, const std::string& path, ModelKind kind) {
  return {.kind = kind,
          .r = NumberAt(reference, path + "/r"),
          .alpha = NumberAt(reference, path + "/alpha_weeks"),
          .a = NumberAt(reference, path + "/a"),
          .b = NumberAt(reference, path + "/b"),
          .days_per_unit = kWeek};
}

Quantity Alive(const Model& model) {
  return [model](const Customer& c) { return retention::ProbabilityAlive(model, c.history); };
}
Quantity Buys(const Model& model, double days) {
  return [model, days](const Customer& c) { return retention::ProbabilityToBuy(model, c.history, days); };
}
Quantity Expected(const Model& model, double days) {
  return [model, days](const Customer& c) { return retention::ExpectedPurchases(model, c.history, days); };
}
Quantity Value(const Model& model, const retention::SpendModel& spend) {
  return [model, spend](const Customer& c) {
    return retention::CustomerLifetimeValue(model, c.history, retention::ExpectedSpend(spend, c.spend), kClvTerms);
  };
}

std::vector<Quantities> OfCustomers(const DataSet& set, const ReferenceModels& models, double typical_gap_days) {
  const double holdout = set.holdout_end - set.calibration_end;
  // The reference asked the models with k for the period in weeks, rounded to four decimals.
  const double rounded_holdout = std::round(holdout / kWeek * 1e4) / 1e4 * kWeek;
  std::vector<Quantities> all = {
      {"x", [](const Customer& c) { return c.history.repeats; }},
      {"t_x_days", [](const Customer& c) { return c.history.recency_days; }},
      {"T_days", [](const Customer& c) { return c.history.age_days; }},
      {"spend_total", [](const Customer& c) { return c.spend_total; }},
      // Gaps of 7 days have logarithms that cancel to nearly nothing.
      {"litt", [](const Customer& c) { return c.ln_gap_weeks; }, 1e-9},
      {"x_hold", [](const Customer& c) { return static_cast<double>(c.days_in_holdout); }},
      {"spend_hold", [](const Customer& c) { return c.spend_in_holdout; }},
      {"mbgcnbd_palive", Alive(models.best_erlang)},
      {"bg_overdue_F", [&](const Customer& c) { return retention::Overdue(models.bg, c.history); }},
      {"overdue_ratio",
       [typical_gap_days](const Customer& c) { return retention::OverdueRatio(c.history, typical_gap_days); }},
      {"gg_exp_value", [&](const Customer& c) { return retention::ExpectedSpend(models.spend, c.spend); }},
      {"clv_bg_12x4.345w_d0.01", Value(models.bg, models.spend)},
      {"clv_mbg_12x4.345w_d0.01", Value(models.mbg, models.spend)},
  };
  for (const auto& [name, model] : {std::pair<std::string, Model>("bgnbd", models.bg), {"mbgnbd", models.mbg}}) {
    all.push_back({name + "_palive", Alive(model)});
    all.push_back({name + "_exp_hold", Expected(model, holdout)});
    all.push_back({name + "_exp39", Expected(model, 39 * kWeek)});
    all.push_back({name + "_exp52", Expected(model, 52 * kWeek)});
    all.push_back({name + "_p_buy_hold", Buys(model, holdout)});
  }
  for (const Model& model : models.erlang) {
    all.push_back({fmt::format("mbgcnbd{}_exp_hold", model.k), Expected(model, rounded_holdout)});
    all.push_back({fmt::format("mbgcnbd{}_p_buy_hold", model.k), Buys(model, rounded_holdout)});
  }
  return all;
}

std::vector<Quantities> OfGoldenCustomers(const DataSet& set, const ReferenceModels& models) {
  const double holdout = set.holdout_end - set.calibration_end;
  const Model& mbg = models.mbg;
  return {
      {"bgnbd_palive", Alive(models.bg)},
      {"mbgnbd_palive", Alive(mbg)},
      {"bg_exp39", Expected(models.bg, 39 * kWeek)},
      {"mbg_exp39", Expected(mbg, 39 * kWeek)},
      {"bgnbd_p_buy_hold", Buys(models.bg, holdout)},
      {"mbgnbd_p_buy_hold", Buys(mbg, holdout)},
      {"mbg_p_buy_4w", Buys(mbg, 4 * kWeek)},
      {"mbg_overdue_F", [&mbg](const Customer& c) { return retention::Overdue(mbg, c.history); }},
      {"mbg_weeks_since_first_when_palive_hits_0.5",
       [&mbg](const Customer& c) { return retention::AliveUntilDays(mbg, c.history, 0.5) / kWeek; }},
      {"mbg_weeks_since_first_when_overdueF_hits_0.9",
       [&mbg](const Customer& c) { return retention::OverdueAtDays(mbg, c.history, 0.9) / kWeek; }},
      {"gg_exp_value", [&](const Customer& c) { return retention::ExpectedSpend(models.spend, c.spend); }},
      {"clv_bg_12x4.345w_d0.01", Value(models.bg, models.spend)},
      {"clv_mbg_12x4.345w_d0.01", Value(mbg, models.spend)},
  };
}

// Compares column by column; a customer is found by its card.
void Compare(const Table& table, const std::vector<Customer>& customers, const std::vector<Quantities>& quantities,
             Report& report) {
  std::map<std::string_view, const Customer*> by_card;
  for (const Customer& customer : customers) by_card[customer.card] = &customer;
  std::vector<const Customer*> ours;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const auto found = by_card.find(table.Text(row, "customer_id"));
    if (found == by_card.end())
      throw std::runtime_error("no receipts of customer " + std::string(table.Text(row, "customer_id")));
    ours.push_back(found->second);
  }
  for (const auto& [name, of, negligible] : quantities) {
    Column column(name, kRelative, negligible);
    for (std::size_t row = 0; row < table.size(); ++row)
      column.Add(ours[row]->card, table.Number(row, name), of(*ours[row]));
    column.ReportTo(report);
  }
  // The mean of no purchase is an empty cell.
  Column mean("z", kRelative);
  for (std::size_t row = 0; row < table.size(); ++row)
    mean.Add(ours[row]->card, table.Number(row, "z"), ours[row]->spend.amount / ours[row]->spend.repeats);
  mean.ReportTo(report);
}

}  // namespace

ReferenceModels ReadModels(const google::protobuf::Struct& reference) {
  ReferenceModels models{.bg = ModelAt(reference, "bgnbd", ModelKind::kBgNbd),
                         .mbg = ModelAt(reference, "mbgnbd", ModelKind::kMbgNbd)};
  for (std::int32_t k = 1; k <= 3; ++k) {
    const std::string path = fmt::format("mbg_cnbd_k/fits/{}/params_r_alpha_a_b/", k);
    models.erlang.push_back({.kind = ModelKind::kMbgCnbd,
                             .k = k,
                             .r = NumberAt(reference, path + "0"),
                             .alpha = NumberAt(reference, path + "1"),
                             .a = NumberAt(reference, path + "2"),
                             .b = NumberAt(reference, path + "3"),
                             .days_per_unit = kWeek});
  }
  models.best_erlang = models.erlang.at(static_cast<std::size_t>(NumberAt(reference, "mbg_cnbd_k/best_k")) - 1);
  const double p = NumberAt(reference, "gamma_gamma/p");
  const double q = NumberAt(reference, "gamma_gamma/q");
  models.spend = {.mean = NumberAt(reference, "gamma_gamma/gamma") * p / (q - 1), .prior_days = (q - 1) / p};
  return models;
}

void CheckCustomers(const std::filesystem::path& data, const DataSet& set, const std::vector<Customer>& customers,
                    const ReferenceModels& models, Report& report) {
  const Table table(data / "reference" / ("customers_" + set.name + ".csv.gz"));
  std::vector<History> histories;
  for (const Customer& customer : customers) histories.push_back(customer.history);
  report.Exact("customers", static_cast<double>(table.size()), static_cast<double>(customers.size()));
  Compare(table, customers, OfCustomers(set, models, retention::MedianCycleDays(retention::Collapse(histories))),
          report);
}

void CheckGoldenCustomers(const std::filesystem::path& data, const DataSet& set, const std::vector<Customer>& customers,
                          const ReferenceModels& models, Report& report) {
  Compare(Table(data / "reference" / "golden20_cdnow.csv"), customers, OfGoldenCustomers(set, models), report);
}

}  // namespace loyalty::reference
