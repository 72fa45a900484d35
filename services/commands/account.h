// Between the rows of a working set and the plain account that the rules of the ledger work on.
#pragma once

#include "domain/ledger.h"
#include "services/commands/context.h"

namespace loyalty {

// The member's account with the lots that the set has of it.
Account AccountOf(const WorkingSet& set, const storage::MemberRow& member);

// When what a command does to a member is recorded: now, and never before the member's last entry, which a server may
// have written whose clock is ahead.
Instant RecordTimeOf(const Rules& rules, const storage::MemberRow& member);

// Writes an account back: numbers, lots, new entries and allocations.
void Keep(WorkingSet& set, const Account& account, storage::MemberRow& member);

// The same, and notes in the books which entries these are: `first`, `count`.
void Keep(WorkingSet& set, const Account& account, storage::MemberRow& member, std::int64_t& first,
          std::int64_t& count);

// What expires next, for a till to show: dates and points, at most kExpiringMax. The first lots in burn order tell it;
// they are read until enough dates are known to the last point, behind those that `burnt` points are taken from. Fewer
// are known where a command before it in the batch has burnt what was read. Nothing is read of a member that nothing is
// due of: whose points never expire.
inline constexpr int kExpiringMax = 5;
void NeedExpiring(std::int64_t member_id, const WorkingSet& set, const Rules& rules, Needs& needs, Points burnt = 0);
std::vector<ExpiringPoints> ExpiringOf(const WorkingSet& set, std::int64_t member_id, Points burnt = 0);

// Writes what time has made due by now for all members that the set holds and whose lots it knows.
void SettleAll(WorkingSet& set, Instant now);

// Seals the new entries of all members, each behind the one before. Once, when no further entry follows.
void SealEntries(WorkingSet& set, const ProgramKeys& keys);

}  // namespace loyalty
