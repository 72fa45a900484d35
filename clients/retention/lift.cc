#include "clients/retention/lift.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "domain/money.h"

namespace loyalty::client {
namespace {

using retention::LiftReport;

constexpr int kShareDigits = 9;
constexpr std::int64_t kWhole = 1'000'000'000;  // 1 in the same digits

// Planned shares of all arms in parts of kWhole times the number of arms without a stated one, so that equal parts of
// the rest are whole numbers.
using Shares = std::map<std::string, std::int64_t>;

std::string NamesOf(const Experiment& experiment) {
  std::string names;
  for (const auto& [name, arm] : experiment.arms) names.append(names.empty() ? "" : ", ").append(name);
  return names;
}

Outcome ReadShares(const Experiment& experiment, const std::vector<std::string>& texts, Shares& shares) {
  std::int64_t stated = 0;
  for (const auto& text : texts) {
    const auto equals = text.rfind('=');
    const std::string name = text.substr(0, equals);
    const auto share = ParseDecimal(equals == text.npos ? "" : std::string_view(text).substr(equals + 1), kShareDigits);
    if (!share || *share < 0 || *share > kWhole)
      return UsageFailure("--share: '" + text + "' is no ARM=SHARE with a share from 0 to 1",
                          "for instance: control=0.1");
    if (!experiment.arms.contains(name))
      return UsageFailure("--share: the file has no arm '" + name + "'", "its arms are: " + NamesOf(experiment));
    if (!shares.emplace(name, *share).second) return UsageFailure("--share: arm '" + name + "' is given twice");
    stated += *share;
  }
  const auto others = static_cast<std::int64_t>(experiment.arms.size() - shares.size());
  // Thirds are written with as many digits as one likes.
  if (others == 0 ? std::abs(stated - kWhole) > kWhole / 1000 : stated >= kWhole)
    return UsageFailure("--share: the shares add up to " + FormatDecimal(stated, kShareDigits),
                        others == 0 ? "shares of all arms add up to 1" : "leave something for the other arms");
  for (auto& [name, share] : shares) share *= std::max<std::int64_t>(1, others);
  for (const auto& [name, arm] : experiment.arms) shares.emplace(name, kWhole - stated);
  return {};
}

// Judged by all arms together: assignment is one act. Then Holm's correction over the arms.
void Correct(std::vector<LiftReport>& reports, const retention::SampleRatio& ratio) {
  for (auto& report : reports) report.sample_ratio = ratio;
  retention::CorrectForSeveral(reports);
}

}  // namespace

Outcome MeasureArms(const Experiment& experiment, const LiftRequest& request, LiftSummary& summary) {
  summary = LiftSummary{};
  summary.request = request;
  summary.experiment = experiment;
  const auto control = experiment.arms.find(request.control);
  if (control == experiment.arms.end())
    return UsageFailure("--control: the file has no arm '" + request.control + "'",
                        experiment.arms.empty() ? "it has no rows" : "its arms are: " + NamesOf(experiment));
  if (experiment.arms.size() < 2)
    return UsageFailure("the file has no arm but the control group '" + request.control + "'");
  Shares shares;
  if (auto failed = ReadShares(experiment, request.shares, shares)) return failed;

  std::vector<retention::PlannedArm> planned;
  double all = 0;
  for (const auto& [name, share] : shares) all += static_cast<double>(share);
  for (const auto& [name, arm] : experiment.arms) {
    planned.push_back({arm.converted.members, shares.at(name)});
    summary.planned[name] = static_cast<double>(shares.at(name)) / all;
  }
  summary.sample_ratio = retention::CheckSampleRatio(planned);

  std::vector<LiftReport> converted;
  std::vector<LiftReport> visited;
  for (const auto& [name, arm] : experiment.arms) {
    if (name == request.control) continue;
    const retention::LiftPlan plan{.alpha = request.alpha,
                                   .power = request.power,
                                   .worthwhile_difference = request.worthwhile_difference,
                                   .treated_share = shares.at(name),
                                   .control_share = shares.at(request.control),
                                   .horizon_reached = !request.before_end};
    const auto& other = control->second;
    summary.arms.push_back({.arm = name, .converted = {}, .visited = {}});
    converted.push_back(retention::MeasureLift({arm.converted, arm.spend}, {other.converted, other.spend}, plan));
    if (experiment.has_visit) visited.push_back(retention::MeasureLift({arm.visited, {}}, {other.visited, {}}, plan));
  }
  Correct(converted, summary.sample_ratio);
  Correct(visited, summary.sample_ratio);
  for (std::size_t i = 0; i < summary.arms.size(); ++i) {
    summary.arms[i].converted = converted[i];
    if (experiment.has_visit) summary.arms[i].visited = visited[i];
  }
  return {};
}

}  // namespace loyalty::client
