// What lies on the belt: lines of a receipt that add up to what the customer spends.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "clients/generate/dice.h"

namespace loyalty::client {

struct BasketLine {
  std::string_view kind;  // as in the receipts CSV
  std::string_view sku;
  std::string_view category;
  std::int64_t quantity = 1'000;  // thousandths
  std::int64_t unit_price = 0;    // minor units
  std::int64_t amount = 0;        // after the discount
  std::int64_t discount = 0;
  int tax_rate = 1'900;  // basis points
};

struct BasketWish {
  std::int64_t goods = 0;  // what the goods cost together, in minor units; at least 1
  bool deals = false;      // takes what is on offer
  bool plain = false;      // goods only
};

// Goods that cost exactly wish.goods (the last one is weighed), the deposit of the bottles among them, now and then
// empties that are brought back or a gift card. The sum may be negative.
std::vector<BasketLine> FillBasket(const BasketWish& wish, Dice& dice);

}  // namespace loyalty::client
