#include "clients/generate/year.h"

#include <algorithm>
#include <utility>

namespace loyalty::client {
namespace {

constexpr int kTerminals = 3;  // of each store
constexpr std::int64_t kMembersPerStore = 2'500;
constexpr int kStoresMost = 300;
constexpr int kOpening = 8 * 3'600, kOpenSeconds = 12 * 3'600;
constexpr int kDaysOfYear = 365;
constexpr int kDealWeekEvery = 4;

constexpr double kElsewhere = 0.12;            // visits of another store than one's own
constexpr double kStrangersPerMember = 0.012;  // receipts without a card, a day
constexpr double kPaysWithPoints = 0.03;
constexpr double kBringsBack = 0.02;
constexpr int kBringsBackWithin = 14;  // days
constexpr double kStrangerBasket = 1'500, kBasketShape = 5;
constexpr double kPoissonMost = 500;

constexpr std::int64_t kFirstCard = 260'000'000'000;  // and a check digit
constexpr int kCardsMost = 4;                         // numbers set aside for each member

bool IsGoods(const BasketLine& line) { return line.kind == "goods" && line.amount > 0; }

std::int64_t GoodsOf(const GeneratedReceipt& receipt) {
  std::int64_t sum = 0;
  for (const BasketLine& line : receipt.lines) sum += line.kind == "goods" ? line.amount : 0;
  return sum;
}

}  // namespace

std::string CardNumber(std::int64_t member, int which) {
  std::string digits = std::to_string(kFirstCard + member * kCardsMost + which);
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) sum += (digits[i] - '0') * (i % 2 == 0 ? 1 : 3);
  return digits + static_cast<char>('0' + (10 - sum % 10) % 10);
}

std::int64_t GeneratedReceipt::total() const {
  std::int64_t sum = 0;
  for (const BasketLine& line : lines) sum += line.amount;
  return sum;
}

Year::Year(const Population& population)
    : population_(population),
      stores_(static_cast<int>(std::clamp<std::int64_t>(population.members / kMembersPerStore, 2, kStoresMost))),
      last_no_(static_cast<std::size_t>(stores_ * kTerminals)) {
  members_.reserve(static_cast<std::size_t>(population_.members));
  for (std::int64_t number = 0; number < population_.members; ++number)
    members_.push_back(DrawMember(population_, number, stores_));
}

Year::Calendar Year::Today() const {
  const auto day = static_cast<std::size_t>(day_);
  return {static_cast<int>((day + kFirstWeekday) % 7), day_ % kDaysOfYear, day_ / 7 % kDealWeekEvery == 0};
}

GeneratedReceipt Year::Slip(Dice& dice, int store) const {
  GeneratedReceipt slip;
  slip.day = day_;
  slip.second = kOpening + static_cast<int>(dice.Roll(kOpenSeconds));
  slip.store = store;
  slip.terminal = static_cast<int>(dice.Roll(kTerminals));
  return slip;
}

void Year::Visit(std::int64_t number, Member& member, const Calendar& today) {
  ++member.purchases;
  Dice dice(population_.seed, Draw::kReceipt, static_cast<std::uint64_t>(number), member.purchases);
  const int store =
      stores_ > 1 && dice.Chance(kElsewhere) ? static_cast<int>(dice.Roll(stores_)) : static_cast<int>(member.store);
  GeneratedReceipt sale = Slip(dice, store);
  sale.card = CardNumber(number, static_cast<int>(dice.Roll(member.cards)));
  const double shape = TruthOf(population_).value_p;
  const double value = member.basket / shape * dice.Gamma(shape);
  sale.lines = FillBasket({.goods = std::max<std::int64_t>(1, static_cast<std::int64_t>(value + 0.5)),
                           .deals = member.deal_seeker && today.deal_week,
                           .plain = population_.plain},
                          dice);
  if (!population_.plain && dice.Chance(kPaysWithPoints) && sale.total() > 0)
    sale.points_paid = std::min<std::int64_t>(sale.total(), 100 * (1 + dice.Roll(5)));
  member.spent += GoodsOf(sale);
  member.last_day = day_;
  today_.push_back(std::move(sale));
  GoOn(population_, number, member);
}

void Year::SellToStrangers(const Calendar& today) {
  Dice dice(population_.seed, Draw::kStranger, static_cast<std::uint64_t>(day_));
  double mean = kStrangersPerMember * static_cast<double>(population_.members) *
                Pace(population_, Member{}, today.weekday, today.day_of_year, today.deal_week);
  for (; mean > 0; mean -= kPoissonMost) {
    for (auto customers = dice.Poisson(std::min(mean, kPoissonMost)); customers > 0; --customers) {
      GeneratedReceipt sale = Slip(dice, static_cast<int>(dice.Roll(stores_)));
      const double value = kStrangerBasket / kBasketShape * dice.Gamma(kBasketShape);
      sale.lines = FillBasket(
          {.goods = std::max<std::int64_t>(1, static_cast<std::int64_t>(value)), .plain = population_.plain}, dice);
      today_.push_back(std::move(sale));
    }
  }
}

// One piece of the goods comes back to the same store on a later day.
void Year::MaybeBringBack(const GeneratedReceipt& sale, Dice& dice) {
  if (!dice.Chance(kBringsBack)) return;
  const auto line = std::find_if(sale.lines.begin(), sale.lines.end(), IsGoods);
  if (line == sale.lines.end()) return;
  GeneratedReceipt back;
  back.card = sale.card;
  back.store = sale.store;
  back.terminal = sale.terminal;
  back.is_return = true;
  back.original_no = sale.receipt_no;
  back.original_day = sale.day;
  back.second = kOpening + static_cast<int>(dice.Roll(kOpenSeconds));
  back.lines.push_back(*line);
  BasketLine& returned = back.lines.front();
  returned.quantity = -returned.quantity;
  returned.amount = -returned.amount;
  returned.discount = -returned.discount;
  int day = day_ + 1 + static_cast<int>(dice.Roll(kBringsBackWithin));
  if (!population_.plain && (static_cast<std::size_t>(day) + kFirstWeekday) % 7 == 6) ++day;  // closed on Sunday
  back.day = day;
  returns_[day].push_back(std::move(back));
}

bool Year::NextDay(const std::function<void(const GeneratedReceipt&)>& take) {
  if (day_ >= population_.days) return false;
  const Calendar today = Today();
  for (std::int64_t number = 0; number < population_.members; ++number) {
    Member& member = members_[static_cast<std::size_t>(number)];
    if (member.stopped || member.join_day > day_) continue;
    member.clock += Pace(population_, member, today.weekday, today.day_of_year, today.deal_week);
    while (!member.stopped && member.next < member.clock) Visit(number, member, today);
  }
  SellToStrangers(today);
  if (const auto due = returns_.find(day_); due != returns_.end()) {
    for (GeneratedReceipt& back : due->second) today_.push_back(std::move(back));
    returns_.erase(due);
  }
  std::stable_sort(today_.begin(), today_.end(),
                   [](const GeneratedReceipt& a, const GeneratedReceipt& b) { return a.second < b.second; });
  Dice dice(population_.seed, Draw::kReturn, static_cast<std::uint64_t>(day_));
  for (GeneratedReceipt& receipt : today_) {
    receipt.receipt_no = ++last_no_[static_cast<std::size_t>(receipt.store * kTerminals + receipt.terminal)];
    take(receipt);
    if (population_.returns && !receipt.is_return) MaybeBringBack(receipt, dice);
  }
  today_.clear();
  ++day_;
  return true;
}

}  // namespace loyalty::client
