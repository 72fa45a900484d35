// loyalty-admin alert: limits that were passed, and who has looked at them.
#include <memory>

#include "clients/arguments.h"
#include "clients/names.h"
#include "clients/output.h"
#include "clients/pages.h"
#include "clients/program.h"
#include "clients/table.h"
#include "clients/timestamps.h"
#include "loyalty/v1/fraud_service.grpc.pb.h"

namespace loyalty::client {
namespace {

using Stub = v1::FraudService::Stub;

std::unique_ptr<Stub> StubOf(const Session& session) {
  return v1::FraudService::NewStub(session.connection().channel());
}

struct ListArguments {
  bool open = false;
  std::string kind, store, from, to;
  std::int64_t limit = kNoLimit;
};

std::string StateText(const v1::Alert& alert) {
  return EnumText(*v1::AlertState_descriptor(), alert.state()) +
         (alert.note().empty() ? "" : " by " + alert.resolved_by() + ": " + alert.note());
}

Outcome ToRequest(Session& session, const ListArguments& arguments, v1::ListAlertsRequest& request) {
  if (arguments.open) request.set_state(v1::ALERT_STATE_OPEN);
  if (!arguments.kind.empty()) {
    v1::AlertKind kind = v1::ALERT_KIND_UNSPECIFIED;
    v1::AlertKind_Parse("ALERT_KIND_" + arguments.kind, &kind);
    request.set_kind(kind);
  }
  if (!arguments.store.empty()) request.set_store(FullName("stores", arguments.store));
  const auto read = [&session](const std::string& text, google::protobuf::Timestamp* out) -> Outcome {
    Instant at = 0;
    if (auto failed = ReadTime(session, text, {}, at)) return failed;
    SetTime(at, *out);
    return {};
  };
  if (!arguments.from.empty())
    if (auto failed = read(arguments.from, request.mutable_from_time())) return failed;
  if (!arguments.to.empty())
    if (auto failed = read(arguments.to, request.mutable_to_time())) return failed;
  return {};
}

Outcome List(Session& session, const ListArguments& arguments) {
  v1::ListAlertsRequest request;
  if (auto failed = ToRequest(session, arguments, request)) return failed;
  v1::ListAlertsResponse list;
  if (auto failed = ReadPages(session, *StubOf(session), &Stub::ListAlerts, "list alerts", request, arguments.limit,
                              &list, [](const auto& page) { return page.alerts_size(); }))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(list);
    return {};
  }
  Table table({{"alert"},
               {"day"},
               {"limit"},
               {"times", Align::kRight},
               {"last"},
               {"member"},
               {"store"},
               {"terminal"},
               {"operator"},
               {"state"}});
  for (const auto& alert : list.alerts())
    table.AddRow({alert.name(), alert.date(), alert.limit(), Grouped(alert.count()), TimeText(true, alert.last_time()),
                  alert.member(), alert.store(), alert.terminal(), alert.operator_(), StateText(alert)});
  Print(table.Render(StdoutWantsColour()));
  return {};
}

struct ResolveArguments {
  std::string alert, note;
};

Outcome Resolve(Session& session, const ResolveArguments& arguments) {
  v1::ResolveAlertRequest request;
  request.set_name(FullName("alerts", arguments.alert));
  request.set_note(arguments.note);
  v1::ResolveAlertResponse response;
  Mutation mutation{.doing = "resolve alert", .command = {}};
  if (auto failed = session.Mutate(*StubOf(session), &Stub::ResolveAlert, mutation, request, &response)) return failed;
  const v1::Alert& alert = response.alert();
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
    return {};
  }
  FactSheet sheet;
  sheet.Add("Alert", alert.name());
  sheet.Add("Limit", alert.limit() + ", " + Grouped(alert.count()) + " times on " + alert.date());
  sheet.Add("Member", alert.member());
  sheet.Add("Store", alert.store());
  sheet.Add("Terminal", alert.terminal());
  sheet.Add("Operator", alert.operator_());
  sheet.Add("State", StateText(alert));
  Print(sheet.Render());
  return {};
}

void AddAlertCommands(Program& program) {
  const auto group = program.app().AddCommand("alert", "Limits of the catalogue that were passed");
  group.RequireCommand();
  const auto list = group.AddCommand("list", "Alerts, newest first");
  auto listed = std::make_shared<ListArguments>();
  list.AddFlag("--open", listed->open, "Only those that nobody has resolved");
  list.Add("--kind", listed->kind, "Only those of this kind").OneOf({"EARNING", "REDEMPTION", "LOOKUP"});
  list.Add("--store", listed->store, "Only those of this store").Type("stores/S");
  list.Add("--from", listed->from, "Only those that were passed then or later").Type("TIME");
  list.Add("--to", listed->to, "Only those that were passed last before then").Type("TIME");
  list.Add("--limit", listed->limit, "At most this many").Positive();
  list.Footer(
      "Examples:\n  loyalty-admin alert list --open\n"
      "  loyalty-admin alert list --kind EARNING --store stores/S1 --output json");
  list.OnUse([&program, listed] { program.Choose([listed](Session& session) { return List(session, *listed); }); });

  const auto resolve = group.AddCommand("resolve", "Say that somebody has looked at an alert, and what came of it");
  auto resolved = std::make_shared<ResolveArguments>();
  resolve.Add("alert", resolved->alert, "The alert").Type("alerts/A").Required();
  resolve.Add("--note", resolved->note, "What came of it, up to 200 characters, nothing about a person").Required();
  resolve.Footer("Example:\n  loyalty-admin alert resolve alerts/0123456789abcdef --note \"a club, all is well\"");
  resolve.OnUse(
      [&program, resolved] { program.Choose([resolved](Session& session) { return Resolve(session, *resolved); }); });
}

const ProgramCommands kAlertCommands{AddAlertCommands};

}  // namespace
}  // namespace loyalty::client
