#include "storage/receipt_reads.h"

#include <algorithm>

#include "storage/read_table.h"

namespace loyalty::storage {
namespace {

using Id = std::int64_t;

// The first rows of several lists that are each in order, as one list.
template <typename Row, typename Before>
std::vector<Row> FirstOf(std::vector<Row> rows, int limit, const Before& before) {
  std::sort(rows.begin(), rows.end(), before);
  if (static_cast<int>(rows.size()) > limit) rows.resize(static_cast<std::size_t>(limit));
  return rows;
}

template <typename Row>
std::vector<Row> ReadBelow(Session& session, Id parent) {
  Rows prefix(1);
  prefix.Add(parent);
  return ReadRows<Row>(session, Row::table().First(Reach::kAll), prefix);
}

}  // namespace

std::optional<ReceiptRow> FindReceipt(Session& session, std::int64_t id) { return ReadByKey<ReceiptRow>(session, id); }

std::optional<RedemptionRow> FindRedemption(Session& session, std::int64_t id) {
  return ReadByKey<RedemptionRow>(session, id);
}

std::vector<ReceiptLineRow> ReadReceiptLines(Session& session, std::int64_t receipt_id) {
  return ReadBelow<ReceiptLineRow>(session, receipt_id);
}

std::vector<RedemptionShareRow> ReadShares(Session& session, std::int64_t redemption_id) {
  return ReadBelow<RedemptionShareRow>(session, redemption_id);
}

std::vector<ReceiptRow> ReadReceiptsOf(Session& session, std::int64_t member_id, std::int64_t before_seq, int limit) {
  // No index of receipts by member is needed: each of them has written an entry.
  static const auto kReceipts = SetStatement::SelectEach<Id, Id, int>(
      ReceiptRow::table().select() +
      " WHERE id IN (SELECT receipt_id FROM (SELECT receipt_id, MIN(seq) AS seq FROM entries WHERE member_id = ? AND "
      "receipt_id IS NOT NULL GROUP BY receipt_id HAVING MIN(seq) < ? ORDER BY seq DESC LIMIT ?) AS newest)");
  return FirstOf(ReadRows<ReceiptRow>(session, kReceipts, Rows::Of(member_id, before_seq, limit)), limit,
                 [](const auto& a, const auto& b) { return a.entry_seq > b.entry_seq; });
}

std::vector<ReceiptRow> ReadReceiptsOfDay(Session& session, const std::vector<Numbering>& numberings, Day day,
                                          std::int64_t after, int limit) {
  static const auto kReceipts = SetStatement::SelectEach<Id, int, Day, Id, int>(
      ReceiptRow::table().select() +
      " WHERE terminal_id = ? AND epoch = ? AND business_date = ? AND id > ? ORDER BY id LIMIT ?");
  Rows arguments(5);
  for (const Numbering& numbering : numberings)
    arguments.Add(numbering.terminal_id, numbering.epoch, day, after, limit);
  if (numberings.empty()) return {};
  return FirstOf(ReadRows<ReceiptRow>(session, kReceipts, arguments), limit,
                 [](const auto& a, const auto& b) { return a.id < b.id; });
}

std::vector<RedemptionRow> ReadRedemptionsOf(Session& session, std::int64_t member_id, std::int64_t before, int limit) {
  static const auto kRedemptions = SetStatement::SelectEach<Id, Id, int>(
      RedemptionRow::table().select() + " WHERE member_id = ? AND id < ? ORDER BY id DESC LIMIT ?");
  return FirstOf(ReadRows<RedemptionRow>(session, kRedemptions, Rows::Of(member_id, before, limit)), limit,
                 [](const auto& a, const auto& b) { return a.id > b.id; });
}

std::map<Id, std::string> ReadAskers(Session& session, const std::vector<Id>& command_ids) {
  static const auto kAskers = SetStatement::SelectIn(
      "SELECT c.id, p.name FROM commands c JOIN principals p ON p.id = c.principal_id WHERE c.id", Type::kNumber);
  std::map<Id, std::string> names;
  Rows rows(1);
  for (const Id id : command_ids) rows.Add(id);
  session.Read(kAskers, rows, [&names](Id id, const std::string& name) { names[id] = name; });
  return names;
}

}  // namespace loyalty::storage
