// What points from the ledger to receipts, commands and redemptions, and how members have moved.
#include <set>

#include "storage/read_table.h"
#include "storage/tables/moves.h"
#include "storage/tables/redemptions.h"
#include "storage/verify_parts.h"

namespace loyalty::storage {
namespace {

using Id = std::int64_t;

// An entry names a row that names it among its own.
const SetStatement& EntriesOfNobody() {
  static const auto kStatement = SetStatement::SelectEach<Id, Id>(
      "SELECT e.member_id, e.seq FROM entries e LEFT JOIN receipts r ON r.id = e.receipt_id "
      "LEFT JOIN commands c ON c.id = e.command_id WHERE e.member_id > ? AND e.member_id <= ? AND "
      "((e.receipt_id IS NOT NULL AND (r.id IS NULL OR r.member_id IS NULL OR r.member_id <> e.member_id OR "
      "e.seq < r.entry_seq OR e.seq >= r.entry_seq + r.entry_count)) OR "
      "(e.command_id IS NOT NULL AND (c.id IS NULL OR c.member_id IS NULL OR c.member_id <> e.member_id OR "
      "e.seq < c.entry_seq OR e.seq >= c.entry_seq + c.entry_count))) ORDER BY e.member_id, e.seq LIMIT 1");
  return kStatement;
}

// A redemption that was used names a receipt of its member.
const SetStatement& RedemptionsOfNoReceipt() {
  static const auto kStatement = SetStatement::SelectEach<Id, Id>(
      "SELECT r.member_id, r.id FROM redemptions r LEFT JOIN receipts t ON t.id = r.receipt_id AND "
      "t.member_id = r.member_id WHERE r.member_id > ? AND r.member_id <= ? AND r.receipt_id IS NOT NULL AND "
      "t.id IS NULL ORDER BY r.member_id, r.id LIMIT 1");
  return kStatement;
}

// State 1 stands for redeemed, 2 for cancelled; types 4 and 5 for the burn and what gave it back.
const SetStatement& WrongRedemptions() {
  static const auto kStatement = SetStatement::SelectEach<Id, Id, Id, Id>(
      "SELECT r.member_id, r.id FROM redemptions r "
      "LEFT JOIN entries e ON e.member_id = r.member_id AND e.seq = r.entry_seq "
      "LEFT JOIN (SELECT member_id, reversal_of, SUM(available_delta) AS points FROM entries "
      "WHERE member_id > ? AND member_id <= ? AND type = 5 GROUP BY member_id, reversal_of) b "
      "ON b.member_id = r.member_id AND b.reversal_of = r.entry_seq "
      "WHERE r.member_id > ? AND r.member_id <= ? AND (e.seq IS NULL OR e.type <> 4 OR -e.available_delta <> r.points "
      "OR "
      "COALESCE(b.points, 0) <> CASE r.state WHEN 2 THEN r.points ELSE 0 END OR "
      "COALESCE((SELECT SUM(s.amount) FROM redemption_shares s WHERE s.redemption_id = r.id), r.value) <> r.value) "
      "ORDER BY r.member_id, r.id LIMIT 1");
  return kStatement;
}

}  // namespace

std::string VerifyLinks(Session& session, const ProgramKeys& keys, const VerifyChunk& chunk) {
  static const auto kRedemptions = SetStatement::SelectEach<Id, Id>(
      RedemptionRow::table().select() + " WHERE member_id > ? AND member_id <= ? ORDER BY id");
  static const auto kBurns = SetStatement::SelectEach<Id, Id>(
      "SELECT member_id, seq FROM entries WHERE member_id > ? AND member_id <= ? AND type = 4 ORDER BY member_id, seq");
  std::string difference;
  session.Read(EntriesOfNobody(), Rows::Of(chunk.from, chunk.to), [&](Id member_id, Id seq) {
    difference = "entries " + chunk.Name(member_id, "/entries/", seq) + ": what caused it does not say so";
  });
  if (!difference.empty()) return difference;
  const auto name = [&](Id member_id, Id id) {
    return "redemptions " + chunk.Name(member_id) + "/redemptions/" +
           PublicName(Disguise(keys.names, NameOf::kRedemption, id));
  };
  std::set<std::pair<Id, Id>> burns;  // by member and entry
  for (const auto& row : ReadRows<RedemptionRow>(session, kRedemptions, Rows::Of(chunk.from, chunk.to))) {
    if (!RedemptionRow::table().IsIntact(row, {}, keys))
      return name(row.member_id, row.id) + ": its seal does not fit: it was changed";
    burns.emplace(row.member_id, row.entry_seq);
  }
  session.Read(kBurns, Rows::Of(chunk.from, chunk.to), [&](Id member_id, Id seq) {
    if (difference.empty() && !burns.contains({member_id, seq}))
      difference = "redemptions of entries " + chunk.Name(member_id, "/entries/", seq) + ": it is gone";
  });
  if (!difference.empty()) return difference;
  session.Read(WrongRedemptions(), Rows::Of(chunk.from, chunk.to, chunk.from, chunk.to), [&](Id member_id, Id id) {
    difference = name(member_id, id) + ": the ledger does not burn or give back what it says";
  });
  if (!difference.empty()) return difference;
  session.Read(RedemptionsOfNoReceipt(), Rows::Of(chunk.from, chunk.to), [&](Id member_id, Id id) {
    difference = name(member_id, id) + ": the receipt that used it is gone, or not its member's";
  });
  return difference;
}

std::string VerifyMemberRows(const ProgramKeys& keys, const VerifyChunk& chunk) {
  for (const auto& [id, member] : chunk.members) {
    const Balances& balance = member.balance;
    if (!MemberRow::table().IsIntact(member, {}, keys))
      return "members " + chunk.Name(id) + ": its seal does not fit: who it is or where it stands was changed";
    if (balance.available < 0 || balance.pending < 0 || balance.held < 0 || balance.debt < 0)
      return "members " + chunk.Name(id) + ": a balance is negative";
    if (balance.debt > 0 && balance.available > 0)
      return "members " + chunk.Name(id) + ": debt beside available points";
  }
  return "";
}

std::string VerifyMoves(Session& session, const ProgramKeys& keys, const VerifyChunk& chunk) {
  static const auto kMoves = SetStatement::SelectEach<Id, Id>(
      TransitionRow::table().select() + " WHERE member_id > ? AND member_id <= ? ORDER BY member_id, seq");
  std::map<Id, TransitionRow> last;
  for (auto& row : ReadRows<TransitionRow>(session, kMoves, Rows::Of(chunk.from, chunk.to))) {
    const std::string name = "lifecycle_transitions " + chunk.Name(row.member_id, "/transitions/", row.seq);
    if (!TransitionRow::table().IsIntact(row, {}, keys)) return name + ": its seal does not fit: it was changed";
    const auto before = last.find(row.member_id);
    const bool follows = before == last.end()
                             ? row.seq == 1
                             : row.seq == before->second.seq + 1 && row.transition.from == before->second.transition.to;
    if (!follows) return name + ": does not follow on the one before";
    last[row.member_id] = std::move(row);
  }
  for (const auto& [id, member] : chunk.members) {
    const auto at = last.find(id);
    const std::int64_t moves = at == last.end() ? 0 : at->second.seq;
    if (moves != member.transitions)
      return "lifecycle_transitions " + chunk.Name(id) + ": " + std::to_string(moves) + " moves, the member counts " +
             std::to_string(member.transitions);
    if (at != last.end() && !(at->second.transition.to == member.lifecycle.standing))
      return "members " + chunk.Name(id) + ": does not stand where its last move led";
    if (at != last.end()) last.erase(at);
  }
  if (!last.empty()) return "lifecycle_transitions " + chunk.Name(last.begin()->first) + ": there is no such member";
  return "";
}

}  // namespace loyalty::storage
