// loyalty-admin retention: models and statistics of a file, without a server.
#include <memory>

#include "clients/admin/commands.h"
#include "clients/admin/retention_help.h"
#include "clients/output.h"
#include "clients/retention/cohorts.h"
#include "clients/retention/fits.h"
#include "clients/retention/lift.h"
#include "clients/retention/segments.h"
#include "clients/retention/trial.h"
#include "clients/table.h"

namespace loyalty::client {
namespace {

struct FileArguments {
  std::string file;
  std::string from;
  std::string until;

  void AddTo(const Command& command) {
    command.Add("--receipts", file, "The receipts").Type("FILE.csv[.gz]").Required();
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

Outcome ReadWindow(const FileArguments& arguments, ReceiptWindow& window) {
  if (auto failed = ReadDate("--until", arguments.until, window.until)) return failed;
  if (arguments.from.empty()) return {};
  Day from = 0;
  if (auto failed = ReadDate("--from", arguments.from, from)) return failed;
  if (from > window.until) return UsageFailure("--from: " + arguments.from + " is after --until " + arguments.until);
  window.from = from;
  return {};
}

Outcome ReadFile(const FileArguments& arguments, ReceiptWindow& window, Customers& customers) {
  if (auto failed = ReadWindow(arguments, window)) return failed;
  return ReadCustomers(arguments.file, window, customers);
}

void Show(const Program& program, const std::string& table, const std::string& json) {
  Print(program.format() == OutputFormat::kJson ? json : table);
}

void AddFit(const Command& group, Program& program) {
  struct Arguments : FileArguments {
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
    program.ChooseOffline([&program, arguments]() -> Outcome {
      FitRequest& request = arguments->request;
      Customers customers;
      if (auto failed = ReadFile(*arguments, request.window, customers)) return failed;
      const FitReport report = FitModels(customers, request);
      Show(program, RenderFits(report, StdoutWantsColour()), FitsJson(report));
      return {};
    });
  });
}

void AddBacktest(const Command& group, Program& program) {
  struct Arguments : FileArguments {
    std::string holdout_until;
    TrialRequest request;
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
    program.ChooseOffline([&program, arguments]() -> Outcome {
      TrialRequest& request = arguments->request;
      ReceiptWindow& window = request.window;
      if (auto failed = ReadWindow(*arguments, window)) return failed;
      request.calibration_end = window.until;
      if (auto failed = ReadDate("--holdout-until", arguments->holdout_until, window.until)) return failed;
      if (window.until <= request.calibration_end)
        return UsageFailure("--holdout-until: " + arguments->holdout_until + " is not after --until " +
                            arguments->until);
      Customers customers;
      if (auto failed = ReadCustomers(arguments->file, window, customers)) return failed;
      Trial trial;
      if (auto failed = RunTrial(customers, arguments->file, request, trial)) return failed;
      Show(program, RenderTrial(trial, StdoutWantsColour()), TrialJson(trial));
      return {};
    });
  });
}

void AddRfm(const Command& group, Program& program) {
  const auto command = group.AddCommand("rfm", "Recency, frequency and spend in eleven segments");
  auto arguments = std::make_shared<FileArguments>();
  arguments->AddTo(command);
  command.Footer(kRfmHelp);
  command.OnUse([&program, arguments] {
    program.ChooseOffline([&program, arguments]() -> Outcome {
      ReceiptWindow window;
      Customers customers;
      if (auto failed = ReadFile(*arguments, window, customers)) return failed;
      const SegmentReport report = SegmentCustomers(customers, window.until);
      Show(program, RenderSegments(report, StdoutWantsColour()), SegmentsJson(report));
      return {};
    });
  });
}

void AddCohorts(const Command& group, Program& program) {
  const auto command = group.AddCommand("cohorts", "Who comes back, by the month of the first purchase");
  auto arguments = std::make_shared<FileArguments>();
  arguments->AddTo(command);
  command.Footer(kCohortsHelp);
  command.OnUse([&program, arguments] {
    program.ChooseOffline([&program, arguments]() -> Outcome {
      ReceiptWindow window;
      Customers customers;
      if (auto failed = ReadFile(*arguments, window, customers)) return failed;
      CohortReport report;
      if (auto failed = TabulateCohorts(customers, window, report)) return failed;
      Show(program, RenderCohorts(report, StdoutWantsColour()), CohortsJson(report));
      return {};
    });
  });
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
      Show(program, RenderLift(summary, StdoutWantsColour()), LiftJson(summary));
      return {};
    });
  });
}

}  // namespace

void AddRetentionCommands(Program& program) {
  const auto group =
      program.app().AddCommand("retention", "Who stays, who leaves, what a campaign did: from files, without a server");
  group.RequireCommand();
  group.Footer(kRetentionHelp);
  AddFit(group, program);
  AddBacktest(group, program);
  AddRfm(group, program);
  AddCohorts(group, program);
  AddLift(group, program);
}

}  // namespace loyalty::client
