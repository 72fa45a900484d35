#include "domain/receipt.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/support/property.h"
#include "tests/support/receipts.h"

namespace loyalty {
namespace {

using test::Goods;
using test::LineOf;
using test::Sale;

Bytes HashOf(const Receipt& receipt) { return ReceiptContentHash(receipt); }

// A receipt with every field set.
Receipt FullReceipt() {
  Receipt receipt = Sale({Goods(1999, 1900), LineOf(LineKind::kDeposit, 25)});
  Line& line = receipt.lines[0];
  line.sku = "4000417025005";
  line.categories = {"food", "sweets"};
  line.unit_price = 20'990'000;
  line.description = "Milch";
  line.discount = 100;
  line.tax_amount = 319;
  receipt.business_date = 20'000;
  receipt.business_time = 1'767'225'600 * kSecond;
  receipt.payments = {{PaymentKind::kOther, 2024, ""}};
  receipt.fiscal = Fiscal{"de-tse", "serial", "77", "signature"};
  return receipt;
}

struct Change {
  const char* what;
  std::function<void(Receipt&)> apply;
};

TEST(ValidateReceipt, AcceptsWhatIsAtTheLimit) {
  const std::vector<Change> changes = {
      {"nothing changed", [](Receipt&) {}},
      {"no lines", [](Receipt& r) { r.lines.clear(); }},
      {"500 lines", [](Receipt& r) { r.lines.assign(500, Line{}); }},
      {"long receipt_no", [](Receipt& r) { r.receipt_no.assign(64, 'x'); }},
      {"negative total", [](Receipt& r) { r.total = -kMoneyMax; }},
      {"16 categories", [](Receipt& r) { r.lines[0].categories.assign(16, std::string(64, 'c')); }},
      {"quantity", [](Receipt& r) { r.lines[0].quantity = -kQuantityMax; }},
      {"amounts",
       [](Receipt& r) {
         Line& line = r.lines[0];
         line.amount = line.discount = line.tax_amount = -kMoneyMax;
         line.unit_price = -kUnitPriceMax;
       }},
      {"tax", [](Receipt& r) { r.lines[0].tax_rate = 10'000'000; }},
      {"20 payments",
       [](Receipt& r) {
         r.payments.assign(20, {PaymentKind::kOther, kMoneyMax, std::string(128, 'r')});
       }},
      {"no fiscal", [](Receipt& r) { r.fiscal.reset(); }},
      {"long fiscal",
       [](Receipt& r) {
         r.fiscal = Fiscal{std::string(32, 'a'), std::string(128, 'b'), std::string(64, 'c'), std::string(512, 'd')};
       }},
      {"umlauts", [](Receipt& r) { r.lines[0].sku = "Käse"; }},
  };
  for (const Change& change : changes) {
    Receipt receipt = FullReceipt();
    change.apply(receipt);
    const auto status = ValidateReceipt(receipt);
    EXPECT_TRUE(status) << change.what << ": " << (status ? "" : status.error().message);
  }
}

// In the order in which they are checked. Each is tried alone and then with all later ones: the first wins.
const std::vector<Change>& Mistakes() {
  static const std::vector<Change> kMistakes = {
      {"receipt.receipt_no", [](Receipt& r) { r.receipt_no.clear(); }},
      {"receipt.currency_code", [](Receipt& r) { r.currency = "eur"; }},
      {"receipt.total_minor", [](Receipt& r) { r.total = kMoneyMax + 1; }},
      {"receipt.lines[0].line_id", [](Receipt& r) { r.lines[0].line_id.assign(65, 'x'); }},
      {"receipt.lines[0].sku", [](Receipt& r) { r.lines[0].sku = "a\nb"; }},
      {"receipt.lines[0].category_ids",
       [](Receipt& r) {
         r.lines[0].categories = {"food", ""};
       }},
      {"receipt.lines[0].quantity_micros", [](Receipt& r) { r.lines[0].quantity = kQuantityMax + 1; }},
      {"receipt.lines[0].unit_price_micros", [](Receipt& r) { r.lines[0].unit_price = kUnitPriceMax + 1; }},
      {"receipt.lines[0].amount_minor", [](Receipt& r) { r.lines[0].amount = -kMoneyMax - 1; }},
      {"receipt.lines[0].discount_minor", [](Receipt& r) { r.lines[0].discount = kMoneyMax + 1; }},
      {"receipt.lines[0].taxes", [](Receipt& r) { r.lines[0].tax_rate = -1; }},
      {"receipt.lines[1].line_id", [](Receipt& r) { r.lines[1].line_id = r.lines[0].line_id; }},
      {"receipt.payments[0].amount_minor", [](Receipt& r) { r.payments[0].amount = -1; }},
      {"receipt.payments[0].redemption", [](Receipt& r) { r.payments[0].redemption.assign(129, 'x'); }},
      {"receipt.fiscal", [](Receipt& r) { r.fiscal->signature.assign(513, 'x'); }},
  };
  return kMistakes;
}

TEST(ValidateReceipt, NamesTheFirstMistakeInTheOrderOfTheFields) {
  Receipt many = FullReceipt();
  for (auto mistake = Mistakes().rbegin(); mistake != Mistakes().rend(); ++mistake) {
    Receipt one = FullReceipt();
    mistake->apply(one);
    mistake->apply(many);
    for (Receipt receipt : {one, many}) {
      const auto status = ValidateReceipt(receipt);
      ASSERT_FALSE(status) << mistake->what;
      EXPECT_EQ(status.error().reason, Reason::kInvalidArgument);
      EXPECT_EQ(status.error().metadata.at("field"), mistake->what);
    }
  }
}

TEST(IsPlainText, HoldsNothingThatIsNotSeen) {
  using namespace std::string_view_literals;
  for (const auto text : {""sv, "O'Neill \\ \"Söhne\""sv, "カード"sv, "\u05D0\u200F\u0627"sv,
                          "\U0001F469\u200D\U0001F680"sv, "\u00A0\u2027\u202F\u2065\u206A"sv, "\xC3\xA9\xE2\x82\xAC"sv})
    EXPECT_TRUE(IsPlainText(text, 64)) << text;
  for (const auto text : {"a\0b"sv, "\n"sv, "\x7F"sv, "\u0080"sv, "\u009F"sv, "\u2028"sv, "\u2029"sv, "\u202A"sv,
                          "x\u202Egpj"sv, "\u2066"sv, "\u2069x"sv})
    EXPECT_FALSE(IsPlainText(text, 64)) << text;
  EXPECT_FALSE(IsPlainText("xxx", 2));
}

TEST(ValidateReceipt, RefusesTooMany) {
  const std::vector<Change> changes = {
      {"receipt.lines", [](Receipt& r) { r.lines.assign(501, Line{}); }},
      {"receipt.payments", [](Receipt& r) { r.payments.assign(21, Payment{}); }},
      {"receipt.lines[0].category_ids", [](Receipt& r) { r.lines[0].categories.assign(17, "c"); }},
      {"receipt.lines[0].category_ids", [](Receipt& r) { r.lines[0].categories = {std::string(65, 'c')}; }},
      {"receipt.receipt_no", [](Receipt& r) { r.receipt_no.assign(65, 'x'); }},
      {"receipt.receipt_no", [](Receipt& r) { r.receipt_no = "a\x7f"; }},
      {"receipt.payments[0].amount_minor", [](Receipt& r) { r.payments[0].amount = kMoneyMax + 1; }},
      {"receipt.lines[0].taxes", [](Receipt& r) { r.lines[0].tax_rate = 10'000'001; }},
      {"receipt.lines[0].taxes", [](Receipt& r) { r.lines[0].tax_amount = kMoneyMax + 1; }},
      {"receipt.lines[0].description", [](Receipt& r) { r.lines[0].description.assign(201, 'x'); }},
      {"receipt.lines[0].unit", [](Receipt& r) { r.lines[0].unit.assign(17, 'x'); }},
      {"receipt.fiscal", [](Receipt& r) { r.fiscal->scheme.assign(33, 'x'); }},
      {"receipt.fiscal", [](Receipt& r) { r.fiscal->serial.assign(129, 'x'); }},
      {"receipt.fiscal", [](Receipt& r) { r.fiscal->transaction_no.assign(65, 'x'); }},
  };
  for (const Change& change : changes) {
    Receipt receipt = FullReceipt();
    change.apply(receipt);
    const auto status = ValidateReceipt(receipt);
    ASSERT_FALSE(status) << change.what;
    EXPECT_EQ(status.error().metadata.at("field"), change.what);
  }
}

TEST(ValidateReceipt, EmptyLineIdsBecomePositions) {
  Receipt receipt = FullReceipt();
  receipt.lines.assign(3, Line{});
  receipt.lines[1].line_id = "b";
  ASSERT_TRUE(ValidateReceipt(receipt));
  EXPECT_EQ(receipt.lines[0].line_id, "1");
  EXPECT_EQ(receipt.lines[1].line_id, "b");
  EXPECT_EQ(receipt.lines[2].line_id, "3");
  // A name that the till gave may be the position of another line.
  receipt.lines[0].line_id.clear();
  receipt.lines[1].line_id = "1";
  EXPECT_EQ(ValidateReceipt(receipt).error().metadata.at("field"), "receipt.lines[1].line_id");
}

TEST(ReceiptContentHash, ChangesWithWhatMakesItAnotherReceipt) {
  const std::vector<Change> changes = {
      {"kind", [](Receipt& r) { r.kind = ReceiptKind::kReturn; }},
      {"currency", [](Receipt& r) { r.currency = "USD"; }},
      {"total", [](Receipt& r) { ++r.total; }},
      {"line gone", [](Receipt& r) { r.lines.pop_back(); }},
      {"line more", [](Receipt& r) { r.lines.push_back(r.lines.back()); }},
      {"lines swapped", [](Receipt& r) { std::swap(r.lines[0], r.lines[1]); }},
      {"line_id", [](Receipt& r) { r.lines[0].line_id = "9"; }},
      {"line kind", [](Receipt& r) { r.lines[0].kind = LineKind::kFee; }},
      {"sku", [](Receipt& r) { r.lines[0].sku += "0"; }},
      {"category", [](Receipt& r) { r.lines[0].categories[0] = "tobacco"; }},
      {"category gone", [](Receipt& r) { r.lines[0].categories.pop_back(); }},
      {"categories run together", [](Receipt& r) { r.lines[0].categories = {"foodsweets"}; }},
      {"categories split",
       [](Receipt& r) {
         r.lines[0].categories = {"foods", "weets"};
       }},
      {"quantity", [](Receipt& r) { ++r.lines[0].quantity; }},
      {"amount", [](Receipt& r) { --r.lines[0].amount; }},
      {"discount", [](Receipt& r) { ++r.lines[0].discount; }},
      {"tax rate", [](Receipt& r) { r.lines[0].tax_rate = 70'000; }},
      {"tax mode", [](Receipt& r) { r.lines[0].tax_net = true; }},
      {"tax amount", [](Receipt& r) { r.lines[0].tax_amount = 318; }},
      {"flags", [](Receipt& r) { r.lines[0].flags = kNoEarning; }},
      {"numbers moved between fields", [](Receipt& r) { std::swap(r.lines[0].discount, r.lines[0].quantity); }},
  };
  const Bytes before = HashOf(FullReceipt());
  EXPECT_EQ(before.value.size(), 16U);
  for (const Change& change : changes) {
    Receipt receipt = FullReceipt();
    change.apply(receipt);
    EXPECT_TRUE(HashOf(receipt) != before) << change.what;
  }
}

TEST(ReceiptContentHash, StaysWhateverElseChanges) {
  const std::vector<Change> changes = {
      {"receipt_no: part of the key already", [](Receipt& r) { r.receipt_no = "9"; }},
      {"business_date: part of the key already", [](Receipt& r) { r.business_date.reset(); }},
      {"business_time", [](Receipt& r) { r.business_time += kHour; }},
      {"unit price: informative", [](Receipt& r) { ++r.lines[0].unit_price; }},
      {"description", [](Receipt& r) { r.lines[0].description.clear(); }},
      {"unit", [](Receipt& r) { r.lines[0].unit = "kg"; }},
      {"what a tax is made up of",
       [](Receipt& r) {
         r.lines[0].taxes = {{50'000, 0}, {140'000, 0}};
       }},
      {"payments", [](Receipt& r) { r.payments.clear(); }},
      {"fiscal", [](Receipt& r) { r.fiscal.reset(); }},
  };
  for (const Change& change : changes) {
    Receipt receipt = FullReceipt();
    change.apply(receipt);
    EXPECT_TRUE(HashOf(receipt) == HashOf(FullReceipt())) << change.what;
  }
}

// Whatever two receipts earn differently by, apart from how they were paid, makes them two.
TEST(ReceiptContentHash, IsEqualOnlyWhereEveryLineIs) {
  test::Check(
      [] {
        const Receipt a = *test::AnyReceipt();
        Receipt b = a;
        if (a.lines.empty()) return;
        // One field of one line becomes what it is elsewhere, which may be the same.
        const Receipt another = *test::AnyReceipt();
        const Line other = another.lines.empty() ? Goods(7) : another.lines.front();
        Line& line = b.lines[*rc::gen::inRange<std::size_t>(0, b.lines.size())];
        switch (*rc::gen::inRange(0, 9)) {
          case 0: line.kind = other.kind; break;
          case 1: line.sku = other.sku; break;
          case 2: line.categories = other.categories; break;
          case 3: line.quantity = other.quantity; break;
          case 4: line.amount = other.amount; break;
          case 5: line.discount = other.discount; break;
          case 6: line.tax_rate = other.tax_rate; break;
          case 7: line.tax_net = other.tax_net; break;
          default: line.tax_amount = other.tax_amount; break;
        }
        const auto same_line = [](const Line& x, const Line& y) {
          return x.kind == y.kind && x.sku == y.sku && x.categories == y.categories && x.quantity == y.quantity &&
                 x.amount == y.amount && x.discount == y.discount && x.tax_rate == y.tax_rate &&
                 x.tax_net == y.tax_net && x.tax_amount == y.tax_amount;
        };
        RC_ASSERT((HashOf(a) == HashOf(b)) ==
                  std::equal(a.lines.begin(), a.lines.end(), b.lines.begin(), b.lines.end(), same_line));
      },
      10);
}

TEST(GoodsOf, Table) {
  const auto expect = [](const Receipt& receipt, Minor amount, Minor discount, bool purchase) {
    const GoodsMoney goods = GoodsOf(receipt);
    EXPECT_EQ(goods.amount, amount) << receipt;
    EXPECT_EQ(goods.discount, discount) << receipt;
    EXPECT_EQ(goods.purchase, purchase) << receipt;
  };
  Line reduced = Goods(900);
  reduced.discount = 100;
  expect(Sale({reduced, Goods(500), LineOf(LineKind::kDeposit, 25)}), 1400, 100, true);
  // Only bottles brought back, only a gift card: no purchase.
  expect(Sale({LineOf(LineKind::kDepositReturn, -300)}), 0, 0, false);
  expect(Sale({LineOf(LineKind::kGiftCardSale, 5000)}), 0, 0, false);
  // Bread paid with bottles is a purchase although the total is negative.
  expect(Sale({Goods(100), LineOf(LineKind::kDepositReturn, -300)}), 100, 0, true);
  // Without lines the total speaks.
  Receipt plain = Sale({});
  plain.total = 1234;
  expect(plain, 1234, 0, true);
  plain.total = -1;
  EXPECT_FALSE(GoodsOf(plain).purchase);
  // A return is no purchase.
  Receipt back = Sale({Goods(100)});
  back.kind = ReceiptKind::kReturn;
  expect(back, 0, 0, false);
  // The largest receipt does not overflow.
  expect(Sale(std::vector<Line>(500, Goods(kMoneyMax))), 500 * kMoneyMax, 0, true);
}

}  // namespace
}  // namespace loyalty
