// What returns and cancellations take from the statistics of a member, in O(1) as well.
//
// A day counts while it holds a sale receipt that is not wholly cancelled or brought back, whatever its amount. What
// names its sale lowers the money of the sale's day, on whatever day it comes: the summary is that of what is left, as
// if it had never been sold. What names no sale lowers no day.
#pragma once

#include <cstdint>
#include <optional>

#include "retention/summary.h"

namespace loyalty::retention {

// A return that names its sale, or the cancellation of a sale: what it takes from a receipt that AddReceipt has added.
// Money as in AddReceipt, so that goods brought back have the sign they were sold with.
struct Reversal {
  std::int64_t amount = 0;
  std::int64_t discount = 0;
  bool whole = false;  // the receipt counts no longer; amount and discount are all that was left of it
};

// The purchase days next to a day, where there are any.
struct NeighbourDays {
  std::optional<MemberDay> before;
  std::optional<MemberDay> after;
};

// True when Reverse needs the neighbours of the stored day: it is no purchase day afterwards, and others remain. The
// first or the last of these is then an edge of the summary, so their money is needed too.
bool NeedsNeighbourDays(const MemberSummary& summary, const MemberDay& stored, const Reversal& reversal);

// False when nothing may be taken: the day holds no receipt, it would end with money left on it, or a sum of Reverse
// would leave 64 bits.
bool CanReverse(const MemberSummary& summary, const MemberDay& stored, const Reversal& reversal);

// Takes it from the summary and from the row of the sale's day. A row whose last receipt goes stays with zeros: it is
// no purchase day. `neighbours` are read only where NeedsNeighbourDays says so.
void Reverse(MemberSummary& summary, MemberDay& stored, const NeighbourDays& neighbours, const Reversal& reversal);

// The money of returns that name no sale stands beside the summary, which stays the sum of its days; it is positive.
// Nothing when the sum with one more leaves 64 bits.
std::optional<std::int64_t> AddUnlinkedReturn(std::int64_t unlinked_returns, std::int64_t amount);

// What the member has spent after all returns; below zero for one who brings back what others bought. Nothing when it
// leaves 64 bits.
std::optional<std::int64_t> NetAmount(const MemberSummary& summary, std::int64_t unlinked_returns);

}  // namespace loyalty::retention
