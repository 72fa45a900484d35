#include "services/rpc/recorded_codec.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include "services/rpc/request.h"
#include "storage/names.h"
#include "storage/tables/requests.h"

namespace loyalty {
namespace {

using google::protobuf::util::JsonStringToMessage;

void FillTaxes(const Line& line, v1::ReceiptLine& out) {
  out.set_tax_mode(line.tax_net ? v1::TAX_MODE_NET : v1::TAX_MODE_GROSS);
  const auto add = [&out](int rate, Minor amount) {
    v1::LineTax& tax = *out.add_taxes();
    tax.set_rate_millionths(rate);
    tax.set_amount_minor(amount);
  };
  for (const LineTax& tax : line.taxes) add(tax.rate, tax.amount);
  if (line.taxes.empty() && (line.tax_rate != 0 || line.tax_amount != 0)) add(line.tax_rate, line.tax_amount);
}

void FillLine(const Line& line, v1::ReceiptLine& out) {
  out.set_line_id(line.line_id);
  out.set_kind(static_cast<v1::LineKind>(line.kind));
  out.set_sku(line.sku);
  out.set_description(line.description);
  for (const auto& category : line.categories) out.add_category_ids(category);
  out.set_quantity_micros(line.quantity);
  out.set_unit(line.unit);
  out.set_unit_price_micros(line.unit_price);
  out.set_amount_minor(line.amount);
  out.set_discount_minor(line.discount);
  FillTaxes(line, out);
  out.set_no_earning(line.Is(kNoEarning));
  out.set_no_discount(line.Is(kNoDiscount));
  out.set_no_redemption(line.Is(kNoRedemption));
  out.set_private_(line.Is(kPrivate));
  out.set_return_type(static_cast<v1::ReturnType>(line.return_type));
}

// What storage/tables/receipt_text wrote. Amounts are at most 10^15: a double holds them.
void FillPayments(const std::string& text, v1::Receipt& out) {
  google::protobuf::ListValue payments;
  if (text.empty() || !JsonStringToMessage(text, &payments).ok()) return;
  for (const auto& value : payments.values()) {
    v1::Payment& payment = *out.add_payments();
    const auto& fields = value.struct_value().fields();
    if (const auto kind = fields.find("kind"); kind != fields.end())
      payment.set_kind(static_cast<v1::PaymentKind>(kind->second.number_value()));
    if (const auto amount = fields.find("amount"); amount != fields.end())
      payment.set_amount_minor(static_cast<std::int64_t>(amount->second.number_value()));
    if (const auto redemption = fields.find("redemption"); redemption != fields.end())
      payment.set_redemption(redemption->second.string_value());
  }
}

}  // namespace

Result<std::int64_t> ParseReceiptName(std::string_view field, std::string_view name, const ProgramKeys& keys) {
  constexpr std::string_view kReceipts = "receipts/";
  const auto number = name.substr(0, kReceipts.size()) == kReceipts
                          ? storage::ParsePublicName(name.substr(kReceipts.size()))
                          : std::nullopt;
  if (!number) return InvalidField(std::string(field), "a name as receipts/{receipt}");
  return Reveal(keys.names, NameOf::kReceipt, *number);
}

v1::RecordedReceipt ReceiptMessage(const storage::ReceiptRow& row, const std::string& member, const Snapshot& snapshot,
                                   const ProgramKeys& keys) {
  v1::RecordedReceipt out;
  out.set_name(storage::ReceiptName(keys, row.id));
  out.set_state(static_cast<v1::ReceiptState>(row.state));
  out.set_terminal(snapshot.TerminalName(row.terminal_id));
  out.set_member(member);
  v1::Receipt& receipt = *out.mutable_receipt();
  receipt.set_receipt_no(row.receipt_no);
  receipt.set_business_date(FormatDay(row.business_date));
  *receipt.mutable_business_time() = ToTimestamp(row.business_time);
  receipt.set_kind(static_cast<v1::ReceiptKind>(row.kind));
  receipt.set_currency_code(row.currency);
  receipt.set_total_minor(row.total);
  *out.mutable_record_time() = ToTimestamp(row.record_time);
  if (row.till_time != 0) *out.mutable_till_time() = ToTimestamp(row.till_time);
  out.set_operator_(row.operator_id);
  out.set_operator_proven(row.operator_proven);
  out.set_request_id(storage::UnpackRequestId(row.request_id));
  for (std::int64_t i = 0; i < row.entry_count; ++i)
    out.add_entries(member + "/entries/" + std::to_string(row.entry_seq + i));
  out.mutable_result()->ParseFromString(row.result.value);
  return out;
}

void FillParts(const storage::ReceiptRow& row, const std::vector<storage::ReceiptLineRow>& lines, v1::Receipt& out) {
  for (const auto& line : lines) FillLine(line.line, *out.add_lines());
  FillPayments(row.payments, out);
  google::protobuf::util::JsonParseOptions lenient;
  lenient.ignore_unknown_fields = true;
  if (!row.fiscal.empty() && !JsonStringToMessage(row.fiscal, out.mutable_fiscal(), lenient).ok()) out.clear_fiscal();
}

v1::Redemption RedemptionMessage(const storage::RedemptionRow& row, const std::string& member, const Snapshot& snapshot,
                                 const ProgramKeys& keys) {
  v1::Redemption out;
  out.set_name(member + "/redemptions/" + storage::PublicName(Disguise(keys.names, NameOf::kRedemption, row.id)));
  out.set_state(static_cast<v1::RedemptionState>(row.state));
  out.set_points(row.points);
  out.set_value_minor(row.value);
  if (!row.reward.empty()) out.set_reward("rewards/" + row.reward);
  out.set_terminal(snapshot.TerminalName(row.terminal_id));
  if (row.receipt_id != 0) out.set_receipt(storage::ReceiptName(keys, row.receipt_id));
  *out.mutable_create_time() = ToTimestamp(row.create_time);
  out.set_cancel_reason(row.cancel_reason);
  out.set_operator_(row.operator_id);
  out.set_operator_proven(row.operator_proven);
  out.set_approver(row.approver);
  return out;
}

void FillShares(const std::vector<storage::RedemptionShareRow>& shares, v1::Redemption& out) {
  for (const auto& share : shares) {
    v1::TaxAllocation& allocation = *out.add_allocations();
    allocation.set_line_id(share.line_id);
    allocation.set_rate_millionths(share.tax_rate);
    allocation.set_amount_minor(share.amount);
  }
}

}  // namespace loyalty
