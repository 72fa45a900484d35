#include "clients/receipt_columns.h"

#include <algorithm>

#include "clients/text.h"

namespace loyalty::client {
namespace {

constexpr std::array<std::string_view, kReceiptColumnCount> kNames{
    "card",          "receipt_no",          "business_time", "store",    "terminal", "currency",  "kind", "total",
    "business_date", "original_receipt_no", "original_date", "payment",  "line_id",  "line_kind", "sku",  "category",
    "quantity",      "unit_price",          "amount",        "discount", "tax_rate"};
constexpr std::size_t kRequiredCount = static_cast<std::size_t>(ReceiptColumn::kTotal) + 1;

// What a rejects file puts in front: such a file can be corrected and replayed as it is.
constexpr std::array<std::string_view, 3> kRejectsColumns{"line", "reason", "message"};

}  // namespace

std::string_view ColumnName(ReceiptColumn column) { return kNames[static_cast<std::size_t>(column)]; }

Result<ReceiptColumns> ReceiptColumns::FromHeader(const std::vector<std::string>& header) {
  ReceiptColumns columns;
  columns.count_ = header.size();
  for (std::size_t place = 0; place < header.size(); ++place) {
    const std::string_view name = Trim(header[place]);
    const auto* const known = std::find(kNames.begin(), kNames.end(), name);
    if (known == kNames.end()) {
      if (std::find(kRejectsColumns.begin(), kRejectsColumns.end(), name) == kRejectsColumns.end())
        columns.unknown_.emplace_back(name);
      continue;
    }
    const auto index = static_cast<std::size_t>(known - kNames.begin());
    if (columns.places_[index] != kAbsent)
      return Error{Reason::kInvalidArgument, "column '" + std::string(name) + "' occurs twice in the header", {}};
    columns.places_[index] = place;
    if (index >= kFirstLineColumn) columns.has_lines_ = true;
  }
  std::string missing;
  for (std::size_t index = 0; index < kRequiredCount; ++index)
    if (columns.places_[index] == kAbsent) missing.append(missing.empty() ? "" : ", ").append(kNames[index]);
  if (!missing.empty())
    return Error{Reason::kInvalidArgument, "the first line is no header of a receipts CSV: missing " + missing, {}};
  return columns;
}

std::string_view ReceiptColumns::Text(const std::vector<std::string>& fields, ReceiptColumn column) const {
  const std::size_t place = places_[static_cast<std::size_t>(column)];
  return place < fields.size() ? Trim(fields[place]) : std::string_view();
}

}  // namespace loyalty::client
