#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "clients/retention/figures.h"
#include "clients/retention/trial.h"
#include "clients/table.h"
#include "domain/json_writer.h"

namespace loyalty::client {

using retention::BacktestResult;
using retention::RankingReason;
using retention::RankingScore;
using retention::Withheld;

namespace {

constexpr std::size_t kBarWidth = 30;

struct Score {
  RankingScore score;
  std::string_view name;   // for programs
  std::string_view title;  // for people
};

constexpr std::array<Score, retention::kRankingScores> kScores{{
    {RankingScore::kProbability, "probability", "the model's probability"},
    {RankingScore::kRecency, "recency", "recency"},
    {RankingScore::kOverdueRatio, "overdue_ratio", "overdue ratio"},
    {RankingScore::kConstant, "constant", "constant (chance)"},
}};

const Score& ScoreOf(RankingScore score) {
  return *std::find_if(kScores.begin(), kScores.end(), [&](const Score& one) { return one.score == score; });
}

std::string_view ReasonName(RankingReason reason) {
  switch (reason) {
    case RankingReason::kHighestAuc: return "highest_auc";
    case RankingReason::kSimplestOfTie: return "simplest_of_tie";
    case RankingReason::kNoneIsBetter: return "none_is_better";
    case RankingReason::kNoContrast: return "no_contrast";
  }
  return "";
}

std::string_view WithheldName(Withheld withheld) {
  switch (withheld) {
    case Withheld::kShown: return "shown";
    case Withheld::kNoContrast: return "no_contrast";
    case Withheld::kCalibration: return "calibration";
    case Withheld::kTotalBias: return "total_bias";
  }
  return "";
}

std::string RankingText(const BacktestResult& result) {
  const std::string title(ScoreOf(result.ranking).title);
  switch (result.ranking_reason) {
    case RankingReason::kHighestAuc: return title + ": it has the highest AUC";
    case RankingReason::kSimplestOfTie: return title + ": others rank as well, but it is simpler";
    case RankingReason::kNoneIsBetter: return "none: no score ranks better than chance";
    case RankingReason::kNoContrast: return "none: everybody bought or nobody did, nothing can be said";
  }
  return {};
}

std::string WithheldText(const Trial& trial) {
  const BacktestResult& result = trial.report.result;
  const auto& limits = trial.report.limits;
  switch (result.withheld) {
    case Withheld::kShown: return "may be shown";
    case Withheld::kNoContrast: return "withheld: everybody bought or nobody did, they cannot be checked";
    case Withheld::kCalibration:
      return "withheld: the calibration error is above " + LimitText(limits.calibration_error_max);
    case Withheld::kTotalBias:
      return "withheld: the purchases foretold are off by more than " + LimitText(limits.total_bias_max);
  }
  return {};
}

// What was said as a bar, what happened as a mark on it.
std::string DecileBar(const retention::CalibrationDecile& decile, double most) {
  std::string bar = Bar(decile.observed, most, kBarWidth);
  bar.resize(kBarWidth + 1, ' ');
  if (most > 0) bar[static_cast<std::size_t>(std::lround(decile.predicted / most * kBarWidth))] = '|';
  return bar;
}

std::string RenderDeciles(const BacktestResult& result, bool colour) {
  double most = 0;
  for (const auto& decile : result.deciles) most = std::max({most, decile.predicted, decile.observed});
  Table table(
      {{"tenth", Align::kRight}, {"foretold", Align::kRight}, {"bought", Align::kRight}, {"# bought, | foretold"}});
  for (std::size_t i = 0; i < result.deciles.size(); ++i) {
    const auto& decile = result.deciles[i];
    table.AddRow(
        {std::to_string(i + 1), Percent(decile.predicted, 1), Percent(decile.observed, 1), DecileBar(decile, most)});
  }
  return table.Render(colour);
}

}  // namespace

std::string RenderTrial(const Trial& trial, bool colour) {
  const BacktestResult& result = trial.report.result;
  const auto& model = trial.report.fit.model;
  FactSheet facts;
  facts.Add("Fitted until",
            FormatDay(trial.request.calibration_end) + ", judged until " + FormatDay(trial.request.window.until));
  facts.Add("Model", trial.request.model + ", k " + std::to_string(model.k) + ": r " + Fixed(model.r, 4) + ", alpha " +
                         Fixed(model.alpha, 4) + " weeks, a " + Fixed(model.a, 4) + ", b " + Fixed(model.b, 4));
  facts.Add("Customers", Grouped(result.members) + ", of whom " + Grouped(result.buyers) + " bought again");
  if (trial.report.left_out > 0)
    facts.Add("Left out", Grouped(trial.report.left_out) + " whose history is longer than 109 years");
  facts.Add("Brier score", Fixed(result.brier, 4) + " (constant: " + Fixed(result.brier_constant, 4) + ")");
  facts.Add("Log loss", Fixed(result.log_loss, 4) + " (constant: " + Fixed(result.log_loss_constant, 4) + ")");
  facts.Add("Calibration error", Percent(result.calibration_error, 1));
  facts.Add("Total bias", result.total_bias ? Signed(100 * *result.total_bias, 1) + " % purchase days" : "-");
  facts.Add("Rank by", RankingText(result));
  facts.Add("Probabilities", WithheldText(trial));
  if (!trial.run.empty()) facts.Add("Stored as", trial.run);

  Table ranks({{"ranked by"}, {"AUC", Align::kRight}});
  for (const auto& [score, name, title] : kScores) ranks.AddRow({std::string(title), Fixed(result.AucOf(score), 4)});
  return facts.Render() + "\n" + ranks.Render(colour) + "\n" + RenderDeciles(result, colour);
}

std::string TrialJson(const Trial& trial) {
  const BacktestResult& result = trial.report.result;
  const auto& model = trial.report.fit.model;
  JsonWriter json;
  json.BeginObject();
  json.Add("until", FormatDay(trial.request.calibration_end));
  json.Add("holdout_until", FormatDay(trial.request.window.until));
  if (!trial.run.empty()) json.Add("run", trial.run);
  json.Name("model").BeginObject(JsonLayout::kInline);
  json.Add("name", trial.request.model).Add("time_unit", "weeks").Add("k", model.k).Add("r", model.r);
  json.Add("alpha", model.alpha)
      .Add("a", model.a)
      .Add("b", model.b)
      .Add("log_likelihood", trial.report.fit.log_likelihood);
  json.End();
  json.Add("customers", result.members).Add("buyers", result.buyers).Add("left_out", trial.report.left_out);
  json.Name("auc").BeginObject();
  for (const auto& [score, name, title] : kScores) json.Add(name, result.AucOf(score));
  json.End();
  json.Add("brier", result.brier).Add("brier_constant", result.brier_constant);
  json.Add("log_loss", result.log_loss).Add("log_loss_constant", result.log_loss_constant);
  json.Add("calibration_error", result.calibration_error).Add("total_bias", result.total_bias);
  json.Name("deciles").BeginList();
  for (const auto& decile : result.deciles) {
    json.BeginObject(JsonLayout::kInline);
    json.Add("predicted", decile.predicted).Add("observed", decile.observed);
    json.End();
  }
  json.End();
  json.Add("ranking", ScoreOf(result.ranking).name).Add("ranking_reason", ReasonName(result.ranking_reason));
  json.Add("probabilities_withheld", result.withheld != Withheld::kShown);
  json.Add("withheld_reason", WithheldName(result.withheld));
  json.Add("calibration_error_max", trial.report.limits.calibration_error_max);
  json.Add("total_bias_max", trial.report.limits.total_bias_max);
  json.End();
  return json.TakeLine();
}

}  // namespace loyalty::client
