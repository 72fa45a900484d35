#include <memory>

#include "clients/admin/commands.h"
#include "clients/demo/demo.h"
#include "clients/demo/plain_day.h"
#include "clients/output.h"
#include "clients/table.h"

namespace loyalty::client {

void AddDemoCommand(Program& program) {
  auto* demo =
      program.app().add_subcommand("demo", "Fill a fresh server with a program's life and show what came of it");
  auto options = std::make_shared<DemoOptions>();
  auto* receipts = demo->add_option("--receipts", options->receipts, "Receipts CSV; default: a small day of its own")
                       ->type_name("FILE.csv[.gz]");
  demo->add_option("--members", options->members, "Members of the small day")
      ->check(CLI::Range(1, kPlainMembersMax))
      ->capture_default_str()
      ->excludes(receipts);
  demo->add_option("--currency", options->currency, "Currency of the small day")
      ->capture_default_str()
      ->excludes(receipts);
  demo->add_option("--redemptions", options->redemptions, "How often points are spent, at most")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  demo->add_option("--streams", options->streams, "Streams at the same time")
      ->check(CLI::Range(1, kStreamsMax))
      ->capture_default_str();
  demo->footer("Example:\n  loyalty-admin demo --receipts receipts.csv.gz");
  demo->callback([&program, options] {
    program.Choose([options](Session& session) -> Outcome {
      DemoReport report;
      if (auto failed = RunDemo(session, *options, report)) return failed;
      Print(RenderReport(report, StdoutWantsColour()));
      return {};
    });
  });
}

}  // namespace loyalty::client
