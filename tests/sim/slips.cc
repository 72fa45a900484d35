#include "tests/sim/slips.h"

#include <algorithm>
#include <utility>

#include "tests/support/naive.h"

namespace loyalty::sim {
namespace {

constexpr std::int64_t kLines = 5;  // at most, and one
constexpr std::int64_t kAmount = 4'000;

Minor TaxOf(const Line& line) {
  return *test::NaiveMulDiv(line.amount, line.tax_rate, line.tax_net ? kMillion : kMillion + line.tax_rate,
                            Rounding::kHalfUp);
}

}  // namespace

Line Slips::AnyLine(int number) {
  constexpr std::pair<LineKind, int> kSeldom[] = {{LineKind::kDeposit, 1},
                                                  {LineKind::kDepositReturn, -1},
                                                  {LineKind::kGiftCardSale, 1},
                                                  {LineKind::kFee, 1},
                                                  {LineKind::kTip, 1}};
  Line line;
  line.line_id = std::to_string(number);
  line.sku = "sku" + std::to_string(chance_.Below(50));
  line.quantity = kMillion;
  line.amount = chance_.Below(kAmount);
  if (chance_.OneIn(6)) {
    const auto& [kind, sign] = kSeldom[chance_.Below(std::size(kSeldom))];
    line.kind = kind;
    line.amount *= sign;
  }
  line.tax_rate = chance_.OneIn(3) ? 70'000 : 190'000;
  line.tax_net = chance_.OneIn(6);
  if (chance_.OneIn(4)) line.tax_amount = TaxOf(line);
  if (chance_.OneIn(10)) line.categories.emplace_back("tobacco");
  if (chance_.OneIn(15)) line.flags |= kNoEarning;
  if (chance_.OneIn(12)) line.flags |= kNoRedemption;
  return line;
}

Receipt Slips::Basket() {
  Receipt basket;
  basket.currency = "EUR";
  const auto lines = chance_.Below(kLines);
  if (lines == 0) basket.total = chance_.Below(2 * kAmount);
  for (int number = 1; number <= lines; ++number) {
    basket.lines.push_back(AnyLine(number));
    basket.total += basket.lines.back().amount + (basket.lines.back().tax_net ? TaxOf(basket.lines.back()) : 0);
  }
  return basket;
}

Instant Slips::TillTime(const Shop& shop, Instant now) {
  if (chance_.OneIn(12)) return now - chance_.Below(42) * kDayLength;  // some are too late
  if (chance_.OneIn(30)) return now + chance_.Below(10) * kMinute;     // a clock that is ahead, perhaps too far
  if (chance_.OneIn(8))                                                // shortly before or after the end of the day
    return Midnight(shop.zone, SalesDay(shop.zone, shop.day_cut_minutes, now)) + shop.day_cut_minutes * kMinute +
           (chance_.Below(25) - 12) * kMinute;
  return now - chance_.Below(60) * kMinute;
}

const std::vector<EpochStart>& Slips::EpochsOf(std::int64_t terminal_id, Instant now) {
  Till& till = tills_[static_cast<std::size_t>(terminal_id - 1)];
  const Instant begun = now - chance_.Below(90) * kMinute;
  if (chance_.OneIn(400) && (till.epochs.empty() || till.epochs.back().start_time < begun)) {
    till.epochs.push_back({static_cast<int>(till.epochs.size()) + 1, begun, now});
    till.last_no = 0;
  }
  return till.epochs;
}

void Slips::Close(Receipt& receipt, std::int64_t terminal_id, Instant now) {
  const Shop& shop = ShopOf(terminal_id);
  Till& till = tills_[static_cast<std::size_t>(terminal_id - 1)];
  receipt.business_time = TillTime(shop, now);
  const auto day = SalesDay(shop.zone, shop.day_cut_minutes, receipt.business_time);
  if (day > till.day) till.last_no = 0;
  till.day = std::max(till.day, day);
  const bool old = till.last_no > 0 && chance_.OneIn(25);
  receipt.receipt_no = "R" + std::to_string(old ? 1 + chance_.Below(till.last_no) : ++till.last_no);
  if (chance_.OneIn(2)) receipt.business_date = static_cast<Day>(day);
  if (!chance_.OneIn(3)) return;
  const bool signed_before = signatures_ > 0 && chance_.OneIn(40);
  receipt.fiscal =
      Fiscal{"TSE", "serial", std::to_string(signed_before ? 1 + chance_.Below(signatures_) : ++signatures_), ""};
}

void Slips::SendAgain(Receipt& receipt, std::int64_t terminal_id, Instant now) {
  if (chance_.OneIn(3)) receipt.business_time += (chance_.Below(31) - 15) * kMinute;
  if (receipt.business_time > now + kHour) receipt.business_time = now;
  const Shop& shop = ShopOf(terminal_id);
  if (receipt.business_date && !chance_.OneIn(3))
    receipt.business_date = static_cast<Day>(SalesDay(shop.zone, shop.day_cut_minutes, receipt.business_time));
  if (chance_.OneIn(20)) receipt.total += 1;
  if (chance_.OneIn(20)) receipt.fiscal.reset();
}

}  // namespace loyalty::sim
