#include "clients/receipt_reader.h"

#include <array>
#include <utility>

#include "clients/receipt_values.h"
#include "domain/money.h"
#include "domain/receipt.h"

namespace loyalty::client {
namespace {

void Reject(CsvReceipt& receipt, std::int64_t line, const char* reason, const std::string& why) {
  if (!receipt.reason.empty()) return;  // the first reason stands
  receipt.reason = reason;
  receipt.message = "line " + std::to_string(line) + ": " + why;
}

}  // namespace

ReceiptReader::ReceiptReader(CsvReader csv, std::string header, ReceiptColumns columns, StoreZones zones,
                             int shift_days)
    : csv_(std::move(csv)),
      header_(std::move(header)),
      columns_(std::move(columns)),
      zones_(std::move(zones)),
      shift_days_(shift_days) {}

Result<ReceiptReader> ReceiptReader::Open(CsvReader::Source source, StoreZones zones, int shift_days) {
  CsvReader csv(std::move(source));
  CsvRecord header;
  const auto found = csv.Next(header);
  if (!found) return found.error();
  if (!*found) return Error{Reason::kInvalidArgument, "the file is empty", {}};
  if (!header.problem.empty())
    return Error{Reason::kInvalidArgument, "the header cannot be read: " + header.problem, {}};
  auto columns = ReceiptColumns::FromHeader(header.fields);
  if (!columns) return columns.error();
  return ReceiptReader(std::move(csv), std::move(header.raw), *std::move(columns), std::move(zones), shift_days);
}

Result<bool> ReceiptReader::Advance() {
  const auto found = csv_.Next(record_);
  if (!found) return found.error();
  has_record_ = *found;
  if (has_record_ && record_.problem.empty() && record_.fields.size() != columns_.count())
    record_.problem = std::to_string(record_.fields.size()) + " fields, but " + std::to_string(columns_.count()) +
                      " columns in the header";
  return has_record_;
}

bool ReceiptReader::Continues(const CsvReceipt& receipt) const {
  if (!columns_.has_lines() || receipt.rows.empty()) return false;
  const auto same = [&](ReceiptColumn column) {
    return columns_.Text(first_, column) == columns_.Text(record_.fields, column);
  };
  const bool dated = !columns_.Text(first_, ReceiptColumn::kBusinessDate).empty();
  return same(ReceiptColumn::kStore) && same(ReceiptColumn::kTerminal) && same(ReceiptColumn::kReceiptNo) &&
         same(ReceiptColumn::kKind) && same(ReceiptColumn::kBusinessDate) && (dated || OnTheSameDay());
}

// A number is given once a day, so another time of the same day is a fault in one receipt, not a second receipt: taken
// apart, half of it would be recorded. A time that cannot be read may be of that day.
bool ReceiptReader::OnTheSameDay() const {
  const auto first = columns_.Text(first_, ReceiptColumn::kBusinessTime);
  const auto next = columns_.Text(record_.fields, ReceiptColumn::kBusinessTime);
  if (first == next) return true;
  const auto& zone = zones_.Of(columns_.Text(first_, ReceiptColumn::kStore));
  const auto first_time = ParseTime(first, zone);
  const auto next_time = ParseTime(next, zone);
  return !first_time || !next_time || DayOf(*first_time, zone) == DayOf(*next_time, zone);
}

// The row has a time that can be read: it begins with a date.
Day ReceiptReader::WrittenDay() const {
  const auto date = columns_.Text(first_, ReceiptColumn::kBusinessDate);
  const auto day = ParseDay(date.empty() ? columns_.Text(first_, ReceiptColumn::kBusinessTime).substr(0, 10) : date);
  return day ? *day : 0;
}

Result<std::optional<CsvReceipt>> ReceiptReader::Next() {
  if (!has_record_) {
    const auto more = Advance();
    if (!more) return more.error();
    if (!*more) return std::optional<CsvReceipt>();
  }
  CsvReceipt receipt;
  receipt.index = next_index_++;
  if (!record_.problem.empty()) {
    Reject(receipt, record_.line, "ROW_UNREADABLE", record_.problem);
    receipt.rows.push_back({record_.line, std::move(record_.raw)});
    suspect_line_ = columns_.has_lines() ? record_.line : 0;
    has_record_ = false;
    return std::optional<CsvReceipt>(std::move(receipt));
  }
  Start(receipt);
  for (;;) {
    AddRow(receipt);
    const auto more = Advance();
    if (!more) return more.error();
    if (!*more) break;
    if (!record_.problem.empty()) {
      if (columns_.has_lines())
        Reject(receipt, record_.line, "ROW_UNREADABLE", record_.problem + "; the row may belong to this receipt");
      break;
    }
    if (!Continues(receipt)) break;
  }
  Finish(receipt);
  return std::optional<CsvReceipt>(std::move(receipt));
}

void ReceiptReader::Start(CsvReceipt& receipt) {
  first_ = record_.fields;
  amount_missing_ = false;
  // Before anything else of the row: whatever is odd about a return, this is why it is not sent.
  if (columns_.Text(record_.fields, ReceiptColumn::kKind) == "return")
    Reject(receipt, record_.line, "RETURN_NOT_SUPPORTED", "returns are not part of the program yet");
  if (suspect_line_ != 0)
    Reject(receipt, suspect_line_, "ROW_UNREADABLE", "a row that cannot be read may belong to this receipt");
  suspect_line_ = 0;
  auto request = ReadReceipt(columns_, record_.fields, zones_, shift_days_);
  if (request) {
    receipt.request = *std::move(request);
    receipt.day = WrittenDay() + shift_days_;
  } else {
    Reject(receipt, record_.line, "VALUE_INVALID", request.error().message);
  }
}

void ReceiptReader::AddRow(CsvReceipt& receipt) {
  const std::int64_t line = record_.line;
  for (std::size_t i = 0; i < kFirstLineColumn; ++i) {
    const auto column = static_cast<ReceiptColumn>(i);
    if (columns_.Text(first_, column) != columns_.Text(record_.fields, column))
      Reject(receipt, line, "RECEIPT_COLUMNS_DIFFER",
             std::string(ColumnName(column)) + ": not the same in all rows of receipt " +
                 std::string(columns_.Text(first_, ReceiptColumn::kReceiptNo)));
  }
  if (receipt.reason.empty() && HasLine(columns_, record_.fields)) {
    const int exponent = CurrencyExponent(receipt.request.receipt().currency_code()).value_or(0);
    auto read = ReadLine(columns_, record_.fields, exponent);
    if (!read) {
      Reject(receipt, line, "VALUE_INVALID", read.error().message);
    } else if (receipt.request.receipt().lines_size() == static_cast<int>(kLinesMax)) {
      Reject(receipt, line, "TOO_MANY_LINES", "more than " + std::to_string(kLinesMax) + " lines");
    } else {
      amount_missing_ = amount_missing_ || read->amount_missing;
      *receipt.request.mutable_receipt()->add_lines() = std::move(read->line);
    }
  }
  receipt.rows.push_back({line, std::move(record_.raw)});
}

void ReceiptReader::Finish(CsvReceipt& receipt) const {
  auto& content = *receipt.request.mutable_receipt();
  if (receipt.reason.empty() && amount_missing_) {
    if (content.lines_size() == 1) {
      content.mutable_lines(0)->set_amount_minor(content.total_minor());
    } else {
      Reject(receipt, receipt.rows.front().line, "VALUE_INVALID",
             "amount: a line has neither amount nor unit_price, and is not the only one");
    }
  }
}

}  // namespace loyalty::client
