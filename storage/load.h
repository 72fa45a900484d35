// Reads of a batch: set-based, a fixed number of statements for the kinds of keys asked for.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "storage/session.h"
#include "storage/working_set.h"

namespace loyalty::storage {

// All of these throw Failure, and do nothing for an empty set of keys.

// Identifiers by normalised key; those not found get member_id 0. Plain read.
void LoadIdentifiers(Session& session, const std::set<std::string>& keys, WorkingSet& set);

// Ids of members by public id, into member_ids. Plain read.
void LoadMemberIds(Session& session, const std::set<std::int64_t>& public_ids, WorkingSet& set);

// Redemptions by id, with the allocations of their burns. `lock`: FOR UPDATE, after the members.
void LoadRedemptions(Session& session, const std::set<std::int64_t>& ids, bool lock, WorkingSet& set);

// Locks members in ascending order and reads their rows and names to greet.
void LockMembers(Session& session, const std::set<std::int64_t>& ids, WorkingSet& set);

// Stored answers by request id.
void LoadRequests(Session& session, const std::set<std::string>& request_ids, WorkingSet& set);

// Receipts by natural or fiscal key.
void LoadReceipts(Session& session, const std::set<std::string>& keys, bool fiscal, WorkingSet& set);

// Summary rows and the given purchase days of members, with the neighbours of days inside a gap.
void LoadPurchases(Session& session, const std::set<std::pair<std::int64_t, Day>>& days, WorkingSet& set);

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
