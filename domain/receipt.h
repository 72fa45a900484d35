// A receipt as the till closed it: plain data, its limits, and what makes two of them the same.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/bytes.h"
#include "domain/money.h"
#include "domain/time.h"

namespace loyalty {

inline constexpr std::size_t kLinesMax = 500;  // a receipt of a weekly shop has 60
inline constexpr std::size_t kPaymentsMax = 20;
inline constexpr std::size_t kCategoriesMax = 16;
inline constexpr std::size_t kTaxesMax = 8;
inline constexpr std::int64_t kQuantityMax = 1'000'000'000'000'000;       // millionths
inline constexpr std::int64_t kUnitPriceMax = 1'000'000'000'000'000'000;  // micros
inline constexpr std::int64_t kMillion = 1'000'000;
inline constexpr int kTaxRateMax = 10'000'000;  // millionths

// Stored by number: never renumber. The same numbers as on the wire.
enum class ReceiptKind : std::uint8_t { kSale = 1, kReturn = 2 };
enum class LineKind : std::uint8_t {
  kGoods = 1,
  kDeposit = 2,
  kDepositReturn = 3,
  kGiftCardSale = 4,
  kFee = 5,
  kTip = 6,
  kDonation = 7,
  kRounding = 8,
};
enum class PaymentKind : std::uint8_t { kOther = 1, kPoints = 2, kGiftCard = 3 };

// What may not be done with a line; bits, stored by number.
enum LineFlag : unsigned { kNoEarning = 1, kNoDiscount = 2, kNoRedemption = 4, kPrivate = 8 };

// How goods came back. Stored by number, the same as on the wire.
enum class ReturnType : std::uint8_t {
  kNone = 0,
  kWithReceipt = 1,
  kGiftReceipt = 2,
  kNoReceipt = 3,
  kExchange = 4,
  kVoid = 5,
  kCancellation = 6,
};

// One of several taxes of a line.
struct LineTax {
  int rate = 0;      // millionths
  Minor amount = 0;  // 0: computed from the rate
};

struct Line {
  std::string line_id;
  LineKind kind = LineKind::kGoods;
  std::string sku;
  std::string description;
  std::vector<std::string> categories;
  std::int64_t quantity = 0;    // millionths of the unit
  std::string unit;             // empty: pieces
  std::int64_t unit_price = 0;  // micros of the currency; informative
  Minor amount = 0;             // after discounts, authoritative
  Minor discount = 0;
  // What rules use: the sums of its taxes.
  int tax_rate = 0;            // millionths
  bool tax_net = false;        // the amount is without tax
  Minor tax_amount = 0;        // 0: computed from the rate
  std::vector<LineTax> taxes;  // where they are several; else empty
  unsigned flags = 0;          // LineFlag
  bool kind_unknown = false;   // sent with a kind that we do not know
  ReturnType return_type = ReturnType::kNone;

  bool Is(LineFlag flag) const { return (flags & flag) != 0; }
};

struct Payment {
  PaymentKind kind = PaymentKind::kOther;
  Minor amount = 0;
  std::string redemption;
};

struct Fiscal {
  std::string scheme, serial, transaction_no, signature;
};

struct Receipt {
  std::string receipt_no;
  std::optional<Day> business_date;
  Instant business_time = 0;
  ReceiptKind kind = ReceiptKind::kSale;
  std::string currency;
  Minor total = 0;
  std::vector<Line> lines;
  std::vector<Payment> payments;
  std::optional<Fiscal> fiscal;
  bool training = false;
};

// What the customer pays for lines: their amounts, and the taxes on top of them, rounded once a rate. At most 500 lines
// within their limits.
Minor TotalOf(const std::vector<Line>& lines);

// Checks limits and names what breaks them by the field's path. Fills empty line ids with their position from 1.
// Errors: kInvalidArgument with all of them, in the order of the fields.
Status ValidateReceipt(Receipt& receipt);

// True when text, valid UTF-8, fits `max` bytes and holds no control character: neither of ASCII nor of Unicode, no
// line or paragraph separator, nothing that embeds, overrides or isolates a direction of writing (what people see would
// not be what is stored).
bool IsPlainText(std::string_view text, std::size_t max);

// 16 bytes over what must be equal for a receipt to be the same one again, beside its member: kind, currency, total and
// lines (without unit price, unit, description and how a tax is made up, which no sale is judged by); not time,
// operator, payments.
Bytes ReceiptContentHash(const Receipt& receipt);

// Money of the goods on a receipt, after and before discounts: what purchase statistics count. A receipt without
// lines counts with its total. `purchase` is false when nothing on it is goods (bottles brought back).
struct GoodsMoney {
  Minor amount = 0;
  Minor discount = 0;
  bool purchase = false;
};
GoodsMoney GoodsOf(const Receipt& receipt);

}  // namespace loyalty
