// Reads of a batch: set-based, a fixed number of statements for the kinds of keys asked for.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "storage/exchange.h"
#include "storage/working_set.h"

namespace loyalty::storage {

// These add their reads to an exchange and fill the set when it runs; without keys they add nothing.

// Identifiers by normalised key; those not found get member_id 0. Plain read.
void LoadIdentifiers(Exchange& exchange, const std::set<std::string>& keys, WorkingSet& set);

// Ids of members by public id, into member_ids. Plain read.
void LoadMemberIds(Exchange& exchange, const std::set<std::int64_t>& public_ids, WorkingSet& set);

// Redemptions by id. `lock`: FOR UPDATE, after the members.
void LoadRedemptions(Exchange& exchange, const std::set<std::int64_t>& ids, bool lock, WorkingSet& set);

// Locks members in ascending order and reads their rows.
void LockMembers(Exchange& exchange, const std::set<std::int64_t>& ids, WorkingSet& set);
// Names to greet, of members that LockMembers of the same exchange reads.
void LoadGreetings(Exchange& exchange, const std::set<std::int64_t>& ids, WorkingSet& set);

// Stored answers by request id.
void LoadRequests(Exchange& exchange, const std::set<std::string>& request_ids, WorkingSet& set);

// Receipts by natural or fiscal key.
void LoadReceipts(Exchange& exchange, const std::set<std::string>& keys, bool fiscal, WorkingSet& set);

using MemberOnDay = std::pair<std::int64_t, Day>;

// Rows of member_statistics of members that were locked before, or earlier in the exchange.
void LoadStatistics(Exchange& exchange, const std::set<std::int64_t>& member_ids, WorkingSet& set);

// The given purchase days of such members.
void LoadPurchases(Exchange& exchange, const std::set<MemberOnDay>& days, WorkingSet& set);

// The neighbours of those days, where they lie inside a gap. After LoadPurchases has run.
void LoadNeighbours(Exchange& exchange, const std::set<MemberOnDay>& days, WorkingSet& set);

// The allocations of the redemptions' burns. After LoadRedemptions has run.
void LoadAllocations(Exchange& exchange, const std::set<std::int64_t>& redemption_ids, WorkingSet& set);

// These run at once, one statement after the other, and throw Failure; without keys they do nothing.

// Lots that fall due, for members whose next_due_time has come: at most kDueLots each, lots_horizon says how far; or
// all.
void LoadDueLots(Session& session, const std::vector<std::int64_t>& member_ids, bool all, WorkingSet& set);

// Lots to spend `needed` points from, in burn order: kBurnLots of each member first, all where those do not suffice.
void LoadBurnLots(Session& session, const std::map<std::int64_t, Points>& needed, WorkingSet& set);

// The lots that the redemptions' allocations name.
void LoadAllocatedLots(Session& session, const std::set<std::int64_t>& redemption_ids, WorkingSet& set);

inline constexpr int kDueLots = 1'000;
inline constexpr int kBurnLots = 64;

}  // namespace loyalty::storage
