#include "storage/verify.h"

#include "storage/read_table.h"
#include "storage/read_transaction.h"
#include "storage/verify_parts.h"

namespace loyalty::storage {
namespace {

// Members at a time: what they had fits into memory, and a statement stays far from its time limit.
constexpr int kMembersAtOnce = 256;

VerifyChunk ReadChunk(Session& session, std::int64_t after, std::int64_t last) {
  static const auto kMembers = SetStatement::SelectEach<std::int64_t, std::int64_t, int>(
      MemberRow::table().select() + " WHERE id > ? AND id <= ? ORDER BY id LIMIT ?");
  VerifyChunk chunk;
  chunk.from = chunk.to = after;
  for (MemberRow& member : ReadRows<MemberRow>(session, kMembers, Rows::Of(after, last, kMembersAtOnce))) {
    chunk.to = std::max(chunk.to, member.id);
    chunk.members.emplace(member.id, std::move(member));
  }
  return chunk;
}

// All members in chunks, or the one with this id, until `check(chunk, report)` finds a difference.
template <typename Check>
void VerifyMembers(Session& session, std::optional<std::int64_t> only, const VerifyProgress& progress,
                   VerifyReport& report, Check check) {
  std::int64_t after = only ? *only - 1 : -1;
  const std::int64_t last = only ? *only : kNever;
  while (true) {
    const ReadTransaction transaction(session);
    VerifyChunk chunk = ReadChunk(session, after, last);
    const bool last_chunk = chunk.members.empty();
    if (last_chunk && only) return;
    if (last_chunk) chunk.to = last;  // what hangs below members that are not there
    report.first_difference = check(chunk, report);
    report.members += static_cast<std::int64_t>(chunk.members.size());
    if (last_chunk || !report.first_difference.empty()) return;
    after = chunk.to;
    if (!progress(report)) {
      report.interrupted = true;
      return;
    }
  }
}

}  // namespace

std::string VerifyChunk::Name(std::int64_t member_id, const char* kind, std::int64_t key) const {
  const auto at = members.find(member_id);
  std::string name = at == members.end() ? "id " + std::to_string(member_id) : "members/" + at->second.name();
  return key == 0 ? name : name + kind + std::to_string(key);
}

std::int64_t RowsToVerify(Session& session) {
  std::int64_t rows = 0;
  for (const char* count : {"SELECT COUNT(*) FROM members", "SELECT COUNT(*) FROM receipts"})
    session.Read(count, [&rows](std::int64_t found) { rows += found; });
  return rows;
}

VerifyReport VerifyLedger(Session& session, const ProgramKeys& keys, std::optional<std::int64_t> only,
                          const std::optional<ProgramSeal>& since, const VerifyProgress& progress) {
  VerifyReport report;
  if (!only) {
    report.first_difference = VerifySeals(session, keys, since, report, progress);
    if (report.interrupted || !report.first_difference.empty()) return report;
  }
  VerifyMembers(session, only, progress, report, [&](const VerifyChunk& chunk, VerifyReport& counts) {
    std::string difference = VerifyMemberRows(keys, chunk);
    if (difference.empty()) difference = VerifyEntries(session, keys, chunk, false, counts);
    if (difference.empty()) difference = VerifyLinks(session, keys, chunk);
    if (difference.empty()) difference = VerifyMoves(session, keys, chunk);
    return difference;
  });
  if (only || report.interrupted || !report.first_difference.empty()) return report;
  report.first_difference = VerifyIdentifiers(session, keys);
  if (report.first_difference.empty()) report.first_difference = VerifyProgram(session, keys);
  return report;
}

VerifyReport VerifyStatistics(Session& session, const ProgramKeys& keys, std::optional<std::int64_t> only,
                              const VerifyProgress& progress) {
  VerifyReport report;
  VerifyMembers(session, only, progress, report, [&](const VerifyChunk& chunk, VerifyReport& counts) {
    return VerifyEntries(session, keys, chunk, true, counts);
  });
  return report;
}

}  // namespace loyalty::storage
