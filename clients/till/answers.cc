#include "clients/till/answers.h"

#include "clients/output.h"
#include "clients/server_error.h"
#include "clients/table.h"
#include "domain/money.h"

namespace loyalty::client {
namespace {

void AddMember(FactSheet& sheet, const v1::MemberSnapshot& view, std::string_view currency) {
  sheet.Add("Hello", view.greeting_name());
  sheet.Add("Member", view.name());
  if (view.has_balance()) sheet.Add("Balance", BalanceText(view.balance(), currency));
  if (!view.expiring_soon().empty())
    sheet.Add("Expires next", Grouped(view.expiring_soon(0).points()) + " points on " +
                                  TimeText(true, view.expiring_soon(0).expire_time()));
}

void AddReplayed(FactSheet& sheet, bool replayed) {
  if (replayed) sheet.Add("Note", "this was done before; its first answer is shown again");
}

// What of the request had no effect.
std::string PartOf(const v1::Rejection& rejection) {
  switch (rejection.what_case()) {
    case v1::Rejection::kIdentifier: return "card, phone, e-mail or token";
    case v1::Rejection::kVoucherCode: return "voucher " + rejection.voucher_code();
    case v1::Rejection::kReferralCode: return "referral code " + rejection.referral_code();
    case v1::Rejection::kLineId: return "line " + rejection.line_id();
    case v1::Rejection::kScannedCode: return "code " + rejection.scanned_code();
    case v1::Rejection::kHold: return "hold " + rejection.hold();
    case v1::Rejection::kPointsToBurn: return "points to spend";
    case v1::Rejection::kOperator: return "operator";
    case v1::Rejection::kLimit: return "points: limit " + rejection.limit();
    case v1::Rejection::WHAT_NOT_SET: break;
  }
  return "a part that this program does not know";
}

}  // namespace

void PrintScan(const v1::ScanResponse& response, std::string_view currency, bool replayed) {
  FactSheet sheet;
  const auto& result = response.result();
  if (response.has_member_snapshot()) {
    AddMember(sheet, response.member_snapshot(), currency);
  } else {
    sheet.Add("Member", result.member().empty() ? "none" : result.member());
  }
  if (result.member_created()) sheet.Add("New", "an anonymous member was made for this card");
  if (result.has_sale()) {
    const auto& sale = result.sale();
    sheet.Add("Receipt", sale.name());
    sheet.Add("Business day", sale.business_date());
    if (sale.has_till_time())
      sheet.Add("Clock", "wrong, it says " + TimeText(true, sale.till_time()) +
                             ": the sale counts at the server's time; set the clock of this till");
    std::string earned = Grouped(sale.points_earned()) + " points";
    if (sale.points_pending() != 0) earned += ", " + Grouped(sale.points_pending()) + " of them later";
    if (sale.debt_settled() != 0) earned += ", " + Grouped(sale.debt_settled()) + " of them for what was owed";
    sheet.Add("Earned", earned);
  }
  for (const auto& rejection : result.rejected())
    sheet.Add("Rejected", PartOf(rejection) + ": " + ReasonText(rejection.reason()));
  AddReplayed(sheet, replayed);
  Print(sheet.Render());
}

// In percent, with at least two decimals: 19.00, 8.875.
std::string RateText(std::int64_t millionths) {
  std::string text = FormatDecimal(millionths, 4);
  for (int i = 0; i < 2 && text.back() == '0'; ++i) text.pop_back();
  return text;
}

void PrintRedemption(const v1::RedeemResponse& response, std::string_view currency, bool replayed) {
  FactSheet sheet;
  const auto& result = response.result();
  AddMember(sheet, response.member_snapshot(), currency);
  sheet.Add("Redemption", result.redemption());
  sheet.Add("Reward", result.reward());
  sheet.Add("Spent", Grouped(result.points()) + " points");
  if (result.value_minor() != 0) sheet.Add("Money off", MoneyText(result.value_minor(), currency));
  AddReplayed(sheet, replayed);
  Print(sheet.Render());
  if (result.allocations().empty()) return;
  Table table({{"line"}, {"tax %", Align::kRight}, {"money off", Align::kRight}});
  for (const auto& share : result.allocations())
    table.AddRow({share.line_id(), RateText(share.rate_millionths()), MoneyText(share.amount_minor(), currency)});
  Print("\n" + table.Render(StdoutWantsColour()));
}

void PrintCancellation(const v1::CancelRedemptionResponse& response, std::string_view currency, bool replayed) {
  FactSheet sheet;
  const auto& result = response.result();
  AddMember(sheet, response.member_snapshot(), currency);
  sheet.Add("Cancelled", result.redemption());
  std::string restored = Grouped(result.points_restored()) + " points";
  if (result.points_in_grace() != 0)
    restored += ", " + Grouped(result.points_in_grace()) + " of them for 30 days, their expiry had passed";
  if (result.debt_settled() != 0) restored += ", " + Grouped(result.debt_settled()) + " of them for what was owed";
  sheet.Add("Given back", restored);
  AddReplayed(sheet, replayed);
  Print(sheet.Render());
}

}  // namespace loyalty::client
