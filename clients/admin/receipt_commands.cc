// Receipts and redemptions, read back.
#include <memory>

#include "clients/admin/member_argument.h"
#include "clients/output.h"
#include "clients/pages.h"
#include "clients/program.h"
#include "clients/table.h"
#include "domain/money.h"
#include "loyalty/v1/ledger_service.grpc.pb.h"

namespace loyalty::client {
namespace {

using Stub = v1::LedgerService::Stub;

std::unique_ptr<Stub> StubOf(const Session& session) {
  return v1::LedgerService::NewStub(session.connection().channel());
}

std::string StateText(const v1::RecordedReceipt& receipt) {
  return EnumText(*v1::ReceiptState_descriptor(), receipt.state());
}

void PrintReceipt(const v1::RecordedReceipt& recorded) {
  const v1::Receipt& receipt = recorded.receipt();
  const std::string& currency = receipt.currency_code();
  FactSheet sheet;
  sheet.Add("Receipt", recorded.name() + (recorded.state() == v1::RECEIPT_STATE_RECORDED ? "" : ", VOIDED"));
  sheet.Add("Number", receipt.receipt_no() + " at " + recorded.terminal());
  sheet.Add("Business day", receipt.business_date());
  sheet.Add("Closed", TimeText(true, receipt.business_time()));
  sheet.Add("Recorded", TimeText(true, recorded.record_time()));
  sheet.Add("Till's clock", TimeText(recorded.has_till_time(), recorded.till_time()));
  sheet.Add("Member", recorded.member().empty() ? "none" : recorded.member());
  sheet.Add("Operator", OperatorText(recorded.operator_(), recorded.operator_proven()));
  sheet.Add("Total", MoneyText(receipt.total_minor(), currency));
  sheet.Add("Earned", Grouped(recorded.result().sale().points_earned()) + " points");
  for (const auto& payment : receipt.payments())
    sheet.Add("Paid", EnumText(*v1::PaymentKind_descriptor(), payment.kind()) + " " +
                          MoneyText(payment.amount_minor(), currency) +
                          (payment.redemption().empty() ? "" : ", " + payment.redemption()));
  sheet.Add("Request", recorded.request_id());
  Print(sheet.Render());
  if (receipt.lines().empty()) return;
  Table table({{"line"}, {"kind"}, {"article"}, {"quantity", Align::kRight}, {"amount", Align::kRight}});
  for (const auto& line : receipt.lines())
    table.AddRow({line.line_id(), EnumText(*v1::LineKind_descriptor(), line.kind()),
                  line.description().empty() ? line.sku() : line.description(),
                  FormatDecimal(line.quantity_micros(), 6), MoneyText(line.amount_minor(), currency)});
  Print("\n" + table.Render(StdoutWantsColour()));
}

Outcome ShowReceipt(Session& session, const std::string& name) {
  v1::GetReceiptRequest request;
  request.set_name(FullName("receipts", name));
  v1::GetReceiptResponse response;
  if (auto failed = session.Read(*StubOf(session), &Stub::GetReceipt, "show receipt", request, &response))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(response);
  } else {
    PrintReceipt(response.receipt());
  }
  return {};
}

struct ReceiptListArguments {
  MemberArgument member;
  std::string store, terminal, day;
  std::int64_t limit = kNoLimit;
};

Outcome ListReceipts(Session& session, const ReceiptListArguments& arguments) {
  v1::ListReceiptsRequest request;
  if (!arguments.store.empty()) request.set_store(FullName("stores", arguments.store));
  request.set_terminal(arguments.terminal);
  request.set_business_date(arguments.day);
  if (arguments.store.empty() && arguments.terminal.empty())
    if (auto failed = arguments.member.Resolve(session, *request.mutable_member())) return failed;
  v1::ListReceiptsResponse list;
  if (auto failed = ReadPages(session, *StubOf(session), &Stub::ListReceipts, "list receipts", request, arguments.limit,
                              &list, [](const auto& page) { return page.receipts_size(); }))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(list);
    return {};
  }
  Table table({{"receipt"},
               {"number"},
               {"terminal"},
               {"closed"},
               {"member"},
               {"total", Align::kRight},
               {"points", Align::kRight},
               {"state"}});
  for (const auto& recorded : list.receipts())
    table.AddRow({recorded.name(), recorded.receipt().receipt_no(), recorded.terminal(),
                  TimeText(true, recorded.receipt().business_time()), recorded.member(),
                  MoneyText(recorded.receipt().total_minor(), recorded.receipt().currency_code()),
                  Grouped(recorded.result().sale().points_earned()), StateText(recorded)});
  Print(table.Render(StdoutWantsColour()));
  return {};
}

void AddReceiptCommands(Program& program) {
  const auto receipt = program.app().AddCommand("receipt", "Receipts as they were recorded");
  receipt.RequireCommand();
  const auto show = receipt.AddCommand("show", "A receipt with its lines");
  auto name = std::make_shared<std::string>();
  show.Add("receipt", *name, "As a scan answered").Type("receipts/R").Required();
  show.Footer("Example:\n  loyalty-admin receipt show receipts/0123456789abcdef");
  show.OnUse([&program, name] { program.Choose([name](Session& session) { return ShowReceipt(session, *name); }); });

  const auto list = receipt.AddCommand("list", "Receipts of a member, or of a store's day");
  auto arguments = std::make_shared<ReceiptListArguments>();
  arguments->member.AddTo(list);
  list.Add("--store", arguments->store, "Of this store, with --day").Type("stores/S");
  list.Add("--terminal", arguments->terminal, "Of this terminal, with --day").Type("stores/S/terminals/T");
  list.Add("--day", arguments->day, "The store's business day").Type("YYYY-MM-DD");
  list.Add("--limit", arguments->limit, "At most this many").Positive();
  list.Footer(
      "Examples:\n"
      "  loyalty-admin receipt list --card 2600000017 --limit 20\n"
      "  loyalty-admin receipt list --store stores/S1 --day 2026-11-28");
  list.OnUse([&program, arguments] {
    program.Choose([arguments](Session& session) { return ListReceipts(session, *arguments); });
  });
}

const ProgramCommands kReceiptCommands{AddReceiptCommands};

}  // namespace
}  // namespace loyalty::client
