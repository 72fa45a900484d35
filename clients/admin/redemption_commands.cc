// Redemptions, read back.
#include <memory>

#include "clients/admin/member_argument.h"
#include "clients/output.h"
#include "clients/pages.h"
#include "clients/program.h"
#include "clients/table.h"
#include "loyalty/v1/ledger_service.grpc.pb.h"

namespace loyalty::client {
namespace {

using Stub = v1::LedgerService::Stub;

std::unique_ptr<Stub> StubOf(const Session& session) {
  return v1::LedgerService::NewStub(session.connection().channel());
}

std::string StateText(const v1::Redemption& redemption) {
  return EnumText(*v1::RedemptionState_descriptor(), redemption.state());
}

Outcome ShowRedemption(Session& session, const std::string& name) {
  v1::GetRedemptionRequest request;
  request.set_name(name);
  v1::GetRedemptionResponse response;
  if (auto failed = session.Read(*StubOf(session), &Stub::GetRedemption, "show redemption", request, &response))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
    return {};
  }
  const v1::Redemption& redemption = response.redemption();
  const std::string& currency = session.Program().currency_code();
  FactSheet sheet;
  sheet.Add("Redemption", redemption.name());
  sheet.Add("State", StateText(redemption));
  sheet.Add("Spent", Grouped(redemption.points()) + " points");
  if (redemption.value_minor() != 0) sheet.Add("Money off", MoneyText(redemption.value_minor(), currency));
  sheet.Add("Reward", redemption.reward());
  sheet.Add("When", TimeText(true, redemption.create_time()));
  sheet.Add("Terminal", redemption.terminal());
  sheet.Add("Asked by", redemption.principal());
  sheet.Add("Operator", OperatorText(redemption.operator_(), redemption.operator_proven()));
  sheet.Add("Approved by", redemption.approver());
  sheet.Add("Receipt", redemption.receipt().empty() ? "none yet" : redemption.receipt());
  sheet.Add("Cancelled because", redemption.cancel_reason());
  Print(sheet.Render());
  return {};
}

struct ListArguments {
  MemberArgument member;
  std::int64_t limit = kNoLimit;
};

Outcome ListRedemptions(Session& session, const ListArguments& arguments) {
  v1::ListRedemptionsRequest request;
  if (auto failed = arguments.member.Resolve(session, *request.mutable_member())) return failed;
  v1::ListRedemptionsResponse list;
  if (auto failed = ReadPages(session, *StubOf(session), &Stub::ListRedemptions, "list redemptions", request,
                              arguments.limit, &list, [](const auto& page) { return page.redemptions_size(); }))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(list);
    return {};
  }
  Table table({{"redemption"},
               {"when"},
               {"points", Align::kRight},
               {"money off", Align::kRight},
               {"reward"},
               {"state"},
               {"receipt"}});
  for (const auto& redemption : list.redemptions())
    table.AddRow({redemption.name(), TimeText(true, redemption.create_time()), Grouped(redemption.points()),
                  MoneyText(redemption.value_minor(), session.Program().currency_code()), redemption.reward(),
                  StateText(redemption), redemption.receipt()});
  Print(table.Render(StdoutWantsColour()));
  return {};
}

void AddRedemptionCommands(Program& program) {
  const auto redemption = program.app().AddCommand("redemption", "Points that were spent");
  redemption.RequireCommand();
  const auto show = redemption.AddCommand("show", "A redemption");
  auto name = std::make_shared<std::string>();
  show.Add("redemption", *name, "As redeem answered").Type("members/M/redemptions/R").Required();
  show.Footer("Example:\n  loyalty-admin redemption show members/00c0ffee00c0ffee/redemptions/0123456789abcdef");
  show.OnUse([&program, name] { program.Choose([name](Session& session) { return ShowRedemption(session, *name); }); });

  const auto list = redemption.AddCommand("list", "Redemptions of a member, newest first");
  auto arguments = std::make_shared<ListArguments>();
  arguments->member.AddTo(list);
  list.Add("--limit", arguments->limit, "At most this many").Positive();
  list.Footer("Example:\n  loyalty-admin redemption list --card 2600000017");
  list.OnUse([&program, arguments] {
    program.Choose([arguments](Session& session) { return ListRedemptions(session, *arguments); });
  });
}

const ProgramCommands kRedemptionCommands{AddRedemptionCommands};

}  // namespace
}  // namespace loyalty::client
