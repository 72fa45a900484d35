#include <array>
#include <cmath>

#include "clients/retention/figures.h"
#include "clients/retention/fits.h"
#include "clients/table.h"
#include "domain/json_writer.h"

namespace loyalty::client {

using retention::Fit;
using retention::FitStatus;
using retention::SpendFit;
using retention::SpendStatus;

namespace {

constexpr int kDecimals = 6;

struct Parameter {
  std::string_view name;
  double value;
  double error;  // standard error of the value itself, not of its logarithm; infinite where the data does not tell
};

std::array<Parameter, 4> ParametersOf(const Fit& fit) {
  const auto& m = fit.model;
  const auto& e = fit.ln_errors;
  return {{{"r", m.r, m.r * e[0]}, {"alpha", m.alpha, m.alpha * e[1]}, {"a", m.a, m.a * e[2]}, {"b", m.b, m.b * e[3]}}};
}

std::array<Parameter, 3> ParametersOf(const SpendFit& fit) {
  const auto& e = fit.ln_errors;
  return {{{"p", fit.p, fit.p * e[0]}, {"q", fit.q, fit.q * e[1]}, {"gamma", fit.gamma, fit.gamma * e[2]}}};
}

template <typename Parameters>
void WriteParameters(const Parameters& parameters, bool known, JsonWriter& json) {
  json.Name("parameters").BeginObject(JsonLayout::kInline);
  for (const Parameter& one : parameters) json.Add(one.name, known ? one.value : INFINITY);
  json.End();
  json.Name("standard_errors").BeginObject(JsonLayout::kInline);
  for (const Parameter& one : parameters) json.Add(one.name, known ? one.error : INFINITY);
  json.End();
}

void WriteFit(const NamedFit& named, const FitRequest& request, JsonWriter& json) {
  const Fit& fit = named.fit;
  const bool known = fit.status != FitStatus::kTooThin;
  json.BeginObject();
  json.Add("name", named.name).Add("time_unit", request.time_unit).Add("k", fit.model.k);
  WriteParameters(ParametersOf(fit), known, json);
  json.Add("log_likelihood", known ? fit.log_likelihood : INFINITY).Add("customers", fit.customers);
  json.Add("repeat_purchases", fit.repeats).Add("left_out", fit.left_out).Add("status", StatusName(fit.status));
  json.Add("status_text", known ? Describe(fit.status) : Describe(fit.shortage));
  json.Add("usable", fit.advice == retention::FitAdvice::kUseModel).Add("boundary", fit.boundary);
  json.Add("gradient_norm", fit.gradient_norm).Add("evaluations", fit.evaluations);
  json.End();
}

void WriteSpend(const FitReport& report, JsonWriter& json) {
  const SpendFit& fit = report.spend;
  const bool known = fit.status != SpendStatus::kTooThin;
  json.BeginObject();
  json.Add("name", "gamma_gamma").Add("currency", report.currency);
  WriteParameters(ParametersOf(fit), known, json);
  json.Add("log_likelihood", known ? fit.log_likelihood : INFINITY).Add("customers", fit.customers);
  json.Add("left_out", fit.left_out).Add("status", StatusName(fit.status)).Add("status_text", Describe(fit.status));
  json.Add("usable", fit.status == SpendStatus::kConverged).Add("gradient_norm", fit.gradient_norm);
  json.Add("mean", fit.model.mean).Add("prior_days", fit.model.prior_days);
  json.End();
}

std::string WithError(const Parameter& parameter, bool known) {
  if (!known) return "-";
  return Fixed(parameter.value, kDecimals) + (std::isfinite(parameter.error) ? "" : " ?");
}

}  // namespace

std::string FitsJson(const FitReport& report) {
  const auto& window = report.request.window;
  JsonWriter json;
  json.BeginObject();
  json.Name("from");
  window.from ? json.Value(FormatDay(*window.from)) : json.Null();
  json.Add("until", FormatDay(window.until)).Add("receipts", report.receipts).Add("currency", report.currency);
  json.Add("median_cycle_days", report.median_cycle_days);
  if (!report.run.empty()) {
    json.Add("run", report.run).Name("model_run");
    report.model_run.empty() ? json.Null() : json.Value(report.model_run);
  }
  json.Name("models").BeginList();
  for (const auto& named : report.models) WriteFit(named, report.request, json);
  WriteSpend(report, json);
  json.End();
  json.End();
  return json.TakeLine();
}

std::string RenderFits(const FitReport& report, bool colour) {
  FactSheet facts;
  const auto& first = report.models.front().fit;
  facts.Add("Until", FormatDay(report.request.window.until));
  facts.Add("Customers", Grouped(first.customers) + " with " + Grouped(first.repeats) + " repeat purchase days in " +
                             Grouped(report.receipts) + " receipts");
  if (first.left_out > 0) facts.Add("Left out", Grouped(first.left_out) + " whose history is longer than 109 years");
  facts.Add("Median cycle", Fixed(report.median_cycle_days, 1) + " days");
  facts.Add("Time in", report.request.time_unit);
  if (!report.run.empty()) {
    facts.Add("Stored as", report.run);
    facts.Add("To work with", report.model_run.empty() ? "recency and own rate: no model is good enough"
                                                       : report.model + " of " + report.model_run);
  }

  Table models({{"model"},
                {"k", Align::kRight},
                {"r", Align::kRight},
                {"alpha", Align::kRight},
                {"a", Align::kRight},
                {"b", Align::kRight},
                {"log-likelihood", Align::kRight},
                {"status"}});
  std::string notes;
  for (const auto& [name, title, fit] : report.models) {
    const bool known = fit.status != FitStatus::kTooThin;
    const auto parameters = ParametersOf(fit);
    models.AddRow({std::string(title), known ? std::to_string(fit.model.k) : "-", WithError(parameters[0], known),
                   WithError(parameters[1], known), WithError(parameters[2], known), WithError(parameters[3], known),
                   known ? Fixed(fit.log_likelihood, 4) : "-", std::string(StatusName(fit.status))});
    if (fit.status != FitStatus::kConverged)
      notes.append(title).append(": ").append(known ? Describe(fit.status) : Describe(fit.shortage)).append(".\n");
  }
  const SpendFit& spend = report.spend;
  const bool known = spend.status != SpendStatus::kTooThin;
  Table money({{"model"},
               {"p", Align::kRight},
               {"q", Align::kRight},
               {"gamma", Align::kRight},
               {"mean, " + report.currency, Align::kRight},
               {"log-likelihood", Align::kRight},
               {"customers", Align::kRight},
               {"status"}});
  const auto parameters = ParametersOf(spend);
  money.AddRow({"Gamma-Gamma", WithError(parameters[0], known), WithError(parameters[1], known),
                WithError(parameters[2], known), Fixed(spend.model.mean, 4),
                known ? Fixed(spend.log_likelihood, 4) : "-", Grouped(spend.customers),
                std::string(StatusName(spend.status))});
  if (spend.status != SpendStatus::kConverged)
    notes.append("Gamma-Gamma: ").append(Describe(spend.status)).append("; the mean is the plain one.\n");
  if (!notes.empty()) notes.insert(0, "\n");
  return facts.Render() + "\n" + models.Render(colour) + "\n" + money.Render(colour) + notes;
}

}  // namespace loyalty::client
