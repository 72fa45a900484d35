#include "services/commands/receipt_facts.h"

#include <algorithm>
#include <cstdlib>

#include "domain/earning.h"
#include "services/codec/names.h"

namespace loyalty {
namespace {

bool IsNear(Day date, Instant at) { return std::abs(date - DayOf(at, absl::UTCTimeZone())) <= kBusinessDateDaysMax; }

// The days that a receipt may have been recorded on before, its own the first. One whose time is near the cut of the
// day may have come with a time on the other side of it; one whose clock is off, while its time was still in range.
std::vector<Day> DaysOf(const Receipt& receipt, const Place& place, const ReceiptFacts& facts) {
  std::vector<Day> days{facts.business_date};
  const auto add = [&days](Day day) {
    if (std::find(days.begin(), days.end(), day) == days.end()) days.push_back(day);
  };
  const auto day_of = [&place](Instant at) { return BusinessDayOf(at, place.zone, place.day_cut_minutes); };
  add(day_of(facts.business_time - kRepeatWithin));
  add(day_of(facts.business_time + kRepeatWithin));
  if (facts.clock_off) add(receipt.business_date ? *receipt.business_date : day_of(facts.till_time));
  return days;
}

// The epochs that a receipt of this time may have been recorded in, its own the first. Until the program was told that
// the numbering had begun again, and shortly after, receipts came under the number of the epoch before.
std::vector<int> EpochsOf(const Place& place, Instant at) {
  const auto own = std::find_if(place.epochs.rbegin(), place.epochs.rend(),
                                [at](const EpochStart& epoch) { return epoch.start_time <= at; });
  if (own == place.epochs.rend()) return {place.epochs.empty() ? place.epoch : place.epochs.front().epoch - 1};
  if (at >= own->told_time + kRepeatWithin) return {own->epoch};
  return {own->epoch, own->epoch - 1};
}

// Of each payment the redemption that it names. A name that is none is a fact of the slip as well: such a payment is
// spread as if it named nothing.
std::vector<std::int64_t> RedemptionsOf(const Receipt& receipt, const ProgramKeys& keys) {
  std::vector<std::int64_t> redemptions;
  for (std::size_t i = 0; i < receipt.payments.size(); ++i) {
    const Payment& payment = receipt.payments[i];
    const auto name = payment.kind == PaymentKind::kPoints ? ParseRedemptionName(payment.redemption) : std::nullopt;
    if (!name) continue;
    redemptions.resize(receipt.payments.size());
    redemptions[i] = Reveal(keys.names, NameOf::kRedemption, name->second);
  }
  return redemptions;
}

}  // namespace

ReceiptFacts FactsOf(const Receipt& receipt, const Place& place, const std::string& program_currency,
                     const ProgramKeys& keys, Instant now) {
  ReceiptFacts facts;
  // 0 would say that the clock was believed; a dead one often says 1970.
  facts.till_time = receipt.business_time == 0 ? 1 : receipt.business_time;
  facts.clock_off = !place.is_admin && !CheckBusinessTime(receipt.business_time, place, now);
  facts.business_time = facts.clock_off ? now : receipt.business_time;
  const bool given = receipt.business_date && (!facts.clock_off || IsNear(*receipt.business_date, now));
  facts.business_date =
      given ? *receipt.business_date : BusinessDayOf(facts.business_time, place.zone, place.day_cut_minutes);
  const std::vector<Day> days = given ? std::vector{facts.business_date} : DaysOf(receipt, place, facts);
  for (const int epoch : EpochsOf(place, facts.business_time))
    for (const Day day : days)
      facts.other_numbers.emplace_back(place.terminal_id, epoch, day, receipt.kind, receipt.receipt_no);
  facts.number = std::move(facts.other_numbers.front());
  facts.other_numbers.erase(facts.other_numbers.begin());
  facts.fiscal_key = storage::FiscalKey(receipt);
  facts.content_hash = ReceiptContentHash(receipt);
  if (receipt.currency == program_currency)
    if (const GoodsMoney money = GoodsOf(receipt); money.purchase) facts.goods = money;
  facts.redemptions = RedemptionsOf(receipt, keys);
  return facts;
}

Status CheckBusinessDate(const Receipt& receipt, const ReceiptFacts& facts) {
  if (facts.clock_off || !receipt.business_date || IsNear(*receipt.business_date, receipt.business_time)) return Ok{};
  return InvalidField("receipt.business_date", "within 7 days of business_time");
}

}  // namespace loyalty
