// The points ledger of one member: four numbers, the entries that made them, the lots they lie in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/bytes.h"
#include "domain/keys.h"
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
  kSale = 18,  // a receipt that earned nothing: the member's log holds every sale
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

// Why an entry is written; copied into every entry of a command. Receipt and command name the row that says who did it;
// neither: time has made it due.
struct Cause {
  std::int64_t receipt_id = 0;         // 0: none
  std::int64_t command_id = 0;         // 0: none
  Instant business_time = 0;           // the till's
  Instant record_time = 0;             // the server's
  std::int64_t catalogue_version = 0;  // 0: no rule decided
};

// What a sale adds to the member's purchases.
struct SaleFacts {
  Day day = 0;         // its business day
  Minor amount = 0;    // of the goods
  Minor discount = 0;  // of these goods

  friend bool operator==(const SaleFacts&, const SaleFacts&) = default;
};

// When the points of a lot may be spent: [activate_time, expire_time).
struct LotTerms {
  Instant activate_time = 0;
  Instant expire_time = kNever;

  friend bool operator==(const LotTerms&, const LotTerms&) = default;
};

// One entry. Never changes once it is written. `seq` counts from 1 without a gap, per member.
struct Entry {
  std::int64_t seq = 0;
  EntryType type = EntryType::kEarn;
  Balances delta;
  std::int64_t lot_seq = 0;        // 0: none, or several (then allocations say which)
  std::optional<LotTerms> terms;   // of an entry that makes or activates a lot
  std::int64_t restored_from = 0;  // the lot whose points it gives back to a new one; 0: none
  std::int64_t reversal_of = 0;    // seq of the entry it reverses; 0: none
  std::int64_t group_id = 0;       // entries that belong together, such as a merge; 0: none
  Cause cause;
  std::optional<SaleFacts> sale;  // of the first entry of a receipt that is a purchase
  Bytes mac;                      // set by SealChain
};

enum class LotState : std::uint8_t { kPending = 1, kActive = 2, kExhausted = 3, kExpired = 4, kCancelled = 5 };

// Points that were earned together. Named by the seq of the entry that made it, so a lot needs no id of its own.
struct Lot {
  std::int64_t seq = 0;
  LotState state = LotState::kActive;
  Points remaining = 0;  // held ones included
  Points held = 0;
  LotTerms terms;

  // When something falls due for it: activation, expiry, or never.
  Instant due_time() const;
  // Points that can be spent now.
  Points spendable() const { return state == LotState::kActive ? remaining - held : 0; }
};

// Points that expire together.
struct ExpiringPoints {
  Instant expire_time = 0;
  Points points = 0;
};

enum class AllocationKind : std::uint8_t { kBurn = 1, kRestore = 2, kSettle = 3, kClawback = 4, kHold = 5 };

// How many points an entry took from (or, for kRestore, gave back to) a lot. The terms of the lot are repeated, so that
// it can be opened again when nothing else is left of it.
struct Allocation {
  std::int64_t entry_seq = 0;
  std::int64_t lot_seq = 0;
  AllocationKind kind = AllocationKind::kBurn;
  Points points = 0;  // > 0
  LotTerms terms;
};

// The ledger of one member as a command works on it: what was loaded, and what is to be written.
struct Account {
  std::string member_name;  // 16 hexadecimal digits: the member's public id
  Balances balance;
  std::int64_t seq = 0;     // of the last entry
  Instant record_time = 0;  // of the last entry: it never falls, whatever the clock does
  Instant next_due_time = kNever;
  std::vector<Lot> lots;  // loaded ones and new ones, in no order
  // Every lot that is not loaded falls due at or after this instant.
  Instant lots_horizon = kNever;
  std::vector<Entry> entries;           // new
  std::vector<Allocation> allocations;  // new

  Lot* FindLot(std::int64_t lot_seq);
};

// Orders lots as they are burnt: earliest expiry, then earliest activation, then oldest. First expiring, first out.
bool BurnsBefore(const Lot& a, const Lot& b);

// Books earned points as a new lot: available at once when activate_time <= cause.record_time, else pending. What is
// available settles debt first. points in 1..kPointsMax. `sale` stands in the entry. Returns the part that settled
// debt. Errors: kOverflow.
Result<Points> Earn(Account& account, Points points, const LotTerms& terms, const Cause& cause,
                    const std::optional<SaleFacts>& sale = {});

// Books a receipt that earned nothing.
void NoteSale(Account& account, const Cause& cause, const std::optional<SaleFacts>& sale);

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
// lives until grace_expire_time. Settles debt first. `burnt` are the allocations of the burn; those of its lots that
// are still open are loaded. The caller makes sure that a burn is restored once.
Restored RestoreBurn(Account& account, std::int64_t burn_seq, const std::vector<Allocation>& burnt,
                     Instant grace_expire_time, const Cause& cause);

// Writes what time has made due up to `now` (activations, expiries), in the order in which it fell due, and sets
// next_due_time. Lots due up to `now` are loaded, or lots_horizon says how far; then next_due_time <= now says that
// more must be loaded and settled. A repeat changes nothing.
void SettleDue(Account& account, Instant now);

// --- The chain ---

// Seal of an entry that follows `previous`: 16 bytes of keyed BLAKE2b over ids and numbers only, behind the version of
// the encoding and the id of the key.
Bytes EntryMac(std::string_view member_name, const Entry& entry, const Bytes& previous, const KeySet& keys);

}  // namespace loyalty
