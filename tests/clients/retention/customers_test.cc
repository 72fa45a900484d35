#include "clients/retention/customers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/clients/retention/receipts_text.h"

namespace loyalty::client {
namespace {

using ::testing::HasSubstr;

TEST(Customers, PurchasesOfADayAreOnePurchaseDayWhateverTheOrder) {
  const auto customers =
      CustomersOf(kReceiptsHeader + SaleRow("B", "2026-01-05", "1.00") + SaleRow("A", "2026-01-09T10:00:00", "2.00") +
                      SaleRow("A", "2026-01-02T10:00:00", "3.00") + SaleRow("A", "2026-01-09T18:00:00", "4.00"),
                  WindowUntil("2026-01-31"));
  EXPECT_EQ(customers.receipts, 4);
  const auto at_end = CustomersAt(customers, *ParseDay("2026-01-31"));
  ASSERT_EQ(at_end.size(), 2U);
  EXPECT_EQ(at_end[0].card, "A");
  EXPECT_EQ(at_end[0].history.repeats, 1);
  EXPECT_EQ(at_end[0].history.recency_days, 7);
  EXPECT_EQ(at_end[0].history.age_days, 29) << "the last day counts as known";
  EXPECT_EQ(at_end[0].summary.amount, 900);
  EXPECT_EQ(CustomersAt(customers, *ParseDay("2026-01-04")).size(), 1U);
}

TEST(Customers, OnlySalesWithACardAndGoodsWithinTheDaysCount) {
  ReceiptWindow window = WindowUntil("2026-01-31");
  window.from = *ParseDay("2026-01-02");
  const auto customers = CustomersOf(kReceiptsHeader + SaleRow("A", "2026-01-01", "1.00") +
                                         SaleRow("A", "2026-01-02", "1.00") + SaleRow("A", "2026-01-31", "1.00") +
                                         SaleRow("A", "2026-02-01", "1.00") + SaleRow("", "2026-01-05", "1.00") +
                                         SaleRow("A", "2026-01-06", "-1.00") + "A,1,2026-01-07,S,T,EUR,return,1.00\n",
                                     window);
  EXPECT_EQ(customers.receipts, 2);
  EXPECT_EQ(customers.outside, 2);
  EXPECT_EQ(customers.without_card, 1);
  EXPECT_EQ(customers.no_goods, 1);
  EXPECT_EQ(customers.returns, 1);
}

TEST(Customers, TheDayIsTheStoresAsTheFileSays) {
  const std::string header = "card,receipt_no,business_time,store,terminal,currency,kind,total,business_date\n";
  const auto customers = CustomersOf(header + "A,1,2026-01-05T23:30:00-05:00,S,T,EUR,sale,1.00,\n" +
                                         "B,1,2026-01-06T02:00:00,S,T,EUR,sale,1.00,2026-01-05\n",
                                     WindowUntil("2026-01-31"));
  EXPECT_EQ(customers.by_card.at("A").front().day, *ParseDay("2026-01-05"));
  EXPECT_EQ(customers.by_card.at("B").front().day, *ParseDay("2026-01-05"));
}

TEST(Customers, GoodsAfterDiscountsAreTheMoney) {
  const std::string header =
      "card,receipt_no,business_time,store,terminal,currency,kind,total,line_id,line_kind,quantity,amount,discount\n";
  const auto customers = CustomersOf(header + "A,1,2026-01-05,S,T,EUR,sale,3.25,1,goods,1,3.00,0.50\n" +
                                         "A,1,2026-01-05,S,T,EUR,sale,3.25,2,deposit,1,0.25,\n" +
                                         "A,2,2026-01-06,S,T,EUR,sale,-0.25,1,deposit_return,1,-0.25,\n",
                                     WindowUntil("2026-01-31"));
  ASSERT_EQ(customers.by_card.at("A").size(), 1U);
  EXPECT_EQ(customers.by_card.at("A").front().amount, 300);
  EXPECT_EQ(customers.by_card.at("A").front().discount, 50);
  EXPECT_EQ(customers.no_goods, 1);
}

TEST(Customers, AWrongReceiptIsNamedByFileAndLine) {
  const std::string good = kReceiptsHeader + SaleRow("A", "2026-01-01", "1.00");
  const std::string large = SaleRow("A", "2026-01-01", "9999999999999.99");
  std::string too_much = good;
  for (int i = 0; i < 9300; ++i) too_much += large;
  for (const auto& [text, what] : std::vector<std::pair<std::string, std::string>>{
           {good + SaleRow("A", "2026-02-30", "1.00"), "r.csv: line 3: business_time"},
           {good + SaleRow("A", "2026-01-02", "1,00"), "r.csv: line 3: 9 fields"},
           {good + SaleRow("A", "2026-01-02", "x"), "r.csv: line 3: total"},
           {good + "A,1,2026-01-02,S,T,USD,sale,1.00\n", "r.csv: line 3: currency is USD, but EUR"},
           {too_much, "more money than can be counted"}}) {
    Customers customers;
    const auto failed = AddText(text, WindowUntil("2026-01-31"), customers);
    ASSERT_TRUE(failed.has_value()) << what;
    EXPECT_EQ(failed->code, ExitCode::kUsage);
    EXPECT_THAT(failed->what, HasSubstr(what));
  }
}

}  // namespace
}  // namespace loyalty::client
