// Receipts out of a CSV, one after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "clients/csv.h"
#include "clients/receipt_columns.h"
#include "clients/store_zones.h"
#include "domain/result.h"
#include "loyalty/v1/terminal_service.pb.h"

namespace loyalty::client {

// A row as it stands in the file, for the rejects.
struct CsvRow {
  std::int64_t line = 0;
  std::string raw;
};

// A receipt, or why it is none.
struct CsvReceipt {
  std::int64_t index = 0;  // among the receipts of the file, from 0, rejected ones included
  std::vector<CsvRow> rows;
  v1::ScanRequest request;  // without request_id
  Day day = 0;              // the store's, as it stands in the file: business_date, else the date of business_time
  std::string reason;       // empty: good. Else a stable reason, as in a rejects file:
                            // ROW_UNREADABLE, VALUE_INVALID, RECEIPT_COLUMNS_DIFFER, TOO_MANY_LINES,
                            // RETURN_NOT_SUPPORTED (nothing of a return can be sent yet)
  std::string message;      // for people: line number and what is wrong
};

// Groups the rows of a file into receipts. A receipt is a run of rows with the same store, terminal, receipt_no, kind
// and business_date (where none is given: with a business_time of the same local day). In a file without line columns
// every row is a receipt.
// One bad row rejects its whole receipt. A row that cannot be read at all could belong to the receipt before or after
// it: both are rejected, for a receipt that was recorded without one of its lines could not be mended.
// Holds one receipt at a time: memory does not depend on the size of the file.
class ReceiptReader {
 public:
  // Reads the header. Errors: kInvalidArgument (empty file, no header), those of the source.
  static Result<ReceiptReader> Open(CsvReader::Source source, StoreZones zones, int shift_days);

  // The next receipt; nothing at the end. Errors: those of the source.
  Result<std::optional<CsvReceipt>> Next();

  const std::string& header() const { return header_; }  // as it stands in the file
  const ReceiptColumns& columns() const { return columns_; }

 private:
  ReceiptReader(CsvReader csv, std::string header, ReceiptColumns columns, StoreZones zones, int shift_days);

  Result<bool> Advance();
  bool Continues(const CsvReceipt& receipt) const;
  bool OnTheSameDay() const;
  Day WrittenDay() const;
  void Start(CsvReceipt& receipt);
  void AddRow(CsvReceipt& receipt);
  void Finish(CsvReceipt& receipt) const;

  CsvReader csv_;
  std::string header_;
  ReceiptColumns columns_;
  StoreZones zones_;
  int shift_days_;

  CsvRecord record_;  // the row looked at next
  bool has_record_ = false;
  std::vector<std::string> first_;  // fields of the first row of the receipt that is being read
  std::int64_t suspect_line_ = 0;   // an unreadable row that may belong to the next receipt; 0: none
  bool amount_missing_ = false;
  std::int64_t next_index_ = 0;
};

}  // namespace loyalty::client
