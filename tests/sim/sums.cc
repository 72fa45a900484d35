#include "tests/sim/sums.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "tests/support/naive.h"

namespace loyalty::sim {
namespace {

using test::NaiveMulDiv;

bool IsReducible(const Line& line) {
  return line.kind == LineKind::kGoods && line.amount > 0 && (line.flags & kNoRedemption) == 0;
}

bool Earns(const Line& line) {
  return line.kind == LineKind::kGoods && (line.flags & kNoEarning) == 0 &&
         std::find(line.categories.begin(), line.categories.end(), "tobacco") == line.categories.end();
}

// What can be paid of a line, tax and all.
Minor PriceOf(const Line& line) {
  if (line.amount <= 0) return 0;
  if (!line.tax_net) return line.amount;
  return line.tax_amount != 0 ? line.amount + line.tax_amount
                              : *NaiveMulDiv(line.amount, kMillion + line.tax_rate, kMillion, Rounding::kCeiling);
}

// Puts as much of `amount` on lines as they have room for, and takes it off what is left of each; the rest.
Minor Put(Minor amount, const std::vector<Minor>& room, std::vector<Minor>& left, std::vector<Minor>& paid) {
  const Minor put = std::min(amount, std::accumulate(room.begin(), room.end(), Minor{0}));
  const auto parts = test::NaiveSpread(put, room);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    left[i] -= parts[i];
    paid[i] += parts[i];
  }
  return amount - put;
}

// Of each line, what points have paid: first as their redemptions were spread, then where points may pay, then
// anywhere.
std::vector<Minor> PaidOf(const Receipt& receipt, const std::vector<Shares>& shares) {
  std::vector<Minor> left, paid(receipt.lines.size());
  for (const Line& line : receipt.lines) left.push_back(PriceOf(line));
  std::vector<Minor> rests;
  for (std::size_t i = 0; i < receipt.payments.size(); ++i) {
    if (receipt.payments[i].kind != PaymentKind::kPoints) continue;
    std::vector<Minor> room(receipt.lines.size());
    for (std::size_t line = 0; line < receipt.lines.size(); ++line)
      for (const Share& share : shares[i])
        if (share.line_id == receipt.lines[line].line_id && share.tax_rate == receipt.lines[line].tax_rate)
          room[line] = std::min(room[line] + share.amount, left[line]);
    rests.push_back(Put(receipt.payments[i].amount, room, left, paid));
  }
  for (const Minor rest : rests) {
    std::vector<Minor> reducible = left;
    for (std::size_t line = 0; line < receipt.lines.size(); ++line)
      if (!IsReducible(receipt.lines[line])) reducible[line] = 0;
    const Minor still = Put(rest, reducible, left, paid);
    Put(still, std::vector<Minor>(left), left, paid);
  }
  return paid;
}

// Money of one tax rate, with tax and without. What does not state its tax is reckoned once for all of it.
struct OfRate {
  Minor inclusive = 0, exclusive = 0;  // that do not state their tax
  Minor gross = 0, net = 0;            // that do
};

}  // namespace

Minor PayableOf(const Receipt& basket) {
  if (basket.lines.empty()) return std::max<Minor>(basket.total, 0);
  Minor sum = 0;
  for (const Line& line : basket.lines)
    if (IsReducible(line)) sum += line.amount;
  return std::max<Minor>(std::min(sum, basket.total), 0);
}

Shares SpreadOver(const Receipt& basket, Minor amount) {
  if (basket.lines.empty()) return {};  // nothing to spread over
  std::vector<Minor> weights;
  for (const Line& line : basket.lines) weights.push_back(IsReducible(line) ? line.amount : 0);
  const auto parts = test::NaiveSpread(amount, weights);
  Shares shares;
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (parts[i] > 0) shares.push_back({basket.lines[i].line_id, basket.lines[i].tax_rate, parts[i]});
  return shares;
}

Points EarnedOn(const Receipt& receipt, const std::vector<Shares>& shares, const Rule& rule) {
  std::map<int, OfRate> rates;
  if (receipt.lines.empty()) {
    rates[0].inclusive = receipt.total;
    for (const Payment& payment : receipt.payments)
      if (payment.kind == PaymentKind::kPoints) rates[0].inclusive -= payment.amount;
  }
  const auto paid = PaidOf(receipt, shares);
  for (std::size_t i = 0; i < receipt.lines.size(); ++i) {
    const Line& line = receipt.lines[i];
    if (!Earns(line)) continue;
    OfRate& rate = rates[line.tax_rate];
    if (line.tax_amount == 0) {
      (line.tax_net ? rate.exclusive : rate.inclusive) += line.amount;
      rate.inclusive -= paid[i];
      continue;
    }
    const Minor net = line.tax_net ? line.amount : line.amount - line.tax_amount;
    const Minor gross = net + line.tax_amount;
    rate.gross += gross - paid[i];
    rate.net += net - *NaiveMulDiv(net, paid[i], gross, Rounding::kHalfEven);
  }
  Minor gross = 0, net = 0;
  for (const auto& [rate, sum] : rates) {
    gross += sum.gross + sum.inclusive + *NaiveMulDiv(sum.exclusive, kMillion + rate, kMillion, Rounding::kHalfEven);
    net += sum.net + sum.exclusive + *NaiveMulDiv(sum.inclusive, kMillion, kMillion + rate, Rounding::kHalfEven);
  }
  if (gross <= 0) return 0;
  return std::max<Points>(*NaiveMulDiv(rule.net ? net : gross, rule.points, rule.per_amount, Rounding::kFloor), 0);
}

std::string ContentOf(const Receipt& receipt) {
  std::string text = receipt.currency + " " + std::to_string(receipt.total);
  for (const Line& line : receipt.lines) {
    text += "\n" + line.line_id + "|" + line.sku;
    for (const auto& category : line.categories) text += "|" + category;
    for (const std::int64_t number :
         {static_cast<std::int64_t>(line.kind), line.quantity, line.amount, line.discount,
          static_cast<std::int64_t>(line.tax_rate), static_cast<std::int64_t>(line.tax_net), line.tax_amount})
      text += " " + std::to_string(number);
  }
  return text;
}

}  // namespace loyalty::sim
