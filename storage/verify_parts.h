// Parts of VerifyLedger; only its files include this. Each returns the first difference it finds, or nothing, and adds
// to the counts.
#pragma once

#include <map>
#include <string>

#include "storage/tables/members.h"
#include "storage/verify.h"

namespace loyalty::storage {

// Members with from < id <= to, as stored.
struct VerifyChunk {
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::map<std::int64_t, MemberRow> members;

  // Name of a row that hangs below a member, for instance members/{name}/lots/3.
  std::string Name(std::int64_t member_id, const char* kind = "", std::int64_t key = 0) const;
};

// The members' own rows: seals, signs of balances.
std::string VerifyMemberRows(const ProgramKeys& keys, const VerifyChunk& chunk);
// Entries, allocations, lots, purchase days. `purchases_only`: days and statistics.
std::string VerifyEntries(Session& session, const ProgramKeys& keys, const VerifyChunk& chunk, bool purchases_only,
                          VerifyReport& report);
// What points from the ledger to receipts, commands and redemptions.
std::string VerifyLinks(Session& session, const ProgramKeys& keys, const VerifyChunk& chunk);
std::string VerifyMoves(Session& session, const ProgramKeys& keys, const VerifyChunk& chunk);

// Receipts and commands, block by block; and requests.
std::string VerifySeals(Session& session, const ProgramKeys& keys, const std::optional<ProgramSeal>& since,
                        VerifyReport& report, const VerifyProgress& progress);
// Identifiers, and what a program consists of beside its members.
std::string VerifyIdentifiers(Session& session, const ProgramKeys& keys);
std::string VerifyProgram(Session& session, const ProgramKeys& keys);

}  // namespace loyalty::storage
