#include "domain/limits.h"

namespace loyalty {
namespace {

// Nothing is bounded by 0. Sums of points stay far from 64 bits.
bool Passes(std::int64_t bound, std::int64_t count) { return bound > 0 && count > bound; }

}  // namespace

std::string_view NameOfLimit(Limit limit) {
  switch (limit) {
    case Limit::kNone: return "";
    case Limit::kPointsPerReceipt: return "points_per_receipt";
    case Limit::kEarningReceiptsPerMemberDay: return "earning_receipts_per_member_day";
    case Limit::kPointsPerMemberDay: return "points_per_member_day";
    case Limit::kRedemptionsPerMemberDay: return "redemptions_per_member_day";
    case Limit::kRedeemedPointsPerMemberDay: return "redeemed_points_per_member_day";
    case Limit::kRedeemedPointsPerTerminalDay: return "redeemed_points_per_terminal_day";
    case Limit::kLookupsPerTerminalMinute: return "lookups_per_terminal_minute";
    case Limit::kRedeemedPointsPerStoreDay: return "redeemed_points_per_store_day";
    case Limit::kRedeemedPointsPerOperatorDay: return "redeemed_points_per_operator_day";
  }
  return "";
}

AlertKind KindOf(Limit limit) {
  if (limit == Limit::kLookupsPerTerminalMinute) return AlertKind::kLookup;
  return limit >= Limit::kRedemptionsPerMemberDay ? AlertKind::kRedemption : AlertKind::kEarning;
}

Limit LimitOf(std::string_view name) {
  for (const Limit limit : kAllLimits)
    if (NameOfLimit(limit) == name) return limit;
  return Limit::kNone;
}

std::int64_t BoundOf(const Limits& limits, Limit limit) {
  switch (limit) {
    case Limit::kNone: return 0;
    case Limit::kPointsPerReceipt: return limits.points_per_receipt;
    case Limit::kEarningReceiptsPerMemberDay: return limits.earning_receipts_per_member_day;
    case Limit::kPointsPerMemberDay: return limits.points_per_member_day;
    case Limit::kRedemptionsPerMemberDay: return limits.redemptions_per_member_day;
    case Limit::kRedeemedPointsPerMemberDay: return limits.redeemed_points_per_member_day;
    case Limit::kRedeemedPointsPerTerminalDay: return limits.redeemed_points_per_terminal_day;
    case Limit::kLookupsPerTerminalMinute: return limits.lookups_per_terminal_minute;
    case Limit::kRedeemedPointsPerStoreDay: return limits.redeemed_points_per_store_day;
    case Limit::kRedeemedPointsPerOperatorDay: return limits.redeemed_points_per_operator_day;
  }
  return 0;
}

Limit PassedBySale(const Limits& limits, const EarnedOfDay& before, Points points) {
  if (points <= 0) return Limit::kNone;
  if (Passes(limits.points_per_receipt, points)) return Limit::kPointsPerReceipt;
  if (Passes(limits.earning_receipts_per_member_day, before.receipts + 1)) return Limit::kEarningReceiptsPerMemberDay;
  if (Passes(limits.points_per_member_day, before.points + points)) return Limit::kPointsPerMemberDay;
  return Limit::kNone;
}

Limit PassedByRedemption(const Limits& limits, const SpentOfDay& before, const std::vector<SpentUnder>& others,
                         Points points) {
  if (Passes(limits.redemptions_per_member_day, before.redemptions + 1)) return Limit::kRedemptionsPerMemberDay;
  if (Passes(limits.redeemed_points_per_member_day, before.points + points)) return Limit::kRedeemedPointsPerMemberDay;
  for (const SpentUnder& other : others)
    if (Passes(BoundOf(limits, other.limit), other.points + points)) return other.limit;
  return Limit::kNone;
}

bool Proves(IdentifierKind kind, Points code_from, Points spent, Points points) {
  switch (kind) {
    case IdentifierKind::kToken: return true;
    case IdentifierKind::kPhone:
    case IdentifierKind::kEmail: return false;
    case IdentifierKind::kCard:
    case IdentifierKind::kExternal: return spent + points <= code_from;
  }
  return false;
}

}  // namespace loyalty
