#include <limits>

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

constexpr std::int64_t kMillionthsPerThousandth = 1'000;
constexpr int kMillionthsPerBasisPoint = 100;
constexpr int kMicroDigits = 6;

bool FitsTimes(std::int64_t value, std::int64_t factor, std::int64_t most = std::numeric_limits<std::int64_t>::max()) {
  return value <= most / factor && value >= -(most / factor);
}

// Micros of a currency in its smallest unit.
std::int64_t MicrosPerMinor(const std::string& currency) {
  std::int64_t micros = 1;
  for (int digits = CurrencyExponent(currency).value_or(2); digits < kMicroDigits; ++digits) micros *= 10;
  return micros;
}

Result<Line> ToLine(const v1::ReceiptLine& from, const std::string& path, std::int64_t micros_per_minor) {
  Line line;
  line.line_id = from.line_id();
  if (!ReadEnum(from.kind(), v1::LINE_KIND_ROUNDING, line.kind)) return InvalidField(path + ".kind", "unknown kind");
  line.sku = from.sku();
  line.categories.assign(from.category_ids().begin(), from.category_ids().end());
  // Ours are finer; what does not fit is out of range.
  if (!FitsTimes(from.quantity_thousandths(), kMillionthsPerThousandth))
    return InvalidField(path + ".quantity_thousandths", "at most 10^12");
  line.quantity = from.quantity_thousandths() * kMillionthsPerThousandth;
  if (!FitsTimes(from.unit_price_minor(), micros_per_minor))
    return InvalidField(path + ".unit_price_minor", "at most 10^12 of the currency");
  line.unit_price = from.unit_price_minor() * micros_per_minor;
  line.amount = from.amount_minor();
  line.discount = from.discount_minor();
  if (!FitsTimes(from.tax().rate_basis_points(), kMillionthsPerBasisPoint, std::numeric_limits<int>::max()))
    return InvalidField(path + ".tax.rate_basis_points", "0 to 100000");
  line.tax_rate = from.tax().rate_basis_points() * kMillionthsPerBasisPoint;
  if (from.tax().mode() < 0 || from.tax().mode() > v1::TAX_MODE_NET)
    return InvalidField(path + ".tax.mode", "unknown mode");
  line.tax_net = from.tax().mode() == v1::TAX_MODE_NET;
  line.tax_amount = from.tax().amount_minor();
  if (from.non_discountable()) line.flags = kNoDiscount | kNoRedemption;
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
  receipt.total = from.total_minor();
  // Before any line is copied: a hostile receipt must not cost memory.
  if (static_cast<std::size_t>(from.lines_size()) > kLinesMax) return InvalidField("receipt.lines", "at most 500");
  const std::int64_t micros_per_minor = MicrosPerMinor(from.currency_code());
  receipt.lines.reserve(static_cast<std::size_t>(from.lines_size()));
  for (int i = 0; i < from.lines_size(); ++i) {
    auto line = ToLine(from.lines(i), "receipt.lines[" + std::to_string(i) + "]", micros_per_minor);
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
  if (const Status ok = ValidateReceipt(receipt); !ok) return ok.error();
  return receipt;
}

}  // namespace loyalty
