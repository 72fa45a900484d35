#include <cstdio>
#include <memory>

#include "clients/demo/demo.h"
#include "clients/output.h"
#include "clients/program.h"
#include "clients/retention/lifecycle.h"
#include "clients/retention/online.h"
#include "clients/retention/page_data.h"
#include "clients/table.h"

namespace loyalty::client {
namespace {

// What is too thin for a model is a demo all the same.
Outcome UnlessTooThin(Outcome failed) {
  if (failed && failed->reason == "TOO_LITTLE_DATA") return {};
  return failed;
}

// The model is judged by the second half of the time, then fitted to all of it.
Outcome DrawPage(Session& session, const DemoReport& report, const std::string& file) {
  std::fprintf(stderr, "demo: models, stages and the page\n");
  Trial trial;
  trial.request.calibration_end = report.first_day + (report.last_day - report.first_day) / 2;
  trial.request.window.until = report.last_day;
  if (auto failed = UnlessTooThin(TrialOnServer(session, trial))) return failed;
  FitReport fit;
  fit.request.window.until = report.last_day;
  if (auto failed = FitOnServer(session, fit)) return failed;
  if (auto failed = Classify(session, {.measure = "new"})) return failed;
  return WritePage(session, {.file = file, .as_of = FormatDay(report.last_day)});
}

void AddDemoCommand(Program& program) {
  const auto demo =
      program.app().AddCommand("demo", "Fill a fresh server with a program's life and show what came of it");
  auto options = std::make_shared<DemoOptions>();
  auto html = std::make_shared<std::string>();
  const auto receipts = demo.Add("--receipts", options->receipts, "Receipts CSV; default: a year that is generated")
                            .Type("FILE.csv[.gz]");
  demo.Add("--members", options->members, "Members of the generated year")
      .Range(1, 1'000'000)
      .ShowDefault()
      .Excludes(receipts);
  demo.Add("--redemptions", options->redemptions, "How often points are spent, at most")
      .Range(0, 1'000'000)
      .ShowDefault();
  demo.Add("--streams", options->streams, "Streams at the same time").Range(1, kStreamsMax).ShowDefault();
  demo.Add("--html", *html, "Also fit, classify, and draw what the receipts say as a page").Type("FILE");
  demo.Footer("Example:\n  loyalty-admin demo --receipts receipts.csv.gz");
  demo.OnUse([&program, options, html] {
    program.Choose([options, html](Session& session) -> Outcome {
      DemoReport report;
      if (auto failed = RunDemo(session, *options, report)) return failed;
      Print(RenderReport(report, StdoutWantsColour()));
      return html->empty() ? Outcome() : DrawPage(session, report, *html);
    });
  });
}

const ProgramCommands kDemoCommand{AddDemoCommand};

}  // namespace
}  // namespace loyalty::client
