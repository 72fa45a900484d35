#include "clients/retention/lifecycle.h"

#include <algorithm>
#include <array>
#include <map>

#include "clients/jobs.h"
#include "clients/names.h"
#include "clients/output.h"
#include "clients/pages.h"
#include "clients/retention/figures.h"
#include "clients/retention/wire.h"
#include "clients/table.h"
#include "loyalty/v1/retention_service.grpc.pb.h"

namespace loyalty::client {
namespace {

using Stub = v1::RetentionService::Stub;

constexpr std::chrono::minutes kDeadline{30};
constexpr std::size_t kBarWidth = 30;
// In the order of a customer's life.
constexpr std::array<v1::LifecycleStage, 5> kStages = {v1::LIFECYCLE_STAGE_ACQUIRE, v1::LIFECYCLE_STAGE_CONVERT,
                                                       v1::LIFECYCLE_STAGE_DEVELOP, v1::LIFECYCLE_STAGE_RETAIN,
                                                       v1::LIFECYCLE_STAGE_REACTIVATE};

std::unique_ptr<Stub> StubOf(const Session& session) {
  return v1::RetentionService::NewStub(session.connection().channel());
}

std::string Part(std::int64_t members, std::int64_t all) {
  return all == 0 ? "-" : Percent(static_cast<double>(members) / static_cast<double>(all), 1);
}

std::string Score(const v1::ScoreExplained& score, const std::string& value) {
  return std::to_string(score.score()) + " (" + value + ")";
}

std::string StandingText(const v1::LifecycleStanding& standing) {
  return StageText(standing.stage()) + ", " + SegmentText(standing);
}

void ShowStageTable(const v1::GetLifecycleSummaryResponse& response) {
  std::int64_t most = 0;
  for (const auto& total : response.totals()) most = std::max(most, total.members());
  Table table(
      {{"stage"}, {"segment"}, {"members", Align::kRight}, {"", Align::kRight}, {"spent", Align::kRight}, {""}});
  for (const auto stage : kStages)
    for (const auto& total : response.totals()) {
      if (total.standing().stage() != stage) continue;
      table.AddRow({StageText(stage), SegmentText(total.standing()), Grouped(total.members()),
                    Part(total.members(), response.members()), MoneyText(total.spend_minor(), response.currency_code()),
                    Bar(static_cast<double>(total.members()), static_cast<double>(most), kBarWidth)});
    }
  Print(table.Render(StdoutWantsColour()));
}

}  // namespace

std::string StageText(v1::LifecycleStage stage) {
  constexpr std::string_view kPrefix = "LIFECYCLE_STAGE_";
  const std::string name = v1::LifecycleStage_Name(stage);
  return stage == v1::LIFECYCLE_STAGE_UNSPECIFIED || name.empty() ? "-" : name.substr(kPrefix.size());
}

std::string SegmentText(const v1::LifecycleStanding& standing) {
  std::string text = EnumText(*v1::LifecycleSegment_descriptor(), standing.segment());
  std::replace(text.begin(), text.end(), '_', ' ');
  if (standing.lost_stage() != v1::LOST_STAGE_UNSPECIFIED)
    text += ", lost L" + std::to_string(static_cast<int>(standing.lost_stage()));
  return text;
}

std::string RuleText(v1::LifecycleRuleKind rule) {
  switch (rule) {
    case v1::LIFECYCLE_RULE_KIND_NOT_BOUGHT: return "has not bought yet";
    case v1::LIFECYCLE_RULE_KIND_SEGMENT: return "the stage of its segment";
    case v1::LIFECYCLE_RULE_KIND_OVERDUE: return "silent for longer than nearly all gaps of such a customer";
    case v1::LIFECYCLE_RULE_KIND_UNLIKELY_ALIVE: return "probably gone for good";
    case v1::LIFECYCLE_RULE_KIND_CEILING: return "silent for longer than the shop allows";
    case v1::LIFECYCLE_RULE_KIND_KEPT: return "lapsed earlier, and has not bought since";
    case v1::LIFECYCLE_RULE_KIND_SEASON: return "buys in one season, which has not passed again";
    default: return "-";
  }
}

Outcome ShowStages(Session& session, const std::string& as_of) {
  v1::GetLifecycleSummaryRequest request;
  request.set_as_of_date(as_of);
  v1::GetLifecycleSummaryResponse response;
  if (auto failed =
          session.Read(*StubOf(session), &Stub::GetLifecycleSummary, "count stages", request, &response, kDeadline))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
    return {};
  }
  FactSheet sheet;
  sheet.Add("As of", response.as_of_date());
  sheet.Add("Members", Grouped(response.members()));
  sheet.Add("Measured by", response.measure_run());
  Print(sheet.Render() + "\n");
  ShowStageTable(response);
  return {};
}

