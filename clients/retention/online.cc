#include "clients/retention/online.h"

#include <algorithm>

#include "clients/jobs.h"
#include "clients/names.h"
#include "clients/pages.h"
#include "clients/retention/wire.h"
#include "clients/table.h"
#include "clients/verification.h"
#include "loyalty/v1/retention_service.grpc.pb.h"

namespace loyalty::client {
namespace {

using Stub = v1::RetentionService::Stub;

// Reading all receipts takes as long as it takes: the deadline is that of a report, not of a till.
constexpr std::chrono::minutes kDeadline{30};

template <typename Request>
void SetWindow(const ReceiptWindow& window, Request& request) {
  if (window.from) request.set_from_date(FormatDay(*window.from));
  request.set_until_date(FormatDay(window.until));
}

std::unique_ptr<Stub> StubOf(const Session& session) {
  return v1::RetentionService::NewStub(session.connection().channel());
}

}  // namespace

Outcome FitOnServer(Session& session, FitReport& report) {
  v1::FitModelsRequest request;
  SetWindow(report.request.window, request);
  request.set_time_unit(report.request.time_unit == "days" ? v1::TIME_UNIT_DAYS : v1::TIME_UNIT_WEEKS);
  request.set_k_max(report.request.k_max);
  v1::FitModelsResponse response;
  v1::RetentionRun run;
  Mutation mutation{.doing = "fit models", .command = {}};
  if (auto failed = session.Mutate(*StubOf(session), &Stub::FitModels, mutation, request, &response)) return failed;
  if (auto failed = AwaitJob(session, response.job(), run)) return failed;
  Fill(run.name(), run.fit(), report);
  return {};
}

Outcome TrialOnServer(Session& session, Trial& trial) {
  v1::BacktestModelsRequest request;
  SetWindow({.from = trial.request.window.from, .until = trial.request.calibration_end}, request);
  request.set_holdout_until_date(FormatDay(trial.request.window.until));
  request.set_kind(ToWire(KindOf(trial.request.model)));
  request.set_k_max(trial.request.k_max);
  v1::BacktestModelsResponse response;
  v1::RetentionRun run;
  Mutation mutation{.doing = "backtest models", .command = {}};
  if (auto failed = session.Mutate(*StubOf(session), &Stub::BacktestModels, mutation, request, &response))
    return failed;
  if (auto failed = AwaitJob(session, response.job(), run)) return failed;
  Fill(run.name(), run.backtest(), trial);
  return {};
}

Outcome SegmentsOnServer(Session& session, const ReceiptWindow& window,
                         const std::optional<retention::RfmCutPoints>& given, bool with_customers,
                         SegmentReport& report) {
  v1::ScoreRfmRequest request;
  SetWindow(window, request);
  if (given) AddTo(*given, request);
  v1::ScoreRfmResponse response;
  Mutation mutation{.doing = "score members", .command = {}, .deadline = kDeadline};
  const auto stub = StubOf(session);
  if (auto failed = session.Mutate(*stub, &Stub::ScoreRfm, mutation, request, &response)) return failed;
  report.until = window.until;
  Fill(response, report);
  if (!with_customers) return {};
  v1::ListRfmMembersRequest list;
  list.set_run(report.run);
  v1::ListRfmMembersResponse all;
  if (auto failed = ReadPages(session, *stub, &Stub::ListRfmMembers, "list members", list, kNoLimit, &all,
                              [](const auto& page) { return page.members_size(); }))
    return failed;
  report.customers.reserve(static_cast<std::size_t>(all.members_size()));
  for (const auto& member : all.members()) report.customers.push_back(CustomerOf(member));
  std::sort(report.customers.begin(), report.customers.end(),
            [](const SegmentedCustomer& a, const SegmentedCustomer& b) { return a.name < b.name; });
  return {};
}

Outcome CohortsOnServer(Session& session, CohortReport& report) {
  v1::GetCohortReportRequest request;
  SetWindow(report.window, request);
  v1::GetCohortReportResponse response;
  if (auto failed =
          session.Read(*StubOf(session), &Stub::GetCohortReport, "tabulate cohorts", request, &response, kDeadline))
    return failed;
  Fill(response, report);
  return {};
}

Outcome ShowRuns(Session& session, std::int64_t limit) {
  v1::ListRunsResponse list;
  if (auto failed = ReadPages(session, *StubOf(session), &Stub::ListRuns, "list runs", v1::ListRunsRequest(), limit,
                              &list, [](const auto& page) { return page.runs_size(); }))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(list);
    return {};
  }
  Table table({{"run"}, {"when"}, {"kind"}, {"from"}, {"until"}, {"result"}});
  for (const auto& run : list.runs()) {
    const auto add = [&](const char* kind, const auto& found, std::string result) {
      table.AddRow({run.name(), TimeText(true, run.create_time()), kind, found.from_date(), found.until_date(),
                    std::move(result)});
    };
    if (run.has_fit()) {
      const auto& fit = run.fit();
      add("fit", fit,
          fit.model_run().empty()
              ? "no model is good enough"
              : ModelTitle(fit.model_kind()) + (fit.model_run() == run.name() ? "" : " of " + fit.model_run()));
    } else if (run.has_backtest()) {
      const auto& backtest = run.backtest();
      add("backtest", backtest,
          "judged until " + backtest.holdout_until_date() + ", rank by " +
              EnumText(*v1::RankingScore_descriptor(), backtest.ranking()));
    } else if (run.has_rfm()) {
      std::int64_t members = 0;
      for (const auto& segment : run.rfm().segments()) members += segment.members();
      add("rfm", run.rfm(), Grouped(members) + " members");
    } else if (run.has_measure()) {
      const auto& measure = run.measure();
      table.AddRow({run.name(), TimeText(true, run.create_time()), "measure", "", measure.as_of_date(),
                    (measure.has_model() ? ModelTitle(measure.model().kind()) : "own mean gaps") + ", rank by " +
                        EnumText(*v1::RankingScore_descriptor(), measure.ranking())});
    }
  }
  Print(table.Render(StdoutWantsColour()));
  return {};
}

Outcome VerifyOnServer(Session& session, const std::string& member) {
  v1::VerifyStatisticsRequest request;
  request.set_member(FullName("members", member));
  v1::VerifyStatisticsResponse response;
  Mutation mutation{.doing = "verify statistics", .command = {}};
  if (auto failed = session.Mutate(*StubOf(session), &Stub::VerifyStatistics, mutation, request, &response))
    return failed;
  v1::Job job = response.job();
  if (auto failed = AwaitJob(session, job)) return failed;
  const auto& found = job.statistics_verification();
  FactSheet counts;
  counts.Add("Members", Grouped(found.members()));
  counts.Add("Receipts", Grouped(found.receipts()));
  return ShowVerification(session, found, std::move(counts), "the statistics are",
                          "keep a copy of this database: something has written past loyaltyd");
}

}  // namespace loyalty::client
