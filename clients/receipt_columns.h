// The columns of a receipts CSV, found by the names in its header.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/result.h"

namespace loyalty::client {

// Receipt columns first: they are equal in all rows of a receipt. Then those of a line.
enum class ReceiptColumn : std::uint8_t {
  kCard,
  kReceiptNo,
  kBusinessTime,
  kStore,
  kTerminal,
  kCurrency,
  kKind,
  kTotal,
  kBusinessDate,
  kOriginalReceiptNo,
  kOriginalDate,
  kPayment,
  kLineId,
  kLineKind,
  kSku,
  kCategory,
  kQuantity,
  kUnitPrice,
  kAmount,
  kDiscount,
  kTaxRate,
};
inline constexpr std::size_t kReceiptColumnCount = 21;
inline constexpr std::size_t kFirstLineColumn = static_cast<std::size_t>(ReceiptColumn::kLineId);

// The name in the header, for instance "receipt_no".
std::string_view ColumnName(ReceiptColumn column);

class ReceiptColumns {
 public:
  // Unknown columns are kept in mind and otherwise ignored. Errors: kInvalidArgument (a required column is missing, a
  // known one occurs twice).
  static Result<ReceiptColumns> FromHeader(const std::vector<std::string>& header);

  // The trimmed text of a column; empty when the file has no such column or the row is too short.
  std::string_view Text(const std::vector<std::string>& fields, ReceiptColumn column) const;

  std::size_t count() const { return count_; }
  bool has_lines() const { return has_lines_; }  // any line column is there
  bool has(ReceiptColumn column) const { return places_[static_cast<std::size_t>(column)] != kAbsent; }
  const std::vector<std::string>& unknown() const { return unknown_; }

 private:
  static constexpr std::size_t kAbsent = static_cast<std::size_t>(-1);
  ReceiptColumns() { places_.fill(kAbsent); }

  std::array<std::size_t, kReceiptColumnCount> places_{};
  std::size_t count_ = 0;
  bool has_lines_ = false;
  std::vector<std::string> unknown_;
};

}  // namespace loyalty::client
