// What limits count, told by the ledger itself: views over a member's newest entries, read with the batch under the
// member's lock. Nothing is kept of them, so nothing can differ from the ledger, and a sale writes no row more.
#pragma once

#include <string>
#include <tuple>

#include "domain/limits.h"
#include "domain/time.h"
#include "storage/table.h"

namespace loyalty::storage {

// What a member's receipts of a business day have earned. No entry of the day was recorded before `since`: a member's
// record times never fall, so that the view looks at the end of its log only.
struct EarnedOfDayRow {
  using Key = std::tuple<std::int64_t, Day, Instant>;
  using Prefix = std::int64_t;
  Key key() const { return {member_id, day, since}; }
  static const Table<EarnedOfDayRow>& table();

  std::int64_t member_id = 0;
  Day day = 0;
  Instant since = 0;
  EarnedOfDay earned;
};

// What a member has spent since: redemptions, and their points less what was given back of these.
struct SpentSinceRow {
  using Key = std::tuple<std::int64_t, Instant>;
  using Prefix = std::int64_t;
  Key key() const { return {member_id, since}; }
  static const Table<SpentSinceRow>& table();

  std::int64_t member_id = 0;
  Instant since = 0;
  SpentOfDay spent;
};

// What counts for a limit of a terminal, a store or an operator: spent since, and not cancelled. Under no lock: two
// servers may both count before either commits.
struct SpentUnderRow {
  using Key = std::tuple<Limit, std::int64_t, std::string, Instant>;
  Key key() const { return {limit, whose_id, operator_id, since}; }
  static const Table<SpentUnderRow>& table();

  Limit limit = Limit::kRedeemedPointsPerTerminalDay;
  std::int64_t whose_id = 0;  // the terminal, else the store; 0: in none
  std::string operator_id;    // of a limit of operators, who are their store's
  Instant since = 0;
  Points points = 0;
};

}  // namespace loyalty::storage
