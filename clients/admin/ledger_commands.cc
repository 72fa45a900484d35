#include <memory>

#include "clients/admin/member_argument.h"
#include "clients/jobs.h"
#include "clients/output.h"
#include "clients/pages.h"
#include "clients/program.h"
#include "clients/table.h"
#include "clients/verification.h"
#include "loyalty/v1/ledger_service.grpc.pb.h"

namespace loyalty::client {
namespace {

using Stub = v1::LedgerService::Stub;

struct ListArguments {
  MemberArgument member;
  std::int64_t limit = kNoLimit;
  bool all = false;
  // Of entries.
  std::vector<std::string> types;
  std::string from, until, receipt;
};

// EARN, or its whole name.
bool ReadType(const std::string& text, v1::ListEntriesRequest& request) {
  std::string name = text;
  for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  v1::EntryType type = v1::ENTRY_TYPE_UNSPECIFIED;
  if (!v1::EntryType_Parse("ENTRY_TYPE_" + name, &type)) return false;
  request.add_types(type);
  return true;
}

Outcome ReadFilter(Session& session, const ListArguments& arguments, v1::ListEntriesRequest& request) {
  for (const auto& type : arguments.types)
    if (!ReadType(type, request))
      return UsageFailure("--type " + type + " is unknown", "for instance: --type EARN --type BURN");
  Instant at = 0;
  if (!arguments.from.empty()) {
    if (auto failed = ReadTime(session, arguments.from, {}, at)) return failed;
    SetTime(at, *request.mutable_start_time());
  }
  if (!arguments.until.empty()) {
    if (auto failed = ReadTime(session, arguments.until, {}, at)) return failed;
    SetTime(at, *request.mutable_end_time());
  }
  if (!arguments.receipt.empty()) request.set_receipt(FullName("receipts", arguments.receipt));
  return {};
}

Outcome Balance(Session& session, const ListArguments& arguments) {
  v1::GetBalanceRequest request;
  if (auto failed = arguments.member.Resolve(session, *request.mutable_member())) return failed;
  const auto stub = v1::LedgerService::NewStub(session.connection().channel());
  v1::GetBalanceResponse response;
  if (auto failed = session.Read(*stub, &Stub::GetBalance, "balance", request, &response)) return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
    return {};
  }
  FactSheet sheet;
  sheet.Add("Member", request.member());
  sheet.Add("Balance", BalanceText(response.balance(), session.Program().currency_code()));
  sheet.Add("Entries", Grouped(response.member_seq()));
  for (const auto& expiring : response.expiring_soon())
    sheet.Add("Expires", Grouped(expiring.points()) + " points at " +
                             TimeText(expiring.has_expire_time(), expiring.expire_time()));
  Print(sheet.Render());
  return {};
}

// A number with its sign; empty for 0, so that what changed stands out.
std::string Delta(std::int64_t number) {
  if (number == 0) return {};
  return number > 0 ? "+" + Grouped(number) : Grouped(number);
}

Outcome Entries(Session& session, const ListArguments& arguments) {
  v1::ListEntriesRequest request;
  if (auto failed = arguments.member.Resolve(session, *request.mutable_member())) return failed;
  if (auto failed = ReadFilter(session, arguments, request)) return failed;
  const auto stub = v1::LedgerService::NewStub(session.connection().channel());
  v1::ListEntriesResponse list;
  if (auto failed = ReadPages(session, *stub, &Stub::ListEntries, "list entries", request, arguments.limit, &list,
                              [](const auto& page) { return page.entries_size(); }))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(list);
    return {};
  }
  Table table({{"seq", Align::kRight},
               {"type"},
               {"available", Align::kRight},
               {"pending", Align::kRight},
               {"held", Align::kRight},
               {"owed", Align::kRight},
               {"when"},
               {"terminal"},
               {"operator"},
               {"receipt"}});
  for (const auto& entry : list.entries())
    table.AddRow({std::to_string(entry.seq()), EnumText(*v1::EntryType_descriptor(), entry.type()),
                  Delta(entry.available_delta()), Delta(entry.pending_delta()), Delta(entry.held_delta()),
                  Delta(entry.debt_delta()), TimeText(entry.has_business_time(), entry.business_time()),
                  entry.terminal(), OperatorText(entry.operator_(), entry.operator_proven()), entry.receipt()});
  Print(table.Render(StdoutWantsColour()));
  return {};
}

