// The rows that one scan writes, made from those that the server wrote for one: same tables, same columns, same sizes.
// The seal of a block of ids is not among them: the server writes it once for each batch.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/raw_database.h"

namespace loyalty::test {

// Where a member stands; the reference programs count on from there.
struct MemberState {
  std::int64_t id = 0, public_id = 0, seq = 0, version = 0, available = 0;
  std::int64_t receipts = 0, amount = 0;
};

// One scan: a member and what it is numbered.
struct ScanNumbers {
  std::int64_t number = 0;  // unique in this database
  MemberState member;       // after the scan
};

// What a copy holds where the original has a value of its own.
enum class Own : std::uint8_t {
  kNumber,
  kNumberText,
  kRequestId,
  kMemberId,
  kPublicId,
  kSeq,
  kVersion,
  kAvailable,
  kReceipts,
  kAmount,
};

// A table that a scan writes, and how.
struct ScanTable {
  std::string name;
  std::vector<std::string> columns;
  std::vector<std::string> keys;                       // of an upsert; empty: insert
  std::vector<std::vector<storage::Cell>> rows;        // of the scan it is copied from
  std::vector<std::pair<std::size_t, Own>> overrides;  // column, what it holds instead
};

// The request id of a copy.
Bytes RequestIdOf(std::int64_t number);
// As bytes stand in a statement of either engine.
std::string Literal(const Bytes& bytes);

class ScanRows {
 public:
  // Of the last receipt in the database.
  explicit ScanRows(RawDatabase& database);

  const std::vector<ScanTable>& tables() const { return tables_; }
  const std::vector<MemberState>& members() const { return members_; }
  // The rows of one scan for one table, added to a writer.
  void Write(const ScanTable& table, const ScanNumbers& scan, RowWriter& writer) const;
  // What the scan does to a member.
  void Advance(MemberState& member) const;

 private:
  std::vector<ScanTable> tables_;
  std::vector<MemberState> members_;
  std::int64_t points_ = 0, amount_ = 0;  // of the scan it is copied from
};

// Every scan must have left the same rows in each table, whoever wrote it, and each member the balance that his entries
// make. Throws std::runtime_error when `database` holds anything else, and says where and whose work it was.
void DemandRows(RawDatabase& database, const std::string& who, std::int64_t lines_of_a_receipt = 2);

}  // namespace loyalty::test
