// Receipts as they came, their lines, and what they caused beside the base rule.
#pragma once

#include <string>
#include <tuple>

#include "domain/receipt.h"
#include "storage/table.h"

namespace loyalty::storage {

// Stored by number: never renumber.
enum class ReceiptState : std::uint8_t { kRecorded = 1, kVoided = 2 };

// What numbers a receipt at its till. The kind is part of it: sale and return lines of an exchange stand on one slip.
using ReceiptNumber = std::tuple<std::int64_t, int, Day, ReceiptKind, std::string>;  // terminal, epoch, business date

// Appended; kept for ever, with the answer that its sender got. Sealed but for what comes to it later.
struct ReceiptRow {
  using Key = std::int64_t;
  Key key() const { return id; }
  static const Table<ReceiptRow>& table();

  std::int64_t id = 0;
  std::int64_t terminal_id = 0;
  int epoch = 0;
  Day business_date = 0;
  ReceiptKind kind = ReceiptKind::kSale;
  std::string receipt_no;
  std::string fiscal_key;      // empty: none
  std::int64_t member_id = 0;  // 0: none
  std::int64_t entry_seq = 0;  // the first entry that it wrote; 0: none
  std::int64_t entry_count = 0;
  ReceiptState state = ReceiptState::kRecorded;
  std::int64_t version = 1;
  std::string currency;
  Minor total = 0;
  Instant business_time = 0;
  Instant till_time = 0;  // of a till whose clock was not believed; 0: business_time is its own
  Instant record_time = 0;
  std::int32_t utc_offset = 0;  // seconds
  std::string operator_id, approver;
  bool operator_proven = false;  // by a session; else the till's word
  std::int64_t principal_id = 0;
  Bytes request_id, content_hash, payload_hash;
  std::string payments, fiscal, evaluation;  // JSON; empty: none
  Bytes result;
  Bytes seal;

  Bytes sealed_with;  // no column: the digest of its lines (DigestOfLines)
  ReceiptNumber number() const { return {terminal_id, epoch, business_date, kind, receipt_no}; }
};

// A receipt by its number at the till, and by what its fiscal signature names.
struct ReceiptNumberRow {
  using Key = ReceiptNumber;
  Key key() const { return {terminal_id, epoch, business_date, kind, receipt_no}; }
  static const Table<ReceiptNumberRow>& table();

  std::int64_t terminal_id = 0;
  int epoch = 0;
  Day business_date = 0;
  ReceiptKind kind = ReceiptKind::kSale;
  std::string receipt_no;
  std::int64_t id = 0;
};
struct FiscalNumberRow {
  using Key = std::string;
  Key key() const { return fiscal_key; }
  static const Table<FiscalNumberRow>& table();

  std::string fiscal_key;
  std::int64_t id = 0;
};

struct ReceiptLineRow {
  using Key = std::tuple<std::int64_t, std::int64_t>;
  using Prefix = std::int64_t;
  Key key() const { return {receipt_id, line_no}; }
  static const Table<ReceiptLineRow>& table();

  std::int64_t receipt_id = 0;
  std::int64_t line_no = 0;  // from 1
  Line line;
  std::int64_t returned_quantity = 0;  // millionths, of all returns so far
  Minor returned_amount = 0;
  int return_type = 0;                   // of a line that comes back; 0: it does not
  std::int64_t original_receipt_id = 0;  // which sale it was on; 0: not known
  std::string original_line_id;
  Minor money_off = 0;  // of discounts and points, its share
};

// What a receipt causes that is not the base rule's: a kind knows how it is applied, returned, reversed.
struct EffectRow {
  using Key = std::tuple<std::int64_t, std::int64_t>;
  using Prefix = std::int64_t;
  Key key() const { return {receipt_id, effect_seq}; }
  static const Table<EffectRow>& table();

  std::int64_t receipt_id = 0;
  std::int64_t effect_seq = 0;  // from 1
  std::string line_id;          // empty: of the whole receipt
  int kind = 0;
  std::string rule;
  std::int64_t rule_version = 0;
  std::int64_t wanted = 0;     // what the rule would have given
  std::int64_t amount = 0;     // what was given
  std::string target;          // what it is about: a code, a budget, a card; empty: none
  std::int64_t entry_seq = 0;  // the entry that books it; 0: none
  int state = 1;
};

// The digest of lines in the order of their numbers, without what returns change.
class LineDigest {
 public:
  explicit LineDigest(const KeySet& keys) : digest_(keys.seal) {}
  void Add(const ReceiptLineRow& row);
  Bytes Finish() { return digest_.Finish(); }

 private:
  Digest digest_;
};

// The parts of a receipt that are kept as one text, because nothing ever searches in them. Empty when there is nothing
// to keep.
std::string PaymentsText(const Receipt& receipt);  // [{"kind":2,"amount":500,"redemption":"..."}]
std::string FiscalText(const Receipt& receipt);    // {"scheme":"...","serial":"...",...}
std::string FiscalKey(const Receipt& receipt);

}  // namespace loyalty::storage
