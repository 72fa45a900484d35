// From the text of CSV columns to the parts of a receipt. Pure: no files, no server.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "clients/receipt_columns.h"
#include "clients/store_zones.h"
#include "domain/result.h"
#include "loyalty/v1/terminal_service.pb.h"

namespace loyalty::client {

// Reads the receipt columns of a row into a request without request_id and lines. `shift_days` moves business time and
// date by whole days on the store's wall clock (23:30 stays 23:30 across a change of clocks).
// Errors: kInvalidArgument, the message names the column.
Result<v1::ScanRequest> ReadReceipt(const ReceiptColumns& columns, const std::vector<std::string>& fields,
                                    const StoreZones& zones, int shift_days);

// True when the row tells something about a line.
bool HasLine(const ReceiptColumns& columns, const std::vector<std::string>& fields);

struct LineText {
  v1::ReceiptLine line;
  bool amount_missing = false;  // neither amount nor unit_price: with one line it is the receipt's total
};

// Reads the line columns of a row. Defaults: quantity 1, line_kind goods, amount = quantity x unit_price - discount.
// Categories are separated by ';'. An amount that is given is taken as it is. Errors: as above.
Result<LineText> ReadLine(const ReceiptColumns& columns, const std::vector<std::string>& fields, int exponent);

// The payment column: `points:1.23;gift_card:5.00;other:2.00`, or one bare kind, which paid the whole total.
// Errors: as above.
Result<std::vector<v1::Payment>> ReadPayments(std::string_view text, std::int64_t total_minor, int exponent);

// Moves an instant by whole days on the wall clock of a zone.
Instant ShiftOnWallClock(Instant at, const absl::TimeZone& zone, int days);

}  // namespace loyalty::client
