#include "clients/demo/plain_day.h"

#include <array>
#include <cstdint>
#include <string_view>

#include "domain/money.h"

namespace loyalty::client {
namespace {

// SplitMix64: small, well mixed, and the same everywhere, unlike the distributions of <random>.
class Dice {
 public:
  // 0 to sides - 1.
  std::int64_t Roll(std::int64_t sides) {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
    return static_cast<std::int64_t>((mixed ^ (mixed >> 31U)) % static_cast<std::uint64_t>(sides));
  }

 private:
  std::uint64_t state_ = 20260105;
};

struct Article {
  std::string_view sku;
  std::string_view category;
  std::int64_t price;  // in hundredths
};

constexpr std::array<Article, 12> kArticles{{{"BREAD", "bakery", 349},
                                             {"ROLL", "bakery", 45},
                                             {"MILK", "dairy", 129},
                                             {"BUTTER", "dairy", 259},
                                             {"CHEESE", "dairy", 489},
                                             {"APPLES", "produce", 299},
                                             {"TOMATOES", "produce", 379},
                                             {"COFFEE", "drinks", 799},
                                             {"WINE", "drinks", 899},
                                             {"CHOCOLATE", "sweets", 189},
                                             {"SHAMPOO", "household", 395},
                                             {"PAN", "household", 2'990}}};
constexpr int kLinesMost = 8;
constexpr int kPiecesMost = 3;
constexpr int kWithoutCardOneIn = 5;
constexpr int kOpening = 8 * 3600;       // 8:00
constexpr int kOpenSeconds = 12 * 3600;  // to 20:00
constexpr std::int64_t kFirstCard = 2'600'000'000;

std::string TwoDigits(std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

std::string LocalTime(int second_of_day) {
  return "2026-01-05T" + TwoDigits(second_of_day / 3600) + ":" + TwoDigits(second_of_day / 60 % 60) + ":" +
         TwoDigits(second_of_day % 60);
}

}  // namespace

std::string PlainDayCsv(int members, const std::string& currency) {
  const int exponent = CurrencyExponent(currency).value_or(2);
  Dice dice;
  std::string csv =
      "card,receipt_no,business_time,store,terminal,currency,kind,total,line_id,sku,category,quantity,unit_price,"
      "amount\n";
  for (int number = 1; number <= kPlainReceiptsPerTerminal; ++number) {
    for (int till = 0; till < kPlainStores * kPlainTerminals; ++till) {
      const int time = kOpening + (number - 1) * (kOpenSeconds / kPlainReceiptsPerTerminal) + till * 7;
      const bool has_card = members > 0 && dice.Roll(kWithoutCardOneIn) != 0;
      const std::string card = has_card ? std::to_string(kFirstCard + dice.Roll(members)) : std::string();
      std::int64_t total = 0;
      const std::int64_t line_count = 1 + dice.Roll(kLinesMost);
      std::array<std::string, kLinesMost> rows;
      for (std::int64_t line = 0; line < line_count; ++line) {
        const Article& article = kArticles[static_cast<std::size_t>(dice.Roll(kArticles.size()))];
        const std::int64_t pieces = 1 + dice.Roll(kPiecesMost);
        // Prices are hundredths of EUR, and whole units where a currency has none: 349 JPY for bread is as plausible.
        const std::int64_t price = exponent > 2 ? article.price * 10 : article.price;
        total += price * pieces;
        rows[static_cast<std::size_t>(line)] = std::to_string(line + 1) + "," + std::string(article.sku) + "," +
                                               std::string(article.category) + "," + std::to_string(pieces) + "," +
                                               FormatDecimal(price, exponent) + "," +
                                               FormatDecimal(price * pieces, exponent) + "\n";
      }
      const std::string head = card + ",R" + std::to_string(number) + "," + LocalTime(time) + ",S" +
                               std::to_string(till / kPlainTerminals + 1) + ",T" +
                               std::to_string(till % kPlainTerminals + 1) + "," + currency + ",sale," +
                               FormatDecimal(total, exponent) + ",";
      for (std::int64_t line = 0; line < line_count; ++line) csv += head + rows[static_cast<std::size_t>(line)];
    }
  }
  return csv;
}

}  // namespace loyalty::client