Outcome ShowRfmMatrix(Session& session, const std::string& as_of) {
  v1::GetRfmMatrixRequest request;
  request.set_as_of_date(as_of);
  v1::GetRfmMatrixResponse response;
  if (auto failed =
          session.Read(*StubOf(session), &Stub::GetRfmMatrix, "count RFM codes", request, &response, kDeadline))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
    return {};
  }
  std::map<std::pair<int, int>, std::int64_t> members;
  for (const auto& cell : response.cells()) members[{cell.recency(), cell.frequency()}] += cell.members();
  Table table({{"recency"},
               {"frequency 1", Align::kRight},
               {"2", Align::kRight},
               {"3", Align::kRight},
               {"4", Align::kRight},
               {"5", Align::kRight}});
  for (int recency = 5; recency >= 1; --recency) {
    std::vector<std::string> row{std::to_string(recency)};
    for (int frequency = 1; frequency <= 5; ++frequency) row.push_back(Grouped(members[{recency, frequency}]));
    table.AddRow(row);
  }
  Print("As of " + response.as_of_date() + ", by the cut points of " + response.measure_run() + "\n\n" +
        table.Render(StdoutWantsColour()));
  return {};
}

Outcome ShowLifecycle(Session& session, const std::string& member) {
  v1::GetLifecycleRequest request;
  request.set_name(FullName("members", member));
  v1::GetLifecycleResponse response;
  if (auto failed = session.Read(*StubOf(session), &Stub::GetLifecycle, "explain lifecycle", request, &response))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
    return {};
  }
  const v1::LifecycleView& view = response.view();
  const std::string& currency = session.Program().currency_code();
  FactSheet sheet;
  sheet.Add("Member", response.name());
  sheet.Add("Stands", StandingText(view.standing()) + ", since " + view.since_date());
  sheet.Add("Because", RuleText(response.rule()));
  sheet.Add("Suggestion", view.suggestion());
  if (view.has_next())
    sheet.Add("Next", view.next().date() + ": " + StandingText(view.next().to()) + ", if nothing is bought");
  if (response.holdout()) sheet.Add("Control group", "yes: not to be contacted");
  if (response.has_recency()) {
    sheet.Add("Recency", Score(response.recency(), Grouped(response.recency().value()) + " days ago"));
    sheet.Add("Frequency", Score(response.frequency(), Grouped(response.frequency().value()) + " purchase days"));
    sheet.Add("Monetary", Score(response.monetary(), MoneyText(response.monetary().value(), currency)));
    sheet.Add("Bought again", Grouped(response.repeats()) + " times within " + Grouped(response.recency_days()) +
                                  " days, known for " + Grouped(response.age_days()));
    sheet.Add("Own cycle", Fixed(response.cycle_days(), 1) + " days");
  }
  if (view.has_overdue()) sheet.Add("Overdue", Percent(view.overdue(), 1) + " of such gaps would have ended by now");
  if (view.has_probability_own_cycle())
    sheet.Add("Buys", "within the own cycle with " + Percent(view.probability_own_cycle(), 1));
  if (response.has_expected_purchases())
    sheet.Add("Expected", Fixed(response.expected_purchases(), 2) + " purchase days within a year");
  if (response.has_lifetime_value_minor())
    sheet.Add("Value", MoneyText(response.lifetime_value_minor(), currency) + " of margin within " +
                           std::to_string(response.horizon_months()) + " months, discounted by " +
                           Percent(response.discount_basis_points() / 10'000.0, 2) + " a month" +
                           (response.spend_status() == v1::SPEND_STATUS_CONVERGED ? "" : ", by the plain mean"));
  sheet.Add(
      "Measured by",
      response.measure_run() + ", " +
          (response.model_kind() == v1::MODEL_KIND_UNSPECIFIED ? "own mean gaps" : ModelTitle(response.model_kind())));
  Print(sheet.Render());
  return {};
}

Outcome ShowMatrix(Session& session, const std::vector<std::string>& dates) {
  v1::GetLifecycleMatrixRequest request;
  for (const auto& date : dates) request.add_dates(date);
  v1::GetLifecycleMatrixResponse response;
  if (auto failed =
          session.Read(*StubOf(session), &Stub::GetLifecycleMatrix, "compare stages", request, &response, kDeadline))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
    return {};
  }
  std::map<std::pair<int, int>, std::int64_t> flows;
  for (const auto& flow : response.flows()) flows[{flow.from(), flow.to()}] += flow.members();
  std::vector<Column> columns{{dates.front()}};
  for (const auto stage : kStages) columns.push_back({StageText(stage), Align::kRight});
  Table table(columns);
  const auto add = [&](v1::LifecycleStage from, const std::string& title) {
    std::vector<std::string> row{title};
    for (const auto to : kStages) row.push_back(Grouped(flows[{from, to}]));
    table.AddRow(row);
  };
  add(v1::LIFECYCLE_STAGE_UNSPECIFIED, "not a member yet");
  for (const auto stage : kStages) add(stage, StageText(stage));
  Print("Rows: on " + dates.front() + "; columns: on " + dates.back() + "\n\n" + table.Render(StdoutWantsColour()));
  return {};
}

