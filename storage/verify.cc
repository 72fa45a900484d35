#include "storage/verify.h"

#include "storage/read_transaction.h"
#include "storage/verify_parts.h"
#include "storage/working_set.h"

namespace loyalty::storage {
namespace {

// Members at a time: their purchase days fit into memory, and a statement stays far from its time limit.
constexpr int kMembersAtOnce = 256;

const SetStatement kMembers = SetStatement::SelectEach(
    "SELECT id, public_id, available, pending, held, debt, member_seq, next_due_time, chain_head FROM members "
    "WHERE id > ? AND id <= ? ORDER BY id LIMIT ?",
    "iii", "iiiiiiiit");

VerifyChunk ReadChunk(Session& session, std::int64_t after, std::int64_t last) {
  VerifyChunk chunk;
  chunk.from = chunk.to = after;
  Rows rows(3);
  rows.Add(after, last, kMembersAtOnce);
  session.Read(kMembers, rows, [&chunk](const ResultRow& row) {
    VerifyChunk::Member member;
    member.name = PublicName(row.Number(1));
    member.balance = {row.Number(2), row.Number(3), row.Number(4), row.Number(5)};
    member.seq = row.Number(6);
    member.next_due_time = row.Number(7);
    member.chain_head = row.Text(8);
    chunk.members[row.Number(0)] = std::move(member);
    chunk.to = std::max(chunk.to, row.Number(0));
  });
  return chunk;
}

std::string VerifyBalances(const VerifyChunk& chunk) {
  for (const auto& [id, member] : chunk.members) {
    const Balances& balance = member.balance;
    if (balance.available < 0 || balance.pending < 0 || balance.held < 0 || balance.debt < 0)
      return "members " + chunk.Name(id) + ": a balance is negative";
    if (balance.debt > 0 && balance.available > 0)
      return "members " + chunk.Name(id) + ": debt beside available points";
  }
  return "";
}

}  // namespace

std::string VerifyChunk::Name(std::int64_t member_id, const char* kind, std::int64_t key) const {
  const auto at = members.find(member_id);
  std::string name = at == members.end() ? "id " + std::to_string(member_id) : "members/" + at->second.name;
  return key == 0 ? name : name + kind + std::to_string(key);
}

namespace {

// All members in chunks, or the one with this id, until `check(chunk, report)` finds a difference.
template <typename Check>
VerifyReport VerifyMembers(Session& session, std::optional<std::int64_t> only, const VerifyProgress& progress,
                           Check check) {
  VerifyReport report;
  std::int64_t after = only ? *only - 1 : -1;
  const std::int64_t last = only ? *only : kNever;
  while (true) {
    const ReadTransaction transaction(session);
    VerifyChunk chunk = ReadChunk(session, after, last);
    const bool last_chunk = chunk.members.empty();
    if (last_chunk && only) return report;
    if (last_chunk) chunk.to = last;  // what hangs below members that are not there
    report.first_difference = check(chunk, report);
    report.members += static_cast<std::int64_t>(chunk.members.size());
    if (last_chunk || !report.first_difference.empty()) return report;
    after = chunk.to;
    if (!progress(report)) {
      report.interrupted = true;
      return report;
    }
  }
}

}  // namespace

VerifyReport VerifyLedger(Session& session, const ChainKey& key, std::optional<std::int64_t> only,
                          const VerifyProgress& progress) {
  VerifyReport all = VerifyMembers(session, only, progress, [&](const VerifyChunk& chunk, VerifyReport& report) {
    std::string difference = VerifyBalances(chunk);
    if (difference.empty()) difference = VerifyEntries(session, key, chunk, report);
    if (difference.empty()) difference = VerifyLots(session, chunk, report);
    if (difference.empty()) difference = VerifyLinks(session, chunk);
    if (difference.empty()) difference = VerifyPurchases(session, chunk, report);
    return difference;
  });
  if (!only && !all.interrupted && all.first_difference.empty())
    session.Read("SELECT COUNT(*) FROM receipts WHERE member_id IS NULL", "i",
                 [&all](const ResultRow& row) { all.receipts += row.Number(0); });
  return all;
}

VerifyReport VerifyStatistics(Session& session, std::optional<std::int64_t> only, const VerifyProgress& progress) {
  return VerifyMembers(session, only, progress, [&](const VerifyChunk& chunk, VerifyReport& report) {
    return VerifyPurchases(session, chunk, report);
  });
}

}  // namespace loyalty::storage
