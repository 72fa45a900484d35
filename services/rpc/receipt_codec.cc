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

// The sums, and the parts where they are several. Each part is within its limits, so that the sums fit.
Status ReadTaxes(const v1::ReceiptLine& from, const std::string& path, Line& line) {
  if (static_cast<std::size_t>(from.taxes_size()) > kTaxesMax) return InvalidField(path + ".taxes", "at most 8");
  for (int i = 0; i < from.taxes_size(); ++i) {
    const std::string tax_path = path + ".taxes[" + std::to_string(i) + "]";
    const LineTax tax{from.taxes(i).rate_millionths(), from.taxes(i).amount_minor()};
    if (tax.rate < 0 || tax.rate > kTaxRateMax) return InvalidField(tax_path + ".rate_millionths", "0 to 10000000");
    if (tax.amount > kMoneyMax || tax.amount < -kMoneyMax)
      return InvalidField(tax_path + ".amount_minor", "at most 10^15");
    line.tax_rate += tax.rate;
    line.tax_amount += tax.amount;
    if (from.taxes_size() > 1) line.taxes.push_back(tax);
  }
  if (from.tax_mode() < 0 || from.tax_mode() > v1::TAX_MODE_NET)
    return InvalidField(path + ".tax_mode", "unknown mode");
  line.tax_net = from.tax_mode() == v1::TAX_MODE_NET;
  return Ok{};
}

unsigned FlagsOf(const v1::ReceiptLine& from) {
  return (from.no_earning() ? kNoEarning : 0U) | (from.no_discount() ? kNoDiscount : 0U) |
         (from.no_redemption() ? kNoRedemption : 0U) | (from.private_() ? kPrivate : 0U);
}

Result<Line> ToLine(const v1::ReceiptLine& from, const std::string& path) {
  Line line;
  line.line_id = from.line_id();
  line.flags = FlagsOf(from);
  if (!ReadEnum(from.kind(), v1::LINE_KIND_ROUNDING, line.kind)) {
    line.kind_unknown = true;  // GOODS, without points
    line.flags |= kNoEarning;
  }
  if (!ReadEnum(from.return_type(), v1::RETURN_TYPE_CANCELLATION, line.return_type))
    return InvalidField(path + ".return_type", "unknown type");
  line.sku = from.sku();
  line.description = from.description();
  line.categories.assign(from.category_ids().begin(), from.category_ids().end());
  line.quantity = from.quantity_micros();
  line.unit = from.unit();
  line.unit_price = from.unit_price_micros();
  line.amount = from.amount_minor();
  line.discount = from.discount_minor();
  if (const Status ok = ReadTaxes(from, path, line); !ok) return ok.error();
  return line;
}

}  // namespace

Result<Receipt> ToReceipt(const v1::Receipt& from) {
  Receipt receipt;
  receipt.receipt_no = from.receipt_no();
  if (!from.business_date().empty()) {
    const auto day = ParseDay(from.business_date());
    if (!day) return InvalidField("receipt.business_date", "a date as YYYY-MM-DD");
    receipt.business_date = *day;
  }
  if (!from.has_business_time()) return InvalidField("receipt.business_time", "required");
  receipt.business_time = ToInstant(from.business_time());
  if (!ReadEnum(from.kind(), v1::RECEIPT_KIND_RETURN, receipt.kind))
    return InvalidField("receipt.kind", "unknown kind");
  receipt.currency = from.currency_code();
  // Before any line is copied: a hostile receipt must not cost memory.
  if (static_cast<std::size_t>(from.lines_size()) > kLinesMax) return InvalidField("receipt.lines", "at most 500");
  receipt.lines.reserve(static_cast<std::size_t>(from.lines_size()));
  for (int i = 0; i < from.lines_size(); ++i) {
    auto line = ToLine(from.lines(i), "receipt.lines[" + std::to_string(i) + "]");
    if (!line) return line.error();
    receipt.lines.push_back(std::move(*line));
  }
  if (static_cast<std::size_t>(from.payments_size()) > kPaymentsMax)
    return InvalidField("receipt.payments", "at most 20");
  for (const v1::Payment& payment : from.payments()) {
    Payment& to = receipt.payments.emplace_back();
    if (!ReadEnum(payment.kind(), v1::PAYMENT_KIND_GIFT_CARD, to.kind))
      return InvalidField("receipt.payments.kind", "unknown kind");
    to.amount = payment.amount_minor();
    to.redemption = payment.redemption();
  }
  if (from.has_fiscal())
    receipt.fiscal = Fiscal{from.fiscal().scheme(), from.fiscal().serial(), from.fiscal().transaction_no(),
                            from.fiscal().signature()};
  receipt.training = from.training();
  if (!from.has_total_minor() && from.lines_size() == 0)
    return InvalidField("receipt.total_minor", "required without lines");
  receipt.total = from.has_total_minor() ? from.total_minor() : 0;
  if (const Status ok = ValidateReceipt(receipt); !ok) return ok.error();
  // Only now, when each line is within its limits.
  if (!from.has_total_minor()) receipt.total = TotalOf(receipt.lines);
  if (receipt.total > kMoneyMax || receipt.total < -kMoneyMax)
    return InvalidField("receipt.total_minor", "the lines add up to more than 10^15");
  return receipt;
}

}  // namespace loyalty
