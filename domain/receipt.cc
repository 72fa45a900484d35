#include "domain/receipt.h"

#include <sodium.h>

#include <algorithm>
#include <map>
#include <set>

#include "domain/violations.h"

namespace loyalty {
namespace {

bool WithinMoney(Minor amount) { return amount >= -kMoneyMax && amount <= kMoneyMax; }

constexpr std::string_view kPlain16 = "at most 16 bytes, no control characters";
constexpr std::string_view kPlain64 = "at most 64 bytes, no control characters";
constexpr std::string_view kMoney = "at most 10^15";

bool Within(std::int64_t value, std::int64_t max) { return value >= -max && value <= max; }

bool AreCategories(const std::vector<std::string>& categories) {
  return std::all_of(categories.begin(), categories.end(),
                     [](const auto& category) { return !category.empty() && IsPlainText(category, 64); });
}

void CheckLine(const Line& line, std::string_view path, Violations& violations) {
  const auto require = [&](bool holds, std::string_view field, std::string_view why) {
    violations.Require(holds, path, field, why);
  };
  require(IsPlainText(line.line_id, 64), ".line_id", kPlain64);
  require(IsPlainText(line.sku, 64), ".sku", kPlain64);
  require(line.categories.size() <= kCategoriesMax, ".category_ids", "at most 16");
  require(AreCategories(line.categories), ".category_ids", "1 to 64 bytes each, no control characters");
  require(IsPlainText(line.description, 200), ".description", "at most 200 bytes, no control characters");
  require(Within(line.quantity, kQuantityMax), ".quantity_micros", "at most 10^15");
  require(IsPlainText(line.unit, 16), ".unit", kPlain16);
  require(Within(line.unit_price, kUnitPriceMax), ".unit_price_micros", "at most 10^18");
  require(WithinMoney(line.amount), ".amount_minor", kMoney);
  require(WithinMoney(line.discount), ".discount_minor", kMoney);
  require(line.tax_rate >= 0 && line.tax_rate <= kTaxRateMax, ".taxes", "rates of 0 to 10000000 together");
  require(WithinMoney(line.tax_amount), ".taxes", "at most 10^15 together");
}

void CheckLines(std::vector<Line>& lines, Violations& violations) {
  std::set<std::string_view> line_ids;
  std::string path;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    path.assign("receipt.lines[").append(std::to_string(i)).append("]");
    Line& line = lines[i];
    if (line.line_id.empty()) line.line_id = std::to_string(i + 1);
    CheckLine(line, path, violations);
    violations.Require(line_ids.insert(line.line_id).second, path, ".line_id", "twice on this receipt");
  }
}

void CheckPayments(const std::vector<Payment>& payments, Violations& violations) {
  for (std::size_t i = 0; i < payments.size(); ++i) {
    const std::string path = "receipt.payments[" + std::to_string(i) + "]";
    violations.Require(payments[i].amount >= 0 && payments[i].amount <= kMoneyMax, path, ".amount_minor", "0 to 10^15");
    violations.Require(IsPlainText(payments[i].redemption, 128), path, ".redemption", "at most 128 bytes");
  }
}

}  // namespace

bool IsPlainText(std::string_view text, std::size_t max) {
  if (text.size() > max) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = [text, i](std::size_t n) {
      return i + n < text.size() ? static_cast<unsigned char>(text[i + n]) : 0U;
    };
    if (byte(0) < 0x20 || byte(0) == 0x7f) return false;
    if (byte(0) == 0xc2 && byte(1) >= 0x80 && byte(1) <= 0x9f) return false;                     // U+0080 to U+009F
    if (byte(0) == 0xe2 && byte(1) == 0x80 && byte(2) >= 0xa8 && byte(2) <= 0xae) return false;  // U+2028 to U+202E
    if (byte(0) == 0xe2 && byte(1) == 0x81 && byte(2) >= 0xa6 && byte(2) <= 0xa9) return false;  // U+2066 to U+2069
  }
  return true;
}

Minor TotalOf(const std::vector<Line>& lines) {
  Minor total = 0;
  std::map<int, Minor> net;  // by rate, of lines whose tax must be computed
  for (const Line& line : lines) {
    total += line.amount;
    if (!line.tax_net) continue;
    total += line.tax_amount;
    if (line.tax_amount == 0) net[line.tax_rate] += line.amount;
  }
  // 500 lines of 10^15 at 1000 % fit.
  for (const auto& [rate, amount] : net) total += *MulDiv(amount, rate, kMillion, Rounding::kHalfEven);
  return total;
}

Status ValidateReceipt(Receipt& receipt) {
  Violations violations;
  violations.Require(!receipt.receipt_no.empty() && IsPlainText(receipt.receipt_no, 64), "receipt.receipt_no",
                     "1 to 64 bytes, no control characters");
  violations.Require(CurrencyExponent(receipt.currency).has_value(), "receipt.currency_code",
                     "an ISO 4217 code, for instance EUR");
  violations.Require(WithinMoney(receipt.total), "receipt.total_minor", kMoney);
  violations.Require(receipt.lines.size() <= kLinesMax, "receipt.lines", "at most 500");
  CheckLines(receipt.lines, violations);
  violations.Require(receipt.payments.size() <= kPaymentsMax, "receipt.payments", "at most 20");
  CheckPayments(receipt.payments, violations);
  const auto& fiscal = receipt.fiscal;
  violations.Require(!fiscal || (IsPlainText(fiscal->scheme, 32) && IsPlainText(fiscal->serial, 128) &&
                                 IsPlainText(fiscal->transaction_no, 64) && IsPlainText(fiscal->signature, 512)),
                     "receipt.fiscal", "a part is too long or holds control characters");
  return violations.Done();
}

Bytes ReceiptContentHash(const Receipt& receipt) {
  std::string text;
  text.reserve(64 + receipt.lines.size() * 48);
  const auto add = [&text](std::string_view part) {  // length first, so that parts cannot run into each other
    text.append(std::to_string(part.size())).append(":").append(part);
  };
  const auto number = [&text](std::int64_t value) { text.append(std::to_string(value)).append("|"); };
  number(static_cast<int>(receipt.kind));
  add(receipt.currency);
  number(receipt.total);
  for (const Line& line : receipt.lines) {
    add(line.line_id);
    number(static_cast<int>(line.kind));
    add(line.sku);
    for (const auto& category : line.categories) add(category);
    for (const std::int64_t value : {line.quantity, line.amount, line.discount, std::int64_t{line.tax_rate},
                                     std::int64_t{line.tax_net}, line.tax_amount, std::int64_t{line.flags}})
      number(value);
  }
  Bytes hash{std::string(16, '\0')};
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.value.data()), hash.value.size(),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
  return hash;
}

GoodsMoney GoodsOf(const Receipt& receipt) {
  if (receipt.kind != ReceiptKind::kSale) return {};
  if (receipt.lines.empty()) return {.amount = receipt.total, .discount = 0, .purchase = receipt.total >= 0};
  GoodsMoney goods;
  for (const Line& line : receipt.lines) {
    if (line.kind != LineKind::kGoods) continue;
    goods.amount += line.amount;  // 500 lines of 10^15 fit
    goods.discount += line.discount;
    goods.purchase = true;
  }
  return goods;
}

}  // namespace loyalty
