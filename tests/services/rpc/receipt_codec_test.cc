#include <gtest/gtest.h>

#include <functional>

#include "services/rpc/scan_codec.h"

namespace loyalty {
namespace {

v1::Receipt Basket() {
  v1::Receipt receipt;
  receipt.set_receipt_no("4711");
  receipt.mutable_business_time()->set_seconds(1'780'000'000);
  receipt.set_currency_code("EUR");
  v1::ReceiptLine& fuel = *receipt.add_lines();
  fuel.set_description("Super E10");
  fuel.set_unit("l");
  fuel.set_quantity_micros(33'333'333);
  fuel.set_unit_price_micros(1'739'000);
  fuel.set_amount_minor(5'797);
  return receipt;
}

std::string FieldOf(const Error& error) { return error.metadata.at("field"); }

TEST(ReceiptCodec, PricesAndQuantitiesKeepSixDigits) {
  const auto receipt = ToReceipt(Basket());
  ASSERT_TRUE(receipt);
  const Line& line = receipt->lines[0];
  EXPECT_EQ(line.quantity, 33'333'333);
  EXPECT_EQ(line.unit_price, 1'739'000);
  EXPECT_EQ(line.unit, "l");
  EXPECT_EQ(line.description, "Super E10");
  EXPECT_EQ(line.flags, 0U);
}

TEST(ReceiptCodec, TheTaxesOfALineAddUpAndAreKeptApart) {
  v1::Receipt sent = Basket();
  v1::ReceiptLine& line = *sent.mutable_lines(0);
  line.set_tax_mode(v1::TAX_MODE_NET);
  for (const auto& [rate, amount] : {std::pair{40'000, 232}, std::pair{48'750, 283}}) {
    line.add_taxes()->set_rate_millionths(rate);
    line.mutable_taxes(line.taxes_size() - 1)->set_amount_minor(amount);
  }
  auto receipt = ToReceipt(sent);
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->lines[0].tax_rate, 88'750);
  EXPECT_EQ(receipt->lines[0].tax_amount, 515);
  EXPECT_TRUE(receipt->lines[0].tax_net);
  ASSERT_EQ(receipt->lines[0].taxes.size(), 2U);
  EXPECT_EQ(receipt->lines[0].taxes[1].rate, 48'750);
  EXPECT_EQ(receipt->lines[0].taxes[1].amount, 283);

  line.mutable_taxes()->RemoveLast();
  receipt = ToReceipt(sent);
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->lines[0].tax_rate, 40'000);
  EXPECT_TRUE(receipt->lines[0].taxes.empty()) << "one tax is its own sum";
}

TEST(ReceiptCodec, ATotalThatIsNotSentIsTheSumOfTheLines) {
  v1::Receipt sent = Basket();
  EXPECT_EQ(ToReceipt(sent)->total, 5'797);
  v1::ReceiptLine& net = *sent.add_lines();
  net.set_amount_minor(1'000);
  net.set_tax_mode(v1::TAX_MODE_NET);
  net.add_taxes()->set_rate_millionths(88'750);
  *sent.add_lines() = net;
  EXPECT_EQ(ToReceipt(sent)->total, 5'797 + 2'000 + 178) << "177.5 of tax, rounded once a rate and to even";
  sent.mutable_lines(2)->mutable_taxes(0)->set_amount_minor(89);
  EXPECT_EQ(ToReceipt(sent)->total, 5'797 + 2'000 + 89 + 89) << "a tax that is told, and 88.75";
  sent.set_total_minor(0);
  EXPECT_EQ(ToReceipt(sent)->total, 0) << "a total of nothing is a total";

  sent.clear_total_minor();
  sent.clear_lines();
  const auto refused = ToReceipt(sent);
  ASSERT_FALSE(refused);
  EXPECT_EQ(FieldOf(refused.error()), "receipt.total_minor");
}

TEST(ReceiptCodec, EachFlagIsItsOwn) {
  const std::pair<unsigned, std::function<void(v1::ReceiptLine&)>> kFlags[] = {
      {kNoEarning, [](auto& line) { line.set_no_earning(true); }},
      {kNoDiscount, [](auto& line) { line.set_no_discount(true); }},
      {kNoRedemption, [](auto& line) { line.set_no_redemption(true); }},
      {kPrivate, [](auto& line) { line.set_private_(true); }}};
  for (const auto& [flag, set] : kFlags) {
    v1::Receipt sent = Basket();
    set(*sent.mutable_lines(0));
    EXPECT_EQ(ToReceipt(sent)->lines[0].flags, flag);
  }
}

TEST(ReceiptCodec, AKindThatWeDoNotKnowIsGoodsWithoutPoints) {
  for (const int kind : {9, 99, -1}) {
    v1::Receipt sent = Basket();
    sent.mutable_lines(0)->set_kind(static_cast<v1::LineKind>(kind));
    const auto receipt = ToReceipt(sent);
    ASSERT_TRUE(receipt) << kind;
    EXPECT_EQ(receipt->lines[0].kind, LineKind::kGoods);
    EXPECT_TRUE(receipt->lines[0].kind_unknown);
    EXPECT_TRUE(receipt->lines[0].Is(kNoEarning));
  }
  EXPECT_FALSE(ToReceipt(Basket())->lines[0].kind_unknown);
}

TEST(ReceiptCodec, WhatIsBeyondItsLimitNamesTheField) {
  const std::pair<const char*, std::function<void(v1::Receipt&)>> kMistakes[] = {
      {"receipt.lines[0].taxes",
       [](v1::Receipt& r) {
         for (int i = 0; i < 9; ++i) r.mutable_lines(0)->add_taxes();
       }},
      {"receipt.lines[0].taxes[0].rate_millionths",
       [](v1::Receipt& r) { r.mutable_lines(0)->add_taxes()->set_rate_millionths(10'000'001); }},
      {"receipt.lines[0].taxes[0].amount_minor",
       [](v1::Receipt& r) { r.mutable_lines(0)->add_taxes()->set_amount_minor(kMoneyMax + 1); }},
      {"receipt.lines[0].taxes",
       [](v1::Receipt& r) {
         for (int i = 0; i < 2; ++i) r.mutable_lines(0)->add_taxes()->set_rate_millionths(6'000'000);
       }},
      {"receipt.lines[0].tax_mode",
       [](v1::Receipt& r) { r.mutable_lines(0)->set_tax_mode(static_cast<v1::TaxMode>(3)); }},
      {"receipt.lines[0].quantity_micros",
       [](v1::Receipt& r) { r.mutable_lines(0)->set_quantity_micros(kQuantityMax + 1); }},
      {"receipt.lines[0].unit_price_micros",
       [](v1::Receipt& r) { r.mutable_lines(0)->set_unit_price_micros(-kUnitPriceMax - 1); }},
      {"receipt.total_minor",
       [](v1::Receipt& r) {
         for (int i = 0; i < 2; ++i) r.add_lines()->set_amount_minor(kMoneyMax);
       }},
  };
  for (const auto& [field, spoil] : kMistakes) {
    v1::Receipt sent = Basket();
    spoil(sent);
    const auto refused = ToReceipt(sent);
    ASSERT_FALSE(refused) << field;
    EXPECT_EQ(FieldOf(refused.error()), field);
  }
}

}  // namespace
}  // namespace loyalty
