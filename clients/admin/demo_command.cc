#include <memory>

#include "clients/admin/commands.h"
#include "clients/demo/demo.h"
#include "clients/output.h"
#include "clients/table.h"

namespace loyalty::client {

void AddDemoCommand(Program& program) {
  const auto demo =
      program.app().AddCommand("demo", "Fill a fresh server with a program's life and show what came of it");
  auto options = std::make_shared<DemoOptions>();
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
  demo.Footer("Example:\n  loyalty-admin demo --receipts receipts.csv.gz");
  demo.OnUse([&program, options] {
    program.Choose([options](Session& session) -> Outcome {
      DemoReport report;
      if (auto failed = RunDemo(session, *options, report)) return failed;
      Print(RenderReport(report, StdoutWantsColour()));
      return {};
    });
  });
}

}  // namespace loyalty::client
