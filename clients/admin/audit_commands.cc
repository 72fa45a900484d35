#include <memory>

#include "clients/arguments.h"
#include "clients/output.h"
#include "clients/pages.h"
#include "clients/program.h"
#include "clients/table.h"
#include "loyalty/v1/admin_service.grpc.pb.h"

namespace loyalty::client {
namespace {

struct Arguments {
  std::string name, from;
  std::int64_t limit = kNoLimit;
};

Outcome List(Session& session, const Arguments& arguments) {
  v1::ListAuditEventsRequest request;
  request.set_name(arguments.name);
  if (!arguments.from.empty()) {
    Instant at = 0;
    if (auto failed = ReadTime(session, arguments.from, {}, at)) return failed;
    SetTime(at, *request.mutable_from_time());
  }
  const auto stub = v1::AdminService::NewStub(session.connection().channel());
  v1::ListAuditEventsResponse events;
  if (auto failed = ReadPages(session, *stub, &v1::AdminService::Stub::ListAuditEvents, "list audit", request,
                              arguments.limit, &events, [](const auto& page) { return page.events_size(); }))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(events);
    return {};
  }
  Table table({{"time"}, {"action"}, {"of"}, {"detail"}});
  for (const auto& event : events.events())
    table.AddRow({TimeText(true, event.create_time()), event.action(), event.resource(), event.detail()});
  Print(table.Render(StdoutWantsColour()));
  return {};
}

void AddAuditCommands(Program& program) {
  const auto audit = program.app().AddCommand("audit", "Who did what, and whose data was read");
  audit.RequireCommand();
  const auto of = audit.AddCommand("of", "What a key or a terminal did, and whose data it read");
  auto arguments = std::make_shared<Arguments>();
  of.Add("name", arguments->name).Type("keys/K or stores/S/terminals/T").Required();
  of.Add("--from", arguments->from, "Nothing of before; default: from the beginning").Type("TIME");
  of.Add("--limit", arguments->limit, "At most this many").Positive();
  of.Footer("Example:\n  loyalty-admin audit of keys/desk --from 2026-11-01");
  of.OnUse(
      [&program, arguments] { program.Choose([arguments](Session& session) { return List(session, *arguments); }); });
}

const ProgramCommands kAuditCommands{AddAuditCommands};

}  // namespace
}  // namespace loyalty::client
