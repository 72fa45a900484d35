// The points ledger of one member: four numbers, the entries that made them, the lots they lie in.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/money.h"
#include "domain/time.h"

namespace loyalty {

// Stored by number: never renumber.
enum class EntryType : std::uint8_t {
  kEarn = 1,
  kActivate = 2,
  kCancelPending = 3,
  kBurn = 4,
  kBurnRestore = 5,
  kHold = 6,
  kHoldRelease = 7,
  kHoldCapture = 8,
  kExpire = 9,
  kEarnReversal = 10,
  kDebtOpen = 11,
  kDebtSettle = 12,
  kAdjust = 13,
  kTransferIn = 14,
  kTransferOut = 15,
  kMergeIn = 16,
  kMergeOut = 17,
};

// What an entry adds to each of the four numbers of a member. Also the numbers themselves.
struct Balances {
  Points available = 0;
  Points pending = 0;
  Points held = 0;
  Points debt = 0;

  friend bool operator==(const Balances&, const Balances&) = default;
  Balances& operator+=(const Balances& delta);
};

// The table of docs/ARCHITECTURE.md, "four numbers". `points` > 0; `pending` says for kEarn and kEarnReversal that the
// points are pending ones. kAdjust takes a signed number; kMergeIn and kMergeOut are written from the balances moved.
Balances DeltaOf(EntryType type, Points points, bool pending = false);

// Why an entry is written; copied into every entry of a command.
struct Cause {
  std::string request_id;              // empty for what time has made due
  std::int64_t receipt_id = 0;         // 0: none
  std::int64_t terminal_id = 0;        // 0: none
  std::string operator_id;             // pseudonymous, may be empty
  Instant business_time = 0;           // the till's
  Instant record_time = 0;             // the server's
  std::int64_t catalogue_version = 0;  // 0: no rule decided
};

// One entry. Never changes once it is written. `seq` counts from 1 without a gap, per member.
struct Entry {
  std::int64_t seq = 0;
  EntryType type = EntryType::kEarn;
  Balances delta;
  std::int64_t lot_seq = 0;      // 0: none, or several (then allocations say which)
  std::int64_t reversal_of = 0;  // seq of the entry it reverses; 0: none
  std::int64_t group_id = 0;     // entries that belong together, such as a merge; 0: none
  Cause cause;
  std::string mac;  // set by SealChain
};

enum class LotState : std::uint8_t { kPending = 1, kActive = 2, kExhausted = 3, kExpired = 4, kCancelled = 5 };

// Points that were earned together. Named by the seq of the entry that made it, so a lot needs no id of its own.
struct Lot {
  std::int64_t seq = 0;
  LotState state = LotState::kActive;
  EntryType origin = EntryType::kEarn;
  Points points = 0;     // at the start
  Points remaining = 0;  // held ones included
  Points held = 0;
  Instant activate_time = 0;
  Instant expire_time = kNever;
  std::int64_t restored_from = 0;  // for a grace lot: the lot its points came from; 0: none
  std::int64_t receipt_id = 0;
  std::int64_t catalogue_version = 0;
  bool is_new = false;   // not stored yet
  bool changed = false;  // stored, to be written again

  // When something falls due for it: activation, expiry, or never.
  Instant due_time() const;
  // Points that can be spent now.
  Points spendable() const { return state == LotState::kActive ? remaining - held : 0; }
};

enum class AllocationKind : std::uint8_t { kBurn = 1, kRestore = 2, kSettle = 3, kClawback = 4, kHold = 5 };

// How many points an entry took from (or, for kRestore, gave back to) a lot.
struct Allocation {
  std::int64_t entry_seq = 0;
  std::int64_t lot_seq = 0;
  AllocationKind kind = AllocationKind::kBurn;
  Points points = 0;  // > 0
};

// The ledger of one member as a batch works on it: what was loaded, and what is to be written.
struct Account {
  std::string member_name;  // 16 hexadecimal digits: the member's public id
  Balances balance;
  std::int64_t seq = 0;  // of the last entry
  Instant next_due_time = kNever;
  std::string chain_head;  // MAC of the last entry; empty before the first
  std::vector<Lot> lots;   // loaded ones and new ones, in no order
  // Every lot that is not loaded falls due at or after this instant.
  Instant lots_horizon = kNever;
  std::vector<Entry> entries;           // new
  std::vector<Allocation> allocations;  // new

  Lot* FindLot(std::int64_t lot_seq);
};

// Orders lots as they are burnt: earliest expiry, then earliest activation, then oldest. First expiring, first out.
bool BurnsBefore(const Lot& a, const Lot& b);

// Books earned points as a new lot: available at once when activate_time <= cause.record_time, else pending. What is
// available settles debt first. points in 1..kPointsMax. Returns the part that settled debt. Errors: kOverflow.
Result<Points> Earn(Account& account, Points points, Instant activate_time, Instant expire_time, const Cause& cause);

// Spends available points from the lots in burn order; the lots must be loaded as far as needed. Returns the seq of
// the entry. Nothing changes on an error. Errors, in this order: kInvalidArgument (points < 1), kInsufficientPoints,
// kInternal (the lots do not bear out the balance).
Result<std::int64_t> Burn(Account& account, Points points, const Cause& cause);

// What RestoreBurn did.
struct Restored {
  Points points = 0;        // all
  Points in_grace = 0;      // to grace lots, because their expiry had passed
  Points debt_settled = 0;  // of all
};

// Gives a burn back to the lots it came from, with their first expiry; what has expired since goes to a new lot that
// lives until grace_expire_time. Settles debt first. `burnt` are the allocations of the burn, its lots are loaded.
// The caller makes sure that a burn is restored once.
Restored RestoreBurn(Account& account, std::int64_t burn_seq, const std::vector<Allocation>& burnt,
                     Instant grace_expire_time, const Cause& cause);

// Writes what time has made due up to `now` (activations, expiries), in the order in which it fell due, and sets
// next_due_time. Lots due up to `now` are loaded, or lots_horizon says how far; then next_due_time <= now says that
// more must be loaded and settled. A repeat changes nothing.
void SettleDue(Account& account, Instant now);

// --- The chain ---

// Key of the entry chain, 32 bytes.
using ChainKey = std::array<unsigned char, 32>;

// MAC of an entry that follows `previous_mac`: HMAC-SHA-256 over ids and numbers only, first 16 bytes as hexadecimal.
std::string EntryMac(std::string_view member_name, const Entry& entry, std::string_view previous_mac,
                     const ChainKey& key);

// Sets the MAC of every new entry and the head. Once, when no further entry follows.
void SealChain(Account& account, const ChainKey& key);

}  // namespace loyalty