// What a purchase day is worth, and whether a model says so.
std::string PurchaseDayText(const v1::MeasureRun& measure) {
  const v1::SpendFit& spend = measure.spend();
  if (spend.mean() == 0) return "nobody has spent anything twice";
  const std::string mean = "worth " + Fixed(spend.mean(), 2) + " " + measure.currency_code() + " on average";
  if (spend.status() == v1::SPEND_STATUS_CONVERGED) return mean + ", by Gamma-Gamma";
  const std::string status = EnumText(*v1::SpendStatus_descriptor(), spend.status());
  return mean + ", the plain mean: Gamma-Gamma is not used (" + status + ")";
}

Outcome Classify(Session& session, const ClassifyOptions& options) {
  v1::ClassifyMembersRequest request;
  if (options.measure == "keep") request.set_measure(v1::MEASURE_CHOICE_KEEP);
  if (options.measure == "new") request.set_measure(v1::MEASURE_CHOICE_NEW);
  request.set_everybody(options.everybody);
  v1::ClassifyMembersResponse response;
  v1::RetentionRun run;
  Mutation mutation{.doing = "classify members", .command = {}};
  if (auto failed = session.Mutate(*StubOf(session), &Stub::ClassifyMembers, mutation, request, &response))
    return failed;
  if (auto failed = AwaitJob(session, response.job(), run)) return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(run);
    return {};
  }
  const v1::MeasureRun& measure = run.measure();
  FactSheet sheet;
  sheet.Add("Measured by", run.name() + " of " + measure.as_of_date());
  sheet.Add("Model", measure.has_model()
                         ? ModelTitle(measure.model().kind()) +
                               (measure.fit_run().empty() ? ", fitted for it" : " of " + measure.fit_run())
                         : "none: data is too thin, own mean gaps decide");
  sheet.Add("Purchase day", PurchaseDayText(measure));
  sheet.Add("Rank by",
            EnumText(*v1::RankingScore_descriptor(), measure.ranking()) +
                (measure.backtest_run().empty() ? ": there was no backtest" : ", by " + measure.backtest_run()));
  sheet.Add("Probabilities",
            measure.show_probabilities() ? "shown" : "withheld: no backtest says that they may be shown");
  Print(sheet.Render());
  return {};
}

Outcome ShowCandidates(Session& session, const CandidateOptions& options) {
  v1::ListReactivationCandidatesRequest request;
  request.set_view(options.not_worth ? v1::CANDIDATE_VIEW_NOT_WORTH : v1::CANDIDATE_VIEW_WORTH);
  if (!options.lost_stage.empty()) request.set_lost_stage(static_cast<v1::LostStage>(options.lost_stage.back() - '0'));
  if (!options.store.empty()) request.set_store(FullName("stores", options.store));
  request.set_min_value_minor(options.min_value_minor);
  v1::ListReactivationCandidatesResponse all;
  if (auto failed = ReadPages(
          session, *StubOf(session), &Stub::ListReactivationCandidates, "list candidates", request, options.limit, &all,
          [](const auto& page) { return page.candidates_size(); }, kDeadline))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(all);
    return {};
  }
  Table table({{"member"},
               {"segment"},
               {"why lapsed"},
               {"overdue", Align::kRight},
               {"at stake", Align::kRight},
               {options.not_worth ? "why not" : "what to do"},
               {options.not_worth ? "" : "until"}});
  for (const auto& candidate : all.candidates())
    table.AddRow({candidate.member(), SegmentText(candidate.standing()), RuleText(candidate.reason()),
                  Grouped(candidate.days_overdue()) + " days", MoneyText(candidate.value_minor(), all.currency_code()),
                  options.not_worth ? EnumText(*v1::NotWorthReason_descriptor(), candidate.not_worth())
                                    : EnumText(*v1::ReactivationAction_descriptor(), candidate.action()),
                  options.not_worth ? "" : candidate.expire_date()});
  Print(Grouped(all.total_members()) + " lapsed members whom it is " + (options.not_worth ? "not worth" : "worth") +
        " to win back, " + MoneyText(all.total_value_minor(), all.currency_code()) + " at stake; ranked by " +
        EnumText(*v1::RankingScore_descriptor(), all.ranking()) + "\n\n" + table.Render(StdoutWantsColour()));
  return {};
}

}  // namespace loyalty::client
