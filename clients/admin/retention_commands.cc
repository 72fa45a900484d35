// loyalty-admin retention: models and statistics of all members, from a server's receipts or from a file.
#include <memory>

#include "clients/admin/commands.h"
#include "clients/admin/retention_help.h"
#include "clients/output.h"
#include "clients/retention/cohorts.h"
#include "clients/retention/fits.h"
#include "clients/retention/lift.h"
#include "clients/retention/online.h"
#include "clients/retention/segments.h"
#include "clients/retention/trial.h"
#include "clients/table.h"

namespace loyalty::client {
namespace {

constexpr std::int64_t kRunsShown = 20;

struct WindowArguments {
  std::string file;
  std::string from;
  std::string until;

  void AddTo(const Command& command) {
    command.Add("--receipts", file, "Compute from this file instead, without a server").Type("FILE.csv[.gz]");
    command.Add("--from", from, "Receipts before this day are not there; default: all").Type("DATE");
    command.Add("--until", until, "The last day that is known").Type("DATE").Required();
  }
};

Outcome ReadDate(const char* option, const std::string& text, Day& day) {
  const auto parsed = ParseDay(text);
  if (!parsed) return UsageFailure(std::string(option) + ": '" + text + "' is no date", "give it as YYYY-MM-DD");
  day = *parsed;
  return {};
}

Outcome ReadWindow(const WindowArguments& arguments, ReceiptWindow& window) {
  if (auto failed = ReadDate("--until", arguments.until, window.until)) return failed;
  if (arguments.from.empty()) return {};
  Day from = 0;
  if (auto failed = ReadDate("--from", arguments.from, from)) return failed;
  if (from > window.until) return UsageFailure("--from: " + arguments.from + " is after --until " + arguments.until);
  window.from = from;
  return {};
}

// Shows the report that `of_server(session, report)` or, with --receipts, `of_file(report)` makes.
template <typename Report, typename OfServer, typename OfFile>
void Choose(Program& program, const std::string& file, OfServer of_server, OfFile of_file,
            std::string (*render)(const Report&, bool colour), std::string (*json)(const Report&)) {
  const auto show = [&program, render, json](Report& report, Outcome failed) {
    if (!failed) Print(program.format() == OutputFormat::kJson ? json(report) : render(report, StdoutWantsColour()));
    return failed;
  };
  if (file.empty()) {
    program.Choose([of_server, show](Session& session) {
      Report report;
      Outcome failed = of_server(session, report);
      return show(report, std::move(failed));
    });
  } else {
    program.ChooseOffline([of_file, show] {
      Report report;
      Outcome failed = of_file(report);
      return show(report, std::move(failed));
    });
  }
}

void AddFit(const Command& group, Program& program) {
  struct Arguments : WindowArguments {
    FitRequest request;
  };
  const auto command = group.AddCommand("fit", "Fit the models of buying, leaving and spending");
  auto arguments = std::make_shared<Arguments>();
  arguments->AddTo(command);
  command.Add("--unit", arguments->request.time_unit, "What alpha and log-likelihoods count time in")
      .OneOf({"days", "weeks"})
      .ShowDefault();
  command.Add("--k-max", arguments->request.k_max, "The largest k that is tried")
      .Range(1, retention::kStagesMax)
      .ShowDefault();
  command.Footer(kFitHelp);
  command.OnUse([&program, arguments] {
    FitRequest& request = arguments->request;
    const auto of_server = [arguments, &request](Session& session, FitReport& report) -> Outcome {
      if (auto failed = ReadWindow(*arguments, request.window)) return failed;
      report.request = request;
      return FitOnServer(session, report);
    };
    const auto of_file = [arguments, &request](FitReport& report) -> Outcome {
      Customers customers;
      if (auto failed = ReadWindow(*arguments, request.window)) return failed;
      if (auto failed = ReadCustomers(arguments->file, request.window, customers)) return failed;
      report = FitModels(customers, request);
      return {};
    };
    Choose<FitReport>(program, arguments->file, of_server, of_file, RenderFits, FitsJson);
  });
}

void AddBacktest(const Command& group, Program& program) {
  struct Arguments : WindowArguments {
    std::string holdout_until;
    TrialRequest request;

    Outcome ReadDays() {
      ReceiptWindow& window = request.window;
      if (auto failed = ReadWindow(*this, window)) return failed;
      request.calibration_end = window.until;
      if (auto failed = ReadDate("--holdout-until", holdout_until, window.until)) return failed;
      if (window.until > request.calibration_end) return {};
      return UsageFailure("--holdout-until: " + holdout_until + " is not after --until " + until);
    }
  };
  const auto command = group.AddCommand("backtest", "Fit until a day, and judge by what was bought after it");
  auto arguments = std::make_shared<Arguments>();
  arguments->AddTo(command);
  command.Add("--holdout-until", arguments->holdout_until, "The last day it is judged by").Type("DATE").Required();
  command.Add("--model", arguments->request.model, "The model on trial")
      .OneOf({"bg-nbd", "mbg-nbd", "mbg-cnbd-k"})
      .ShowDefault();
  command.Add("--k-max", arguments->request.k_max, "The largest k that is tried")
      .Range(1, retention::kStagesMax)
      .ShowDefault();
  command.Footer(kBacktestHelp);
  command.OnUse([&program, arguments] {
    const auto of_server = [arguments](Session& session, Trial& trial) -> Outcome {
      if (auto failed = arguments->ReadDays()) return failed;
      trial.request = arguments->request;
      return TrialOnServer(session, trial);
    };
    const auto of_file = [arguments](Trial& trial) -> Outcome {
      Customers customers;
      if (auto failed = arguments->ReadDays()) return failed;
      if (auto failed = ReadCustomers(arguments->file, arguments->request.window, customers)) return failed;
      return RunTrial(customers, arguments->file, arguments->request, trial);
    };
    Choose<Trial>(program, arguments->file, of_server, of_file, RenderTrial, TrialJson);
  });
}

void AddRfm(const Command& group, Program& program) {
  struct Arguments : WindowArguments {
    std::string cut_points;  // a file

    Outcome ReadGiven(std::optional<retention::RfmCutPoints>& given) const {
      if (cut_points.empty()) return {};
      return ReadCutPoints(cut_points, given.emplace());
    }
  };
  const auto command = group.AddCommand("rfm", "Recency, frequency and spend in eleven segments");
  auto arguments = std::make_shared<Arguments>();
  arguments->AddTo(command);
  command.Add("--cut-points", arguments->cut_points, "Score by these instead of by rank: JSON of an earlier rfm")
      .Type("FILE");
  command.Footer(kRfmHelp);
  command.OnUse([&program, arguments] {
    const auto of_server = [&program, arguments](Session& session, SegmentReport& report) -> Outcome {
      ReceiptWindow window;
      std::optional<retention::RfmCutPoints> given;
      if (auto failed = ReadWindow(*arguments, window)) return failed;
      if (auto failed = arguments->ReadGiven(given)) return failed;
      return SegmentsOnServer(session, window, given, program.format() == OutputFormat::kJson, report);
    };
    const auto of_file = [arguments](SegmentReport& report) -> Outcome {
      ReceiptWindow window;
      Customers customers;
      std::optional<retention::RfmCutPoints> given;
      if (auto failed = ReadWindow(*arguments, window)) return failed;
      if (auto failed = arguments->ReadGiven(given)) return failed;
      if (auto failed = ReadCustomers(arguments->file, window, customers)) return failed;
      report = SegmentCustomers(customers, window.until, given);
      return {};
    };
    Choose<SegmentReport>(program, arguments->file, of_server, of_file, RenderSegments, SegmentsJson);
  });
}

void AddCohorts(const Command& group, Program& program) {
  const auto command = group.AddCommand("cohorts", "Who comes back, by the month of the first purchase");
  auto arguments = std::make_shared<WindowArguments>();
  arguments->AddTo(command);
  command.Footer(kCohortsHelp);
  command.OnUse([&program, arguments] {
    const auto of_server = [arguments](Session& session, CohortReport& report) -> Outcome {
      if (auto failed = ReadWindow(*arguments, report.window)) return failed;
      return CohortsOnServer(session, report);
    };
    const auto of_file = [arguments](CohortReport& report) -> Outcome {
      ReceiptWindow window;
      Customers customers;
      if (auto failed = ReadWindow(*arguments, window)) return failed;
      if (auto failed = ReadCustomers(arguments->file, window, customers)) return failed;
      return TabulateCohorts(customers, window, report);
    };
    Choose<CohortReport>(program, arguments->file, of_server, of_file, RenderCohorts, CohortsJson);
  });
}

void AddRuns(const Command& group, Program& program) {
  const auto command = group.AddCommand("runs", "What the server has stored of fit, backtest and rfm, newest first");
  auto limit = std::make_shared<std::int64_t>(kRunsShown);
  command.Add("--limit", *limit, "At most this many").Positive().ShowDefault();
  command.Footer("Example:\n  loyalty-admin retention runs --limit 5 --output json");
  command.OnUse([&program, limit] { program.Choose([limit](Session& session) { return ShowRuns(session, *limit); }); });
}

void AddVerify(const Command& group, Program& program) {
  const auto command =
      group.AddCommand("verify", "Recompute purchase days and statistics from the receipts; exit 1 when they differ");
  auto member = std::make_shared<std::string>();
  command.Add("member", *member, "Only this member").Type("members/M");
  command.Footer(
      "Examples:\n  loyalty-admin retention verify\n  loyalty-admin retention verify members/00c0ffee00c0ffee");
  command.OnUse(
      [&program, member] { program.Choose([member](Session& session) { return VerifyOnServer(session, *member); }); });
}

void AddLift(const Command& group, Program& program) {
  struct Arguments {
    std::string file;
    double worthwhile = 0;  // 0: not given
    LiftRequest request;
  };
  const auto command = group.AddCommand("lift", "What a campaign did, against its control group");
  auto arguments = std::make_shared<Arguments>();
  LiftRequest& request = arguments->request;
  command.Add("--csv", arguments->file, "One row a member").Type("FILE.csv[.gz]").Required();
  command.Add("--control", request.control, "The arm that got nothing").Type("ARM").Required();
  command.Add("--share", request.shares, "Planned share of an arm; may be repeated. Default: equal shares")
      .Type("ARM=0.1");
  command.Add("--worthwhile", arguments->worthwhile, "Smallest gain of the rate worth having: 0.01 is one of 100")
      .Range(0.000001, 1.0);
  command.Add("--alpha", request.alpha, "Chance of a false proof").Range(0.0001, 0.5).ShowDefault();
  command.Add("--power", request.power, "Chance to find what is looked for").Range(0.5, 0.999).ShowDefault();
  command.Add("--decimals", request.digits, "Decimals of money in the file").Range(0, 4).ShowDefault();
  command.AddFlag("--before-end", request.before_end, "A look before the planned end: proves nothing");
  command.Footer(kLiftHelp);
  command.OnUse([&program, arguments] {
    program.ChooseOffline([&program, arguments]() -> Outcome {
      LiftRequest& asked = arguments->request;
      if (arguments->worthwhile > 0) asked.worthwhile_difference = arguments->worthwhile;
      Experiment experiment;
      if (auto failed = ReadExperiment(arguments->file, asked.digits, experiment)) return failed;
      LiftSummary summary;
      if (auto failed = MeasureArms(experiment, asked, summary)) return failed;
      Print(program.format() == OutputFormat::kJson ? LiftJson(summary) : RenderLift(summary, StdoutWantsColour()));
      return {};
    });
  });
}

void AddRetentionCommands(Program& program) {
  const auto group = program.app().AddCommand("retention", "Who stays, who leaves, what a campaign did");
  group.RequireCommand();
  group.Footer(kRetentionHelp);
  AddFit(group, program);
  AddBacktest(group, program);
  AddRfm(group, program);
  AddCohorts(group, program);
  AddRuns(group, program);
  AddVerify(group, program);
  AddLift(group, program);
  AddLifecycleCommands(group, program);
}

const ProgramCommands kRetentionCommands{AddRetentionCommands};

}  // namespace
}  // namespace loyalty::client
