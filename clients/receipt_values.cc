#include "clients/receipt_values.h"

#include <array>
#include <limits>
#include <optional>
#include <utility>

#include "clients/names.h"
#include "clients/text.h"
#include "clients/timestamps.h"
#include "domain/money.h"
#include "domain/receipt.h"
#include "domain/time.h"

namespace loyalty::client {
namespace {

constexpr int kMicroDigits = 6;    // of a quantity, and of a price in its currency
constexpr int kTaxRateDigits = 4;  // millionths, of a rate in percent

Error Bad(ReceiptColumn column, std::string_view why) {
  return Error{Reason::kInvalidArgument, std::string(ColumnName(column)).append(": ").append(why), {}};
}

template <typename Kind>
struct Named {
  std::string_view name;
  Kind kind;
};

constexpr std::array<Named<v1::LineKind>, 8> kLineKinds{{{"goods", v1::LINE_KIND_GOODS},
                                                         {"deposit", v1::LINE_KIND_DEPOSIT},
                                                         {"deposit_return", v1::LINE_KIND_DEPOSIT_RETURN},
                                                         {"gift_card_sale", v1::LINE_KIND_GIFT_CARD_SALE},
                                                         {"fee", v1::LINE_KIND_FEE},
                                                         {"tip", v1::LINE_KIND_TIP},
                                                         {"donation", v1::LINE_KIND_DONATION},
                                                         {"rounding", v1::LINE_KIND_ROUNDING}}};
constexpr std::array<Named<v1::PaymentKind>, 3> kPaymentKinds{{{"other", v1::PAYMENT_KIND_OTHER},
                                                               {"points", v1::PAYMENT_KIND_POINTS},
                                                               {"gift_card", v1::PAYMENT_KIND_GIFT_CARD}}};

template <typename Kind, std::size_t N>
std::optional<Kind> Find(const std::array<Named<Kind>, N>& kinds, std::string_view name) {
  for (const auto& kind : kinds)
    if (kind.name == name) return kind.kind;
  return std::nullopt;
}

std::pair<std::string_view, std::string_view> SplitOff(std::string_view text, char separator) {
  const auto at = text.find(separator);
  if (at == std::string_view::npos) return {text, {}};
  return {text.substr(0, at), text.substr(at + 1)};
}

// A decimal of an optional column; `otherwise` when it is empty.
Result<std::int64_t> Decimal(const ReceiptColumns& columns, const std::vector<std::string>& fields,
                             ReceiptColumn column, int digits, std::int64_t otherwise) {
  const std::string_view text = columns.Text(fields, column);
  if (text.empty()) return otherwise;
  auto value = ParseDecimal(text, digits);
  if (!value) return Bad(column, value.error().message);
  return value;
}

}  // namespace

Instant ShiftOnWallClock(Instant at, const absl::TimeZone& zone, int days) {
  if (days == 0) return at;
  const auto local = zone.At(absl::FromUnixMicros(at));
  const Instant below_second = absl::ToInt64Microseconds(local.subsecond);
  const absl::CivilSecond& time = local.cs;
  // The civil type carries days over months and years.
  const absl::CivilSecond moved(time.year(), time.month(), time.day() + days, time.hour(), time.minute(),
                                time.second());
  return FromLocal(moved, zone) + below_second;
}

Result<v1::ScanRequest> ReadReceipt(const ReceiptColumns& columns, const std::vector<std::string>& fields,
                                    const StoreZones& zones, int shift_days) {
  const auto text = [&](ReceiptColumn column) { return columns.Text(fields, column); };
  for (const auto column :
       {ReceiptColumn::kReceiptNo, ReceiptColumn::kBusinessTime, ReceiptColumn::kStore, ReceiptColumn::kTerminal,
        ReceiptColumn::kCurrency, ReceiptColumn::kKind, ReceiptColumn::kTotal})
    if (text(column).empty()) return Bad(column, "is empty");

  v1::ScanRequest request;
  const std::string store(text(ReceiptColumn::kStore));
  request.set_terminal(TerminalName(store, text(ReceiptColumn::kTerminal)));
  if (const auto card = text(ReceiptColumn::kCard); !card.empty())
    request.mutable_identifier()->set_card(std::string(card));
  auto& receipt = *request.mutable_receipt();
  receipt.set_receipt_no(std::string(text(ReceiptColumn::kReceiptNo)));

  const auto& zone = zones.Of(store);
  const auto time = ParseTime(text(ReceiptColumn::kBusinessTime), zone);
  if (!time) return Bad(ReceiptColumn::kBusinessTime, time.error().message);
  SetTime(ShiftOnWallClock(*time, zone, shift_days), *receipt.mutable_business_time());
  if (const auto date = text(ReceiptColumn::kBusinessDate); !date.empty()) {
    const auto day = ParseDay(date);
    if (!day) return Bad(ReceiptColumn::kBusinessDate, day.error().message);
    receipt.set_business_date(FormatDay(*day + shift_days));
  }

  const auto kind = text(ReceiptColumn::kKind);
  if (kind != "sale" && kind != "return") return Bad(ReceiptColumn::kKind, "neither 'sale' nor 'return'");
  receipt.set_kind(kind == "sale" ? v1::RECEIPT_KIND_SALE : v1::RECEIPT_KIND_RETURN);

  const std::string currency(text(ReceiptColumn::kCurrency));
  const auto exponent = CurrencyExponent(currency);
  if (!exponent) return Bad(ReceiptColumn::kCurrency, "'" + currency + "' is no ISO 4217 code");
  receipt.set_currency_code(currency);
  const auto total = Decimal(columns, fields, ReceiptColumn::kTotal, *exponent, 0);
  if (!total) return total.error();
  receipt.set_total_minor(*total);

  auto payments = ReadPayments(text(ReceiptColumn::kPayment), *total, *exponent);
  if (!payments) return payments.error();
  for (auto& payment : *payments) *receipt.add_payments() = std::move(payment);
  return request;
}

bool HasLine(const ReceiptColumns& columns, const std::vector<std::string>& fields) {
  for (std::size_t i = kFirstLineColumn; i < kReceiptColumnCount; ++i)
    if (!columns.Text(fields, static_cast<ReceiptColumn>(i)).empty()) return true;
  return false;
}

Result<LineText> ReadLine(const ReceiptColumns& columns, const std::vector<std::string>& fields, int exponent) {
  const auto text = [&](ReceiptColumn column) { return columns.Text(fields, column); };
  LineText result;
  auto& line = result.line;
  line.set_line_id(std::string(text(ReceiptColumn::kLineId)));
  line.set_sku(std::string(text(ReceiptColumn::kSku)));
  const auto kind_name = text(ReceiptColumn::kLineKind);
  const auto kind = kind_name.empty() ? v1::LINE_KIND_GOODS : Find(kLineKinds, kind_name);
  if (!kind) return Bad(ReceiptColumn::kLineKind, "'" + std::string(kind_name) + "' is no kind of line");
  line.set_kind(*kind);
  for (auto rest = text(ReceiptColumn::kCategory); !rest.empty();) {
    const auto [category, after] = SplitOff(rest, ';');
    if (!Trim(category).empty()) line.add_category_ids(std::string(Trim(category)));
    rest = after;
  }

  const auto quantity = Decimal(columns, fields, ReceiptColumn::kQuantity, kMicroDigits, kMillion);
  if (!quantity) return quantity.error();
  line.set_quantity_micros(*quantity);
  const auto unit_price = Decimal(columns, fields, ReceiptColumn::kUnitPrice, kMicroDigits, 0);
  if (!unit_price) return unit_price.error();
  line.set_unit_price_micros(*unit_price);
  const auto discount = Decimal(columns, fields, ReceiptColumn::kDiscount, exponent, 0);
  if (!discount) return discount.error();
  line.set_discount_minor(*discount);
  const auto rate = Decimal(columns, fields, ReceiptColumn::kTaxRate, kTaxRateDigits, 0);
  if (!rate) return rate.error();
  if (*rate < 0 || *rate > std::numeric_limits<std::int32_t>::max())
    return Bad(ReceiptColumn::kTaxRate, "out of range");
  if (!text(ReceiptColumn::kTaxRate).empty()) line.add_taxes()->set_rate_millionths(static_cast<std::int32_t>(*rate));

  std::int64_t otherwise = 0;
  if (text(ReceiptColumn::kAmount).empty()) {
    result.amount_missing = text(ReceiptColumn::kUnitPrice).empty();
    std::int64_t per_minor = kMillion * kMillion;
    for (int digits = 0; digits < exponent; ++digits) per_minor /= 10;
    const auto price = MulDiv(*unit_price, *quantity, per_minor, Rounding::kHalfUp);
    if (!price || *price > kMoneyMax || *price < -kMoneyMax) return Bad(ReceiptColumn::kUnitPrice, "number too large");
    otherwise = *price - *discount;
  }
  const auto amount = Decimal(columns, fields, ReceiptColumn::kAmount, exponent, otherwise);
  if (!amount) return amount.error();
  line.set_amount_minor(*amount);
  return result;
}

Result<std::vector<v1::Payment>> ReadPayments(std::string_view text, std::int64_t total_minor, int exponent) {
  std::vector<v1::Payment> payments;
  while (!text.empty()) {
    const auto [part, rest] = SplitOff(text, ';');
    text = rest;
    if (Trim(part).empty()) continue;
    const auto [name, amount_text] = SplitOff(Trim(part), ':');
    const auto kind = Find(kPaymentKinds, Trim(name));
    if (!kind) return Bad(ReceiptColumn::kPayment, "'" + std::string(name) + "' is no kind of payment");
    v1::Payment payment;
    payment.set_kind(*kind);
    if (Trim(amount_text).empty()) {
      if (!payments.empty() || !Trim(rest).empty())
        return Bad(ReceiptColumn::kPayment, "with several payments each needs its amount");
      payment.set_amount_minor(total_minor > 0 ? total_minor : 0);
    } else {
      const auto amount = ParseDecimal(Trim(amount_text), exponent);
      if (!amount) return Bad(ReceiptColumn::kPayment, amount.error().message);
      if (*amount < 0) return Bad(ReceiptColumn::kPayment, "an amount is negative");
      payment.set_amount_minor(*amount);
    }
    payments.push_back(std::move(payment));
  }
  return payments;
}

}  // namespace loyalty::client
