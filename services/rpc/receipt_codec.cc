#include <algorithm>

#include "domain/violations.h"
#include "services/rpc/scan_codec.h"

namespace loyalty {
namespace {

// Open enums of proto3 carry any number: what is not known is refused, 0 is the default.
template <typename Enum>
bool ReadEnum(int value, int last, Enum& out) {
  if (value == 0) return true;
  if (value < 0 || value > last) return false;
  out = static_cast<Enum>(value);
  return true;
}

// The sums, and the parts where they are several. A part beyond its limits is noted and left out, so that the sums fit.
void ReadTaxes(const v1::ReceiptLine& from, const std::string& path, Line& line, Violations& violations) {
  violations.Require(static_cast<std::size_t>(from.taxes_size()) <= kTaxesMax, path, ".taxes", "at most 8");
  for (int i = 0; i < std::min<int>(from.taxes_size(), kTaxesMax); ++i) {
    const LineTax tax{from.taxes(i).rate_millionths(), from.taxes(i).amount_minor()};
    const bool has_rate = tax.rate >= 0 && tax.rate <= kTaxRateMax;
    const bool has_amount = tax.amount <= kMoneyMax && tax.amount >= -kMoneyMax;
    if (!has_rate || !has_amount) {
      const std::string tax_path = path + ".taxes[" + std::to_string(i) + "]";
      violations.Require(has_rate, tax_path, ".rate_millionths", "0 to 10000000");
      violations.Require(has_amount, tax_path, ".amount_minor", "at most 10^15");
      continue;
    }
    line.tax_rate += tax.rate;
    line.tax_amount += tax.amount;
    if (from.taxes_size() > 1) line.taxes.push_back(tax);
  }
  violations.Require(from.tax_mode() >= 0 && from.tax_mode() <= v1::TAX_MODE_NET, path, ".tax_mode", "unknown mode");
  line.tax_net = from.tax_mode() == v1::TAX_MODE_NET;
}

unsigned FlagsOf(const v1::ReceiptLine& from) {
  return (from.no_earning() ? kNoEarning : 0U) | (from.no_discount() ? kNoDiscount : 0U) |
         (from.no_redemption() ? kNoRedemption : 0U) | (from.private_() ? kPrivate : 0U);
}

Line ToLine(const v1::ReceiptLine& from, const std::string& path, Violations& violations) {
  Line line;
  line.line_id = from.line_id();
  line.flags = FlagsOf(from);
  if (!ReadEnum(from.kind(), v1::LINE_KIND_ROUNDING, line.kind)) {
    line.kind_unknown = true;  // GOODS, without points
    line.flags |= kNoEarning;
  }
  violations.Require(ReadEnum(from.return_type(), v1::RETURN_TYPE_CANCELLATION, line.return_type), path, ".return_type",
                     "unknown type");
  line.sku = from.sku();
  line.description = from.description();
  line.categories.assign(from.category_ids().begin(), from.category_ids().end());
  line.quantity = from.quantity_micros();
  line.unit = from.unit();
  line.unit_price = from.unit_price_micros();
  line.amount = from.amount_minor();
  line.discount = from.discount_minor();
  ReadTaxes(from, path, line, violations);
  return line;
}

}  // namespace

Result<Receipt> ToReceipt(const v1::Receipt& from) {
  Violations violations;
  Receipt receipt;
  receipt.receipt_no = from.receipt_no();
  if (!from.business_date().empty()) {
    const auto day = ParseDay(from.business_date());
    violations.Require(day.has_value(), "receipt.business_date", "a date as YYYY-MM-DD");
    if (day) receipt.business_date = *day;
  }
  violations.Require(from.has_business_time(), "receipt.business_time", "required");
  receipt.business_time = ToInstant(from.business_time());
  violations.Require(ReadEnum(from.kind(), v1::RECEIPT_KIND_RETURN, receipt.kind), "receipt.kind", "unknown kind");
  receipt.currency = from.currency_code();
  // Before any line is copied: a hostile receipt must not cost memory.
  if (static_cast<std::size_t>(from.lines_size()) > kLinesMax) return InvalidField("receipt.lines", "at most 500");
  if (static_cast<std::size_t>(from.payments_size()) > kPaymentsMax)
    return InvalidField("receipt.payments", "at most 20");
  receipt.lines.reserve(static_cast<std::size_t>(from.lines_size()));
  for (int i = 0; i < from.lines_size(); ++i)
    receipt.lines.push_back(ToLine(from.lines(i), "receipt.lines[" + std::to_string(i) + "]", violations));
  for (int i = 0; i < from.payments_size(); ++i) {
    const v1::Payment& payment = from.payments(i);
    Payment& to = receipt.payments.emplace_back();
    if (!ReadEnum(payment.kind(), v1::PAYMENT_KIND_GIFT_CARD, to.kind))
      violations.Add("receipt.payments[" + std::to_string(i) + "].kind", "unknown kind");
    to.amount = payment.amount_minor();
    to.redemption = payment.redemption();
  }
  if (from.has_fiscal())
    receipt.fiscal = Fiscal{from.fiscal().scheme(), from.fiscal().serial(), from.fiscal().transaction_no(),
                            from.fiscal().signature()};
  receipt.training = from.training();
  violations.Require(from.has_total_minor() || from.lines_size() > 0, "receipt.total_minor", "required without lines");
  receipt.total = from.has_total_minor() ? from.total_minor() : 0;
  violations.Take(ValidateReceipt(receipt));
  if (const Status ok = violations.Done(); !ok) return ok.error();
  // Only now, when each line is within its limits.
  if (!from.has_total_minor()) receipt.total = TotalOf(receipt.lines);
  if (receipt.total > kMoneyMax || receipt.total < -kMoneyMax)
    return InvalidField("receipt.total_minor", "the lines add up to more than 10^15");
  return receipt;
}

}  // namespace loyalty
