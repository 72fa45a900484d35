#include <cmath>
#include <functional>
#include <string_view>

#include "clients/retention/figures.h"
#include "clients/retention/lift.h"
#include "clients/table.h"
#include "domain/json_writer.h"

namespace loyalty::client {

using retention::Interval;
using retention::LiftReport;
using retention::LiftVerdict;

namespace {

constexpr int kPDecimals = 4;

double MinorPerUnit(const LiftRequest& request) { return std::pow(10, request.digits); }

std::string_view VerdictName(LiftVerdict verdict) {
  switch (verdict) {
    case LiftVerdict::kArmsMismatch: return "arms_mismatch";
    case LiftVerdict::kTooEarly: return "too_early";
    case LiftVerdict::kNotProven: return "not_proven";
    case LiftVerdict::kProvenGain: return "proven_gain";
    case LiftVerdict::kProvenLoss: return "proven_loss";
  }
  return "";
}

std::string Points(double rate) { return Signed(100 * rate, 2) + " points"; }

std::string PText(double p) { return p < 0.0001 ? "p < 0.0001" : "p = " + Fixed(p, kPDecimals); }

std::string NeedText(const LiftReport& report, const LiftRequest& request) {
  const std::string power = Percent(request.power, 0);
  const std::string size = request.worthwhile_difference ? "a gain of " + Points(*request.worthwhile_difference)
                                                         : "a difference as large as this one";
  if (!report.more_per_arm) return "No number of members would show a difference this small.";
  if (*report.more_per_arm == 0)
    return "Each arm has enough members to find " + size + " with a chance of " + power +
           (request.worthwhile_difference ? ": there probably is none." : ", when it is looked at alone.");
  return "To find " + size + " with a chance of " + power + ", each arm needs " + Grouped(*report.more_per_arm) +
         " more members.";
}

// "+0.50 points, 95 % interval -0.20 to 1.20".
std::string WithInterval(const std::string& value, const Interval& interval, double alpha,
                         const std::function<std::string(double)>& text) {
  return value + ", " + Percent(1 - alpha, 0) + " interval " + text(interval.low) + " to " + text(interval.high);
}

std::string SpendText(const retention::SpendDifference& spend, const LiftSummary& summary) {
  const auto money = [&](double minor) { return MoneyFigure(minor, summary.request.digits); };
  return WithInterval(money(spend.difference) + " per member", spend.interval, summary.request.alpha, money) + ", " +
         PText(spend.p_value);
}

void AddRate(const std::string& name, const LiftReport& report, FactSheet& facts) {
  const auto points = [](double rate) { return Signed(100 * rate, 2); };
  std::string text = WithInterval(Points(report.rate_difference), report.rate_interval, report.alpha, points) + ", " +
                     PText(report.p_value);
  if (report.p_value_adjusted != report.p_value) text += ", for all arms together " + PText(report.p_value_adjusted);
  facts.Add(name, text);
  if (!report.relative) return;
  const auto percent = [](double share) { return Signed(100 * share, 1); };
  facts.Add("  relative",
            WithInterval(percent(report.relative->lift) + " %", report.relative->interval, report.alpha, percent));
}

std::string RenderArm(const ArmLift& arm, const LiftSummary& summary) {
  const LiftReport& report = arm.converted;
  FactSheet facts;
  AddRate("Converted", report, facts);
  if (arm.visited) {
    AddRate("Visits", *arm.visited, facts);
    facts.Add("  verdict", VerdictText(*arm.visited, summary.request));
  }
  if (report.spend) facts.Add("Spend", SpendText(*report.spend, summary));
  if (report.cuped) {
    facts.Add("Spend, CUPED", SpendText(report.cuped->spend, summary));
    facts.Add("  variance", Percent(report.cuped->variance_reduction, 1) + " less, thanks to pre_spend");
  }
  return "\n" + arm.arm + " against " + summary.request.control + ": " + VerdictText(report, summary.request) + "\n" +
         facts.Render();
}

std::string RenderArms(const LiftSummary& summary, bool colour) {
  const int digits = summary.request.digits;
  const double minor_per_unit = MinorPerUnit(summary.request);
  Table table({{"arm"},
               {"members", Align::kRight},
               {"planned", Align::kRight},
               {"converted", Align::kRight},
               {"rate", Align::kRight},
               {"spend per member", Align::kRight}});
  for (const auto& [name, arm] : summary.experiment.arms)
    table.AddRow({name, Grouped(arm.converted.members), Percent(summary.planned.at(name), 1),
                  Grouped(arm.converted.buyers), Percent(arm.converted.Rate(), 2),
                  Fixed(arm.spend.MeanDuring() / minor_per_unit, digits + 2)});
  return table.Render(colour);
}

void WriteInterval(const Interval& interval, JsonWriter& json) {
  json.Name("interval").BeginList(JsonLayout::kInline);
  json.Value(interval.low);
  json.Value(interval.high);
  json.End();
}

void WriteSpend(const retention::SpendDifference& spend, double minor_per_unit, JsonWriter& json) {
  json.Add("difference", spend.difference / minor_per_unit);
  WriteInterval({spend.interval.low / minor_per_unit, spend.interval.high / minor_per_unit}, json);
  json.Add("p_value", spend.p_value).Add("degrees_of_freedom", spend.degrees_of_freedom);
}

void WriteRate(const LiftReport& report, const LiftRequest& request, JsonWriter& json) {
  json.BeginObject();
  json.Add("verdict", VerdictName(report.verdict)).Add("proven", report.IsProven());
  json.Add("text", VerdictText(report, request)).Add("difference", report.rate_difference);
  WriteInterval(report.rate_interval, json);
  json.Name("relative");
  if (report.relative) {
    json.BeginObject(JsonLayout::kInline);
    json.Add("lift", report.relative->lift);
    WriteInterval(report.relative->interval, json);
    json.End();
  } else {
    json.Null();
  }
  json.Add("p_value", report.p_value).Add("p_value_adjusted", report.p_value_adjusted);
  json.Add("more_per_arm", report.more_per_arm);
  json.End();
}

void WriteArm(const ArmLift& arm, const LiftSummary& summary, JsonWriter& json) {
  const double minor_per_unit = MinorPerUnit(summary.request);
  const LiftReport& report = arm.converted;
  json.BeginObject();
  json.Add("arm", arm.arm).Name("converted");
  WriteRate(report, summary.request, json);
  json.Name("visit");
  arm.visited ? WriteRate(*arm.visited, summary.request, json) : json.Null();
  json.Name("spend");
  if (report.spend) {
    json.BeginObject(JsonLayout::kInline);
    WriteSpend(*report.spend, minor_per_unit, json);
    json.End();
  } else {
    json.Null();
  }
  json.Name("cuped");
  if (report.cuped) {
    json.BeginObject(JsonLayout::kInline);
    WriteSpend(report.cuped->spend, minor_per_unit, json);
    json.Add("theta", report.cuped->theta).Add("variance_reduction", report.cuped->variance_reduction);
    json.End();
  } else {
    json.Null();
  }
  json.End();
}

}  // namespace

std::string VerdictText(const LiftReport& report, const LiftRequest& request) {
  switch (report.verdict) {
    case LiftVerdict::kArmsMismatch:
      return "nothing may be read from it: the arms are not as large as planned (see the alarm).";
    case LiftVerdict::kTooEarly: return "too early: a look before the planned end proves nothing.";
    case LiftVerdict::kNotProven:
      return "nothing is proven: the difference may be chance. " + NeedText(report, request);
    case LiftVerdict::kProvenGain: return "proven: more than in the control group.";
    case LiftVerdict::kProvenLoss: return "proven: fewer than in the control group.";
  }
  return {};
}

std::string RenderLift(const LiftSummary& summary, bool colour) {
  std::string text = RenderArms(summary, colour);
  const auto& ratio = summary.sample_ratio;
  if (ratio.mismatch)
    text += "\nALARM: the arms are not as large as planned (" + PText(ratio.p_value) +
            "). Members were lost or assigned wrongly;\nwhatever the figures say, they compare unlike groups. State "
            "other planned sizes with --share.\n";
  for (const auto& arm : summary.arms) text += RenderArm(arm, summary);
  return text;
}

std::string LiftJson(const LiftSummary& summary) {
  const auto& request = summary.request;
  const double minor_per_unit = MinorPerUnit(request);
  JsonWriter json;
  json.BeginObject();
  json.Add("control", request.control).Add("alpha", request.alpha).Add("power", request.power);
  json.Add("worthwhile_difference", request.worthwhile_difference).Add("members", summary.experiment.members);
  json.Name("sample_ratio").BeginObject(JsonLayout::kInline);
  json.Add("chi_square", summary.sample_ratio.chi_square).Add("p_value", summary.sample_ratio.p_value);
  json.Add("mismatch", summary.sample_ratio.mismatch);
  json.End();
  json.Name("arms").BeginList();
  for (const auto& [name, arm] : summary.experiment.arms) {
    json.BeginObject(JsonLayout::kInline);
    json.Add("arm", name).Add("members", arm.converted.members).Add("planned_share", summary.planned.at(name));
    json.Add("converted", arm.converted.buyers).Add("mean_spend", arm.spend.MeanDuring() / minor_per_unit);
    json.End();
  }
  json.End();
  json.Name("comparisons").BeginList();
  for (const auto& arm : summary.arms) WriteArm(arm, summary, json);
  json.End();
  json.End();
  return json.TakeLine();
}

}  // namespace loyalty::client
