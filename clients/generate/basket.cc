#include "clients/generate/basket.h"

#include <algorithm>
#include <array>

namespace loyalty::client {
namespace {

constexpr int kReduced = 700;  // food
constexpr int kStandard = 1'900;

struct Article {
  std::string_view sku;
  std::string_view category;
  std::int64_t price;
  int tax_rate;
  std::int64_t deposit = 0;  // Pfand of each piece
};

constexpr std::array<Article, 24> kArticles{
    {{"BREAD", "bakery", 349, kReduced},       {"ROLL", "bakery", 45, kReduced},
     {"PRETZEL", "bakery", 95, kReduced},      {"MILK", "dairy", 129, kReduced},
     {"BUTTER", "dairy", 259, kReduced},       {"YOGHURT", "dairy", 89, kReduced},
     {"EGGS", "dairy", 319, kReduced},         {"APPLES", "produce", 299, kReduced},
     {"TOMATOES", "produce", 379, kReduced},   {"POTATOES", "produce", 449, kReduced},
     {"MINCE", "meat", 599, kReduced},         {"SAUSAGE", "meat", 279, kReduced},
     {"COFFEE", "pantry", 799, kReduced},      {"PASTA", "pantry", 119, kReduced},
     {"CHOCOLATE", "sweets", 189, kReduced},   {"WATER", "drinks", 69, kStandard, 25},
     {"BEER", "drinks", 99, kStandard, 8},     {"JUICE", "drinks", 199, kStandard, 25},
     {"WINE", "drinks", 699, kStandard},       {"CIGARETTES", "tobacco", 850, kStandard},
     {"SHAMPOO", "household", 395, kStandard}, {"DETERGENT", "household", 649, kStandard},
     {"PAPER", "household", 449, kStandard},   {"CANDLES", "seasonal", 299, kStandard}}};
constexpr std::int64_t kCheesePerKilo = 1'690;
constexpr int kPiecesMost = 3;
constexpr std::size_t kGoodsMost = 24;
constexpr double kEmptiesShare = 0.06, kOnlyEmptiesShare = 0.01, kGiftCardShare = 0.004, kFeeShare = 0.02;
constexpr double kDealLine = 0.5, kAnyDiscount = 0.04;
constexpr std::int64_t kBagFee = 20;

std::int64_t Priced(std::int64_t unit_price, std::int64_t quantity) { return (unit_price * quantity + 500) / 1'000; }

void AddEmpties(Dice& dice, std::vector<BasketLine>& lines) {
  const std::int64_t bottles = 1 + dice.Roll(20);
  lines.push_back({"deposit_return", "PFAND25", "", -bottles * 1'000, 25, -bottles * 25, 0, kStandard});
}

// The weighed piece at the end: whatever is missing, in grams that give exactly that price or, for a few cents, one
// piece of it.
void AddRest(std::int64_t rest, std::vector<BasketLine>& lines) {
  const std::int64_t grams = rest * 1'000 / kCheesePerKilo;
  if (Priced(kCheesePerKilo, grams) == rest) {
    lines.push_back({"goods", "CHEESE", "counter", grams, kCheesePerKilo, rest, 0, kReduced});
  } else {
    lines.push_back({"goods", "COUNTER", "counter", 1'000, rest, rest, 0, kReduced});
  }
}

}  // namespace

std::vector<BasketLine> FillBasket(const BasketWish& wish, Dice& dice) {
  std::vector<BasketLine> lines;
  if (!wish.plain && dice.Chance(kOnlyEmptiesShare)) {
    AddEmpties(dice, lines);
    return lines;
  }
  std::int64_t rest = wish.goods;
  std::array<std::int64_t, 2> deposits{};  // of bottles at 25 and at 8
  while (rest > 0 && lines.size() < kGoodsMost) {
    const Article& article = kArticles[static_cast<std::size_t>(dice.Roll(kArticles.size()))];
    const std::int64_t pieces = 1 + dice.Roll(kPiecesMost);
    const std::int64_t full = article.price * pieces;
    const bool reduced = !wish.plain && dice.Chance(wish.deals ? kDealLine : kAnyDiscount);
    const std::int64_t discount = reduced ? full / 5 : 0;
    if (full - discount > rest) break;
    rest -= full - discount;
    lines.push_back({"goods", article.sku, article.category, pieces * 1'000, article.price, full - discount, discount,
                     article.tax_rate});
    if (article.deposit != 0) deposits[article.deposit == 25 ? 0 : 1] += pieces;
  }
  if (rest > 0) AddRest(rest, lines);
  if (wish.plain) return lines;
  if (deposits[0] > 0)
    lines.push_back({"deposit", "PFAND25", "", deposits[0] * 1'000, 25, deposits[0] * 25, 0, kStandard});
  if (deposits[1] > 0)
    lines.push_back({"deposit", "PFAND08", "", deposits[1] * 1'000, 8, deposits[1] * 8, 0, kStandard});
  if (dice.Chance(kEmptiesShare)) AddEmpties(dice, lines);
  if (dice.Chance(kFeeShare)) lines.push_back({"fee", "BAG", "", 1'000, kBagFee, kBagFee, 0, kStandard});
  if (dice.Chance(kGiftCardShare)) {
    const std::int64_t value = 1'000 * (1 + dice.Roll(5));
    lines.push_back({"gift_card_sale", "GIFTCARD", "", 1'000, value, value, 0, 0});
  }
  return lines;
}

}  // namespace loyalty::client