Outcome Lots(Session& session, const ListArguments& arguments) {
  v1::ListLotsRequest request;
  request.set_include_closed(arguments.all);
  if (auto failed = arguments.member.Resolve(session, *request.mutable_member())) return failed;
  const auto stub = v1::LedgerService::NewStub(session.connection().channel());
  v1::ListLotsResponse list;
  if (auto failed = ReadPages(session, *stub, &Stub::ListLots, "list lots", request, arguments.limit, &list,
                              [](const auto& page) { return page.lots_size(); }))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(list);
    return {};
  }
  Table table({{"lot"}, {"state"}, {"points", Align::kRight}, {"left", Align::kRight}, {"active from"}, {"expires"}});
  for (const auto& lot : list.lots())
    table.AddRow({lot.name(), EnumText(*v1::LotState_descriptor(), lot.state()), Grouped(lot.points()),
                  Grouped(lot.remaining()), TimeText(lot.has_activate_time(), lot.activate_time()),
                  lot.has_expire_time() ? TimeText(true, lot.expire_time()) : "never"});
  Print(table.Render(StdoutWantsColour()));
  return {};
}

Outcome Verify(Session& session, const std::string& member) {
  v1::VerifyLedgerRequest request;
  request.set_member(FullName("members", member));
  const auto stub = v1::LedgerService::NewStub(session.connection().channel());
  v1::VerifyLedgerResponse response;
  Mutation mutation{.doing = "verify ledger", .command = {}};
  if (auto failed = session.Mutate(*stub, &Stub::VerifyLedger, mutation, request, &response)) return failed;
  v1::Job job = response.job();
  if (auto failed = AwaitJob(session, job)) return failed;
  const auto& found = job.ledger_verification();
  FactSheet counts;
  counts.Add("Members", Grouped(found.members()));
  counts.Add("Entries", Grouped(found.entries()));
  counts.Add("Lots", Grouped(found.lots()));
  counts.Add("Receipts", Grouped(found.receipts()));
  return ShowVerification(session, found, std::move(counts), "the ledger is",
                          "stop writing to this database and keep a copy of it");
}

void AddLedgerCommands(Program& program) {
  using Run = Outcome (*)(Session&, const ListArguments&);
  const auto add = [&](const std::string& name, const char* description, const std::string& example, Run run) {
    const auto command = program.app().AddCommand(name, description);
    auto arguments = std::make_shared<ListArguments>();
    arguments->member.AddTo(command);
    command.Footer("Example:\n  loyalty-admin " + name + " " + example);
    command.OnUse([&program, arguments, run] {
      program.Choose([arguments, run](Session& session) { return run(session, *arguments); });
    });
    return std::pair(command, arguments);
  };
  add("balance", "Points of a member", "--card 2600000017", Balance);
  const auto [entries, to_list] =
      add("entries", "Ledger entries of a member, newest first", "--card 2600000017 --limit 20", Entries);
  entries.Add("--limit", to_list->limit, "At most this many").Positive();
  entries.Add("--type", to_list->types, "Only this type: EARN, BURN, EXPIRE ...; may be repeated").Type("TYPE");
  entries.Add("--from", to_list->from, "Recorded at this time or later").Type("TIME");
  entries.Add("--until", to_list->until, "Recorded before this time").Type("TIME");
  entries.Add("--receipt", to_list->receipt, "Only what this receipt caused").Type("receipts/R");
  const auto [lots, lots_to_list] =
      add("lots", "Points of a member by expiry, in the order they are spent", "members/00c0ffee00c0ffee --all", Lots);
  lots.Add("--limit", lots_to_list->limit, "At most this many").Positive();
  lots.AddFlag("--all", lots_to_list->all, "Also those that are used up or expired");

  const auto verify =
      program.app().AddCommand("verify", "Recompute everything from the ledger; exit 1 when it differs");
  auto member = std::make_shared<std::string>();
  verify.Add("member", *member, "Only this member").Type("members/M");
  verify.Footer("Examples:\n  loyalty-admin verify\n  loyalty-admin verify members/00c0ffee00c0ffee");
  verify.OnUse([&program, member] { program.Choose([member](Session& session) { return Verify(session, *member); }); });
}

const ProgramCommands kLedgerCommands{AddLedgerCommands};

}  // namespace
}  // namespace loyalty::client
