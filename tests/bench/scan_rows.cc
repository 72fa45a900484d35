#include "tests/bench/scan_rows.h"

#include <fmt/format.h>

#include <map>
#include <stdexcept>

#include "storage/tables/requests.h"

namespace loyalty::test {
namespace {

using storage::Cell;

// By table and column. What is not here is copied.
const std::map<std::string, std::map<std::string, Own>>& Overrides() {
  static const std::map<std::string, std::map<std::string, Own>> kOverrides{
      {"members",
       {{"id", Own::kMemberId},
        {"public_id", Own::kPublicId},
        {"member_seq", Own::kSeq},
        {"version", Own::kVersion},
        {"available", Own::kAvailable},
        {"receipts", Own::kReceipts},
        {"amount", Own::kAmount}}},
      {"receipts",
       {{"id", Own::kNumber},
        {"receipt_no", Own::kNumberText},
        {"member_id", Own::kMemberId},
        {"entry_seq", Own::kSeq},
        {"request_id", Own::kRequestId}}},
      {"receipt_lines", {{"receipt_id", Own::kNumber}}},
      {"open_lots", {{"member_id", Own::kMemberId}, {"lot_seq", Own::kSeq}}},
      {"entries",
       {{"member_id", Own::kMemberId}, {"seq", Own::kSeq}, {"lot_seq", Own::kSeq}, {"receipt_id", Own::kNumber}}},
      {"requests", {{"request_id", Own::kRequestId}, {"receipt_id", Own::kNumber}}}};
  return kOverrides;
}

Cell ValueOf(Own what, const ScanNumbers& scan) {
  switch (what) {
    case Own::kNumber: return scan.number;
    case Own::kNumberText: return std::to_string(scan.number);
    case Own::kRequestId: return RequestIdOf(scan.number);
    case Own::kMemberId: return scan.member.id;
    case Own::kPublicId: return scan.member.public_id;
    case Own::kSeq: return scan.member.seq;
    case Own::kVersion: return scan.member.version;
    case Own::kAvailable: return scan.member.available;
    case Own::kReceipts: return scan.member.receipts;
    case Own::kAmount: return scan.member.amount;
  }
  return {};
}

}  // namespace

Bytes RequestIdOf(std::int64_t number) {
  return storage::PackRequestId(fmt::format("018f3c2e-9b4d-7a11-9000-{:012}", number));
}

std::string Literal(const Bytes& bytes) { return "X'" + Hex(bytes) + "'"; }

ScanRows::ScanRows(RawDatabase& database) {
  const auto last =
      database.Read("SELECT id, member_id, entry_seq, request_id, total FROM receipts ORDER BY id DESC LIMIT 1");
  if (last.empty()) throw std::runtime_error("there is no receipt to copy");
  const std::string receipt = std::to_string(last[0][0].number), member = std::to_string(last[0][1].number),
                    seq = std::to_string(last[0][2].number);
  const std::string entry = "member_id = " + member + " AND seq = " + seq;
  const auto add = [&](const std::string& name, const std::string& where, std::vector<std::string> keys) {
    ScanTable table{name,
                    database.ColumnsOf(name),
                    std::move(keys),
                    database.Read("SELECT * FROM " + name + " WHERE " + where),
                    {}};
    if (table.rows.empty()) throw std::runtime_error("the last scan wrote nothing to " + name);
    const auto& overrides = Overrides().at(name);
    for (std::size_t i = 0; i < table.columns.size(); ++i)
      if (const auto at = overrides.find(table.columns[i]); at != overrides.end())
        table.overrides.emplace_back(i, at->second);
    tables_.push_back(std::move(table));
  };
  add("members", "id = " + member, {"id"});
  add("receipts", "id = " + receipt, {});
  add("receipt_lines", "receipt_id = " + receipt, {});
  add("open_lots", "member_id = " + member + " AND lot_seq = " + seq, {});
  add("entries", entry, {});
  add("requests", "request_id = " + Literal(Bytes{last[0][3].text}), {});
  amount_ = last[0][4].number;
  points_ = database.Read("SELECT available_delta FROM entries WHERE " + entry)[0][0].number;
  for (const auto& row :
       database.Read("SELECT id, public_id, member_seq, version, available, receipts, amount FROM members"))
    members_.push_back(
        {row[0].number, row[1].number, row[2].number, row[3].number, row[4].number, row[5].number, row[6].number});
}

void ScanRows::Write(const ScanTable& table, const ScanNumbers& scan, RowWriter& writer) const {
  for (const auto& row : table.rows) {
    auto next = table.overrides.begin();
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool own = next != table.overrides.end() && next->first == i;
      writer.Add(own ? ValueOf((next++)->second, scan) : row[i]);
    }
    writer.EndRow();
  }
}

void ScanRows::Advance(MemberState& member) const {
  ++member.seq;
  ++member.version;
  ++member.receipts;
  member.available += points_;
  member.amount += amount_;
}

void DemandRows(RawDatabase& database, const std::string& who, std::int64_t lines_of_a_receipt) {
  const auto count = [&database](const std::string& what) {
    return database.Read("SELECT COUNT(*) FROM " + what)[0][0].number;
  };
  const std::int64_t scans = count("receipts");
  const std::int64_t members = count("members");
  const std::pair<const char*, std::int64_t> expected[] = {{"receipt_lines", lines_of_a_receipt * scans},
                                                           {"entries", scans},
                                                           {"open_lots", scans},
                                                           {"requests WHERE receipt_id IS NOT NULL", scans},
                                                           {"identifiers", members},
                                                           {"member_day", 0},
                                                           {"effects", 0},
                                                           {"pending_lots", 0},
                                                           {"allocations", 0}};
  for (const auto& [table, rows] : expected)
    if (const auto found = count(table); found != rows)
      throw std::runtime_error(
          fmt::format("{} has written {} rows to {} for {} scans, not {}", who, found, table, scans, rows));
  // What a member has is what its entries say, also when the rules are not run.
  const auto wrong = database.Read(
      "SELECT COUNT(*) FROM members m WHERE m.available <> (SELECT SUM(e.available_delta) FROM entries e WHERE "
      "e.member_id = m.id) OR m.member_seq <> (SELECT COUNT(*) FROM entries e WHERE e.member_id = m.id)");
  if (wrong[0][0].number != 0)
    throw std::runtime_error(fmt::format("{} has left {} members with a wrong balance", who, wrong[0][0].number));
}

}  // namespace loyalty::test
