#include "domain/receipt.h"

#include <sodium.h>

#include <map>
#include <set>

namespace loyalty {
namespace {

bool WithinMoney(Minor amount) { return amount >= -kMoneyMax && amount <= kMoneyMax; }

Status CheckLine(Line& line, const std::string& path) {
  if (!IsPlainText(line.line_id, 64)) return InvalidField(path + ".line_id", "at most 64 bytes, no control characters");
  if (!IsPlainText(line.sku, 64)) return InvalidField(path + ".sku", "at most 64 bytes, no control characters");
  if (line.categories.size() > kCategoriesMax) return InvalidField(path + ".category_ids", "at most 16");
  for (const auto& category : line.categories)
    if (category.empty() || !IsPlainText(category, 64))
      return InvalidField(path + ".category_ids", "1 to 64 bytes each, no control characters");
  if (!IsPlainText(line.description, 200))
    return InvalidField(path + ".description", "at most 200 bytes, no control characters");
  if (line.quantity > kQuantityMax || line.quantity < -kQuantityMax)
    return InvalidField(path + ".quantity_micros", "at most 10^15");
  if (!IsPlainText(line.unit, 16)) return InvalidField(path + ".unit", "at most 16 bytes, no control characters");
  if (line.unit_price > kUnitPriceMax || line.unit_price < -kUnitPriceMax)
    return InvalidField(path + ".unit_price_micros", "at most 10^18");
  if (!WithinMoney(line.amount)) return InvalidField(path + ".amount_minor", "at most 10^15");
  if (!WithinMoney(line.discount)) return InvalidField(path + ".discount_minor", "at most 10^15");
  if (line.tax_rate < 0 || line.tax_rate > kTaxRateMax)
    return InvalidField(path + ".taxes", "rates of 0 to 10000000 together");
  if (!WithinMoney(line.tax_amount)) return InvalidField(path + ".taxes", "at most 10^15 together");
  return Ok{};
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
  if (receipt.receipt_no.empty() || !IsPlainText(receipt.receipt_no, 64))
    return InvalidField("receipt.receipt_no", "1 to 64 bytes, no control characters");
  if (!CurrencyExponent(receipt.currency))
    return InvalidField("receipt.currency_code", "an ISO 4217 code, for instance EUR");
  if (!WithinMoney(receipt.total)) return InvalidField("receipt.total_minor", "at most 10^15");
  if (receipt.lines.size() > kLinesMax) return InvalidField("receipt.lines", "at most 500");
  std::set<std::string_view> line_ids;
  for (std::size_t i = 0; i < receipt.lines.size(); ++i) {
    const std::string path = "receipt.lines[" + std::to_string(i) + "]";
    Line& line = receipt.lines[i];
    if (line.line_id.empty()) line.line_id = std::to_string(i + 1);
    const Status ok = CheckLine(line, path);
    if (!ok) return ok.error();
    if (!line_ids.insert(line.line_id).second) return InvalidField(path + ".line_id", "twice on this receipt");
  }
  if (receipt.payments.size() > kPaymentsMax) return InvalidField("receipt.payments", "at most 20");
  for (std::size_t i = 0; i < receipt.payments.size(); ++i) {
    const std::string path = "receipt.payments[" + std::to_string(i) + "]";
    if (receipt.payments[i].amount < 0 || receipt.payments[i].amount > kMoneyMax)
      return InvalidField(path + ".amount_minor", "0 to 10^15");
    if (!IsPlainText(receipt.payments[i].redemption, 128))
      return InvalidField(path + ".redemption", "at most 128 bytes");
  }
  if (receipt.fiscal &&
      (!IsPlainText(receipt.fiscal->scheme, 32) || !IsPlainText(receipt.fiscal->serial, 128) ||
       !IsPlainText(receipt.fiscal->transaction_no, 64) || !IsPlainText(receipt.fiscal->signature, 512)))
    return InvalidField("receipt.fiscal", "a part is too long or holds control characters");
  return Ok{};
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
