// The hot row of a member: what every sale reads and writes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "domain/ledger.h"
#include "retention/summary.h"
#include "retention/transition.h"
#include "storage/names.h"
#include "storage/table.h"

namespace loyalty::storage {

// Stored by number: never renumber.
enum class MemberState : std::uint8_t { kActive = 1, kBlocked = 2, kMerged = 3, kErased = 4 };

// Balances, statistics and standing are caches: of the entries, and of the moves. The seal covers what cannot be
// computed anew: who the member is, and where it stands.
struct MemberRow {
  using Key = std::int64_t;
  Key key() const { return id; }
  static const Table<MemberRow>& table();

  std::int64_t id = 0;
  std::int64_t public_id = 0;
  MemberState state = MemberState::kActive;
  bool anonymous = true;
  std::string language;
  std::string greeting;          // in clear: the till prints it; empty: none
  int birthday = 0;              // month * 32 + day, without the year; 0: not known
  std::int64_t store_id = 0;     // where it was enrolled; 0: none
  std::int64_t created_by = 0;   // the principal that made it
  std::int64_t merged_into = 0;  // 0: not merged
  Instant create_time = 0;

  Balances balance;
  Instant next_due_time = kNever;
  std::int64_t seq = 0;     // of the last entry
  Instant record_time = 0;  // of the last entry
  std::int64_t version = 1;
  Bytes chain_head;  // seal of the last entry

  retention::MemberSummary summary;
  std::int64_t unlinked_returns = 0;
  std::vector<retention::MemberDay> recent_days;  // the newest purchase days, ascending (days.h)
  retention::LifecycleState lifecycle;
  std::int64_t transitions = 0;  // rows of lifecycle_transitions

  Bytes seal;

  std::string name() const { return PublicName(public_id); }
};

// A member by its public name.
struct MemberNameRow {
  using Key = std::int64_t;
  Key key() const { return public_id; }
  static const Table<MemberNameRow>& table();

  std::int64_t public_id = 0;
  std::int64_t id = 0;
};

// The numbers of years of a summary's quarters as one number.
std::int64_t PackYears(const retention::MemberSummary& summary);
void UnpackYears(std::int64_t packed, retention::MemberSummary& summary);

}  // namespace loyalty::storage
