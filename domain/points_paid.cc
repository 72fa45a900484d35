#include "domain/points_paid.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

namespace loyalty {
namespace {

// What can be paid of a line; rounded up, so that there is room for all of a total whose tax was rounded once.
Minor RoomOf(const Line& line) {
  if (line.amount <= 0) return 0;
  if (!line.tax_net) return line.amount;
  if (line.tax_amount != 0) return std::max<Minor>(line.amount + line.tax_amount, 0);
  // 10^15 at 1000 % fits.
  return *MulDiv(line.amount, kMillion + line.tax_rate, kMillion, Rounding::kCeiling);
}

class Lines {
 public:
  explicit Lines(const std::vector<Line>& lines) : lines_(lines), paid_(lines.size()) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      left_.push_back(RoomOf(lines[i]));
      by_id_.emplace(lines[i].line_id, i);
    }
  }

  // These spread as much of `amount` as finds room, and return the rest.
  Minor SpreadAsShared(Minor amount, const std::vector<TaxAllocation>& shares) {
    std::vector<Minor> room(lines_.size());
    for (const TaxAllocation& share : shares) {
      const auto at = by_id_.find(share.line_id);
      if (at == by_id_.end() || lines_[at->second].tax_rate != share.tax_rate) continue;
      room[at->second] = std::min(room[at->second] + share.amount, left_[at->second]);
    }
    return SpreadOver(amount, room);
  }
  Minor SpreadOverReducible(Minor amount) {
    std::vector<Minor> room = left_;
    for (std::size_t i = 0; i < lines_.size(); ++i)
      if (!MayBeReduced(lines_[i])) room[i] = 0;
    return SpreadOver(amount, room);
  }
  Minor SpreadOverAll(Minor amount) { return SpreadOver(amount, left_); }

  std::vector<Minor> Take() { return std::move(paid_); }

 private:
  Minor SpreadOver(Minor amount, const std::vector<Minor>& room) {
    const Minor spread = std::min(amount, std::accumulate(room.begin(), room.end(), Minor{0}));
    const std::vector<Minor> shares = SpreadByLargestRemainder(spread, room);
    for (std::size_t i = 0; i < shares.size(); ++i) {
      paid_[i] += shares[i];
      left_[i] -= shares[i];
    }
    return amount - spread;
  }

  const std::vector<Line>& lines_;
  std::map<std::string_view, std::size_t> by_id_;
  std::vector<Minor> left_;
  std::vector<Minor> paid_;
};

}  // namespace

std::vector<Minor> PaidWithPoints(const Receipt& receipt, const RedemptionShares& shares) {
  Minor paid = 0;
  for (const Payment& payment : receipt.payments)
    if (payment.kind == PaymentKind::kPoints) paid += payment.amount;
  if (paid == 0) return {};
  if (receipt.lines.empty()) return {paid};
  Lines lines(receipt.lines);
  std::vector<Minor> rests(receipt.payments.size());
  for (std::size_t i = 0; i < rests.size(); ++i) {
    if (receipt.payments[i].kind != PaymentKind::kPoints) continue;
    rests[i] = receipt.payments[i].amount;
    if (i < shares.size()) rests[i] = lines.SpreadAsShared(rests[i], shares[i]);
  }
  // One by one, not their sum: then no payment more takes anything off a share that another has.
  for (const Minor rest : rests) lines.SpreadOverAll(lines.SpreadOverReducible(rest));
  return lines.Take();
}

}  // namespace loyalty
