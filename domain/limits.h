// Which limit a sale or a redemption would pass, and what proves who spends. Pure: what was counted comes in.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "domain/catalogue.h"
#include "domain/identifier.h"

namespace loyalty {

// Stored by number: never renumber. Named as the fields of the catalogue's Limits.
enum class Limit : std::uint8_t {
  kNone = 0,
  kPointsPerReceipt = 1,
  kEarningReceiptsPerMemberDay = 2,
  kPointsPerMemberDay = 3,
  kRedemptionsPerMemberDay = 4,
  kRedeemedPointsPerMemberDay = 5,
  kRedeemedPointsPerTerminalDay = 6,
  kLookupsPerTerminalMinute = 7,
  kRedeemedPointsPerStoreDay = 8,
  kRedeemedPointsPerOperatorDay = 9,
};
inline constexpr Limit kAllLimits[] = {
    Limit::kPointsPerReceipt,         Limit::kEarningReceiptsPerMemberDay, Limit::kPointsPerMemberDay,
    Limit::kRedemptionsPerMemberDay,  Limit::kRedeemedPointsPerMemberDay,  Limit::kRedeemedPointsPerTerminalDay,
    Limit::kLookupsPerTerminalMinute, Limit::kRedeemedPointsPerStoreDay,   Limit::kRedeemedPointsPerOperatorDay};

// What an alert about it is about; the numbers of loyalty.v1.AlertKind.
enum class AlertKind : std::uint8_t { kEarning = 1, kRedemption = 2, kLookup = 3 };
AlertKind KindOf(Limit limit);

// points_per_receipt and so on; empty for kNone. And back; kNone for what is none.
std::string_view NameOfLimit(Limit limit);
Limit LimitOf(std::string_view name);
// What it bounds; 0: nothing.
std::int64_t BoundOf(const Limits& limits, Limit limit);

// What a member's receipts of one business day have earned, those that earned nothing left out.
struct EarnedOfDay {
  std::int64_t receipts = 0;
  Points points = 0;
};

// What a member has spent in a day: redemptions with those that were cancelled, points without.
struct SpentOfDay {
  std::int64_t redemptions = 0;
  Points points = 0;
};

// The first limit, in the order of the fields, that a receipt passes which would earn so many points; kNone: none, or
// it earns nothing. Whoever passes one earns nothing: points are not cut to what is left.
Limit PassedBySale(const Limits& limits, const EarnedOfDay& before, Points points);

// Points of a day that count for a limit of a terminal, a store or an operator.
struct SpentUnder {
  Limit limit = Limit::kNone;
  Points points = 0;
};

// The same of a redemption of so many points: the member's limits, then those in `others` as they stand there. What it
// has not, has no part in the redemption.
Limit PassedByRedemption(const Limits& limits, const SpentOfDay& before, const std::vector<SpentUnder>& others,
                         Points points);

// Whether such an identifier proves at a till who spends these points; `spent`: the member's points of the day before
// them. A number that is printed on a card proves it up to `code_from` points a day, a phone number or an e-mail
// address never, a token of an app always.
bool Proves(IdentifierKind kind, Points code_from, Points spent, Points points);

}  // namespace loyalty
