#include "retention/returns.h"

#include "retention/quarter.h"

namespace loyalty::retention {
namespace {

std::optional<std::int64_t> Minus(std::int64_t a, std::int64_t b) {
  std::int64_t difference = 0;
  if (__builtin_sub_overflow(a, b, &difference)) return std::nullopt;
  return difference;
}

bool EndsDay(const MemberDay& stored, const Reversal& reversal) { return reversal.whole && stored.receipts == 1; }

// The summary without a day that holds no money any more.
void RemoveDay(MemberSummary& summary, Day day, const NeighbourDays& neighbours) {
  if (summary.days == 1) {
    summary = {};
    return;
  }
  CountQuarter(summary, day,
               {.before = neighbours.before ? std::optional(neighbours.before->day) : std::nullopt,
                .after = neighbours.after ? std::optional(neighbours.after->day) : std::nullopt},
               -1);
  --summary.days;
  if (day == summary.first_day) {
    AddGap(summary, day, neighbours.after->day, -1);
    summary.first_day = neighbours.after->day;
    summary.first_day_amount = neighbours.after->amount;
  } else if (day == summary.last_day) {
    AddGap(summary, neighbours.before->day, day, -1);
    summary.last_day = neighbours.before->day;
    summary.last_day_amount = neighbours.before->amount;
  } else {  // the gaps on both sides become one
    AddGap(summary, neighbours.before->day, day, -1);
    AddGap(summary, day, neighbours.after->day, -1);
    AddGap(summary, neighbours.before->day, neighbours.after->day, 1);
  }
}

}  // namespace

bool NeedsNeighbourDays(const MemberSummary& summary, const MemberDay& stored, const Reversal& reversal) {
  return EndsDay(stored, reversal) && summary.days > 1;
}

bool CanReverse(const MemberSummary& summary, const MemberDay& stored, const Reversal& reversal) {
  if (stored.receipts == 0) return false;
  const auto amount = Minus(stored.amount, reversal.amount);
  const auto discount = Minus(stored.discount, reversal.discount);
  if (!amount || !discount) return false;
  if (EndsDay(stored, reversal) && (*amount != 0 || *discount != 0)) return false;
  return Minus(summary.quarter_amount[SeasonIndex(QuarterOf(stored.day))], reversal.amount) &&
         Minus(summary.amount, reversal.amount) && Minus(summary.discount, reversal.discount);
}

void Reverse(MemberSummary& summary, MemberDay& stored, const NeighbourDays& neighbours, const Reversal& reversal) {
  stored.amount -= reversal.amount;
  stored.discount -= reversal.discount;
  summary.amount -= reversal.amount;
  summary.discount -= reversal.discount;
  summary.quarter_amount[SeasonIndex(QuarterOf(stored.day))] -= reversal.amount;
  if (stored.day == summary.first_day) summary.first_day_amount -= reversal.amount;
  if (stored.day == summary.last_day) summary.last_day_amount -= reversal.amount;
  if (!reversal.whole) return;
  --stored.receipts;
  --summary.receipts;
  if (stored.receipts == 0) RemoveDay(summary, stored.day, neighbours);
}

std::optional<std::int64_t> AddUnlinkedReturn(std::int64_t unlinked_returns, std::int64_t amount) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(unlinked_returns, amount, &sum)) return std::nullopt;
  return sum;
}

std::optional<std::int64_t> NetAmount(const MemberSummary& summary, std::int64_t unlinked_returns) {
  return Minus(summary.amount, unlinked_returns);
}

}  // namespace loyalty::retention
