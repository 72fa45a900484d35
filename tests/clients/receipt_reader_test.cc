#include "clients/receipt_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/receipt.h"
#include "tests/clients/text_source.h"

namespace loyalty::client {
namespace {

using ::testing::HasSubstr;

const std::string kShort = "card,receipt_no,business_time,store,terminal,currency,kind,total";
const std::string kLong =
    kShort + ",business_date,payment,line_id,line_kind,sku,category,quantity,unit_price,amount,discount,tax_rate";

std::vector<CsvReceipt> ReadAll(const std::string& text, int shift_days = 0) {
  auto reader = ReceiptReader::Open(TextSource(text), StoreZones(*LoadZone("Europe/Berlin")), shift_days);
  EXPECT_TRUE(reader.has_value());
  std::vector<CsvReceipt> receipts;
  while (reader) {
    auto next = reader->Next();
    EXPECT_TRUE(next.has_value());
    if (!next || !next->has_value()) break;
    receipts.push_back(**std::move(next));
  }
  return receipts;
}

CsvReceipt ReadOne(const std::string& text) {
  auto receipts = ReadAll(text);
  EXPECT_EQ(receipts.size(), 1U);
  return receipts.empty() ? CsvReceipt{} : std::move(receipts.front());
}

TEST(ReceiptReader, ATotalOnlyReceiptHasNoLines) {
  const auto receipt = ReadOne(kShort + "\r\n0001,R1,1997-01-01,WEB,T1,USD,sale,29.33\r\n");
  EXPECT_EQ(receipt.reason, "");
  EXPECT_EQ(receipt.request.request_id(), "");
  EXPECT_EQ(receipt.request.terminal(), "stores/WEB/terminals/T1");
  EXPECT_EQ(receipt.request.identifier().card(), "0001");
  const auto& content = receipt.request.receipt();
  EXPECT_EQ(content.receipt_no(), "R1");
  EXPECT_EQ(content.kind(), v1::RECEIPT_KIND_SALE);
  EXPECT_EQ(content.currency_code(), "USD");
  EXPECT_EQ(content.total_minor(), 2933);
  EXPECT_EQ(content.lines_size(), 0);
  EXPECT_EQ(content.business_date(), "");
  EXPECT_EQ(content.business_time().seconds(), 852073200);  // midnight of the store
}

TEST(ReceiptReader, RowsOfOneReceiptBecomeItsLines) {
  const auto receipts =
      ReadAll(kLong +
              "\n,7,2026-01-02T10:00:00Z,S1,T1,EUR,sale,6.50,2026-01-02,points:1.00,1,goods,A1,food;bio,2,"
              "1.75,3.00,0.50,19\n"
              ",7,2026-01-02T10:00:00Z,S1,T1,EUR,sale,6.50,2026-01-02,points:1.00,2,deposit,,,0.350,,"
              "3.50,,7.75\n"
              "C2,8,2026-01-02T10:00:01Z,S1,T1,EUR,sale,1.00,,,,,,,,,1.00,,\n");
  ASSERT_EQ(receipts.size(), 2U);
  const auto& first = receipts[0].request;
  EXPECT_EQ(receipts[0].reason, "");
  EXPECT_FALSE(first.has_identifier());
  EXPECT_EQ(first.receipt().business_date(), "2026-01-02");
  ASSERT_EQ(first.receipt().lines_size(), 2);
  const auto& goods = first.receipt().lines(0);
  EXPECT_EQ(goods.line_id(), "1");
  EXPECT_EQ(goods.kind(), v1::LINE_KIND_GOODS);
  EXPECT_EQ(goods.sku(), "A1");
  ASSERT_EQ(goods.category_ids_size(), 2);
  EXPECT_EQ(goods.category_ids(1), "bio");
  EXPECT_EQ(goods.quantity_micros(), 2'000'000);
  EXPECT_EQ(goods.unit_price_micros(), 1'750'000);
  EXPECT_EQ(goods.amount_minor(), 300);
  EXPECT_EQ(goods.discount_minor(), 50);
  EXPECT_EQ(goods.taxes(0).rate_millionths(), 190'000);
  const auto& deposit = first.receipt().lines(1);
  EXPECT_EQ(deposit.kind(), v1::LINE_KIND_DEPOSIT);
  EXPECT_EQ(deposit.quantity_micros(), 350'000);
  EXPECT_EQ(deposit.taxes(0).rate_millionths(), 77'500);
  ASSERT_EQ(first.receipt().payments_size(), 1);
  EXPECT_EQ(first.receipt().payments(0).amount_minor(), 100);
  EXPECT_EQ(receipts[1].index, 1);
  EXPECT_EQ(receipts[1].request.receipt().lines(0).quantity_micros(), 1'000'000);
  EXPECT_FALSE(receipts[1].request.receipt().lines(0).taxes_size() > 0);
}

TEST(ReceiptReader, WhatRealTillsSendIsTaken) {
  const std::string header = kShort + ",line_id,sku,quantity,amount,discount\n";
  const std::vector<std::string> rows{
      "936,1,2017-12-31T22:47:38,S299,T1,USD,sale,0.00,1,5978656,0,0.00,12.99",      // a basket of nothing
      "493,2,2017-01-01T11:44:43,S422,T1,USD,sale,18.46,1,6534178,8396,18.46,0.84",  // fuel by the drop
      "1,3,2017-01-01T11:44:43,S422,T1,USD,sale,10.00,1,6534178,32623,10.00,",       // the largest quantity seen
      "1,4,2017-01-01T11:44:43,S422,T1,USD,sale,1.00,1,9,3,1.00,0.00",               // not quantity x whole cents
      "1,5,2017-01-01T11:44:43,S422,T1,USD,sale,-0.50,1,9,-2,-0.50,-0.10",           // bottles brought back
      "1,6,2017-01-01,S422,T1,USD,sale,1,1,,,1.00,",                                 // a date, a total without decimals
      "1,7,2017-01-01T11:44:43.123456+05:30,S422,T1,USD,sale,+1.500,1,,,1.00,",      // more decimals, all zero
      "1,8,2017-01-01 11:44,S422,T1,USD,sale,1.00, 1 , 9 , 1 , 1.00 ,",              // blanks around values
  };
  std::string text = header;
  for (const auto& row : rows) text += row + "\n";
  const auto receipts = ReadAll(text);
  ASSERT_EQ(receipts.size(), rows.size());
  for (const auto& receipt : receipts) EXPECT_EQ(receipt.reason, "") << receipt.message;
  EXPECT_EQ(receipts[2].request.receipt().lines(0).quantity_micros(), 32'623'000'000);
  EXPECT_EQ(receipts[6].request.receipt().business_time().nanos(), 123'456'000);
}

TEST(ReceiptReader, MoneyHasTheDigitsOfItsCurrency) {
  const auto receipts = ReadAll(kShort +
                                "\n1,1,2026-01-02,S,T,JPY,sale,500\n"
                                "1,2,2026-01-02,S,T,KWD,sale,1.234\n"
                                "1,3,2026-01-02,S,T,JPY,sale,5.5\n"
                                "1,4,2026-01-02,S,T,EUR,sale,1.234\n");
  ASSERT_EQ(receipts.size(), 4U);
  EXPECT_EQ(receipts[0].request.receipt().total_minor(), 500);
  EXPECT_EQ(receipts[1].request.receipt().total_minor(), 1234);
  EXPECT_EQ(receipts[2].reason, "VALUE_INVALID");
  EXPECT_EQ(receipts[3].reason, "VALUE_INVALID");
}

TEST(ReceiptReader, LocalTimesFollowTheClocksOfTheStore) {
  const auto seconds = [](const std::string& time) {
    return ReadOne(kShort + "\n1,1," + time + ",S,T,EUR,sale,1.00\n").request.receipt().business_time().seconds();
  };
  EXPECT_EQ(seconds("2026-10-25T02:30:00"), seconds("2026-10-25T02:30:00+02:00"));  // twice: the first
  EXPECT_EQ(seconds("2026-03-29T02:30:00"), seconds("2026-03-29T03:30:00+02:00"));  // never: on by the gap
  EXPECT_EQ(seconds("2026-07-01"), seconds("2026-07-01T00:00:00+02:00"));
}

TEST(ReceiptReader, EachStoreHasItsOwnZone) {
  StoreZones zones(*LoadZone("Europe/Berlin"));
  zones.Set("NY", *LoadZone("America/New_York"));
  auto reader = ReceiptReader::Open(TextSource(kShort + "\n1,1,2026-01-02T10:00:00,NY,T,USD,sale,1\n"), zones, 0);
  ASSERT_TRUE(reader);
  const auto next = reader->Next();
  ASSERT_TRUE(next && next->has_value());
  EXPECT_EQ((*next)->request.receipt().business_time().seconds(), 1767366000);
}

TEST(ReceiptReader, AShiftMovesTimeAndDateByWholeDays) {
  const auto receipts =
      ReadAll(kLong + "\n1,1,2026-01-02T23:30:00,S,T,EUR,sale,1.00,2026-01-02,,,,,,,,1.00,,\n", 7 * 13);
  ASSERT_EQ(receipts.size(), 1U);
  EXPECT_EQ(receipts[0].request.receipt().business_date(), "2026-04-03");
  // 23:30 in summer time.
  EXPECT_EQ(receipts[0].request.receipt().business_time().seconds(),
            *ParseTime("2026-04-03T23:30:00+02:00", absl::UTCTimeZone()) / kSecond);
}

struct BadCase {
  const char* name;
  std::string rows;  // the second row of the receipt, line 3, is the bad one
  const char* reason;
  const char* message;
};

TEST(ReceiptReader, OneBadRowRejectsItsReceiptAndNamesTheLine) {
  const std::string good = "1,1,2026-01-02T10:00,S,T,EUR,sale,2.00,,,1,,,,1,,1.00,,\n";
  const std::vector<BadCase> cases{
      {"another card", "2,1,2026-01-02T10:00,S,T,EUR,sale,2.00,,,2,,,,1,,1.00,,\n", "RECEIPT_COLUMNS_DIFFER", "card"},
      {"another total", "1,1,2026-01-02T10:00,S,T,EUR,sale,3.00,,,2,,,,1,,1.00,,\n", "RECEIPT_COLUMNS_DIFFER", "total"},
      {"another currency", "1,1,2026-01-02T10:00,S,T,USD,sale,2.00,,,2,,,,1,,1.00,,\n", "RECEIPT_COLUMNS_DIFFER",
       "currency"},
      {"another payment", "1,1,2026-01-02T10:00,S,T,EUR,sale,2.00,,points,2,,,,1,,1.00,,\n", "RECEIPT_COLUMNS_DIFFER",
       "payment"},
      {"amount", "1,1,2026-01-02T10:00,S,T,EUR,sale,2.00,,,2,,,,1,,abc,,\n", "VALUE_INVALID", "amount"},
      {"amount with too many decimals", "1,1,2026-01-02T10:00,S,T,EUR,sale,2.00,,,2,,,,1,,1.005,,\n", "VALUE_INVALID",
       "amount"},
      {"quantity with seven decimals", "1,1,2026-01-02T10:00,S,T,EUR,sale,2.00,,,2,,,,0.1234567,,1.00,,\n",
       "VALUE_INVALID", "quantity"},
      {"unit price", "1,1,2026-01-02T10:00,S,T,EUR,sale,2.00,,,2,,,,1,x,1.00,,\n", "VALUE_INVALID", "unit_price"},
      {"discount", "1,1,2026-01-02T10:00,S,T,EUR,sale,2.00,,,2,,,,1,,1.00,1e3,\n", "VALUE_INVALID", "discount"},
      {"tax rate", "1,1,2026-01-02T10:00,S,T,EUR,sale,2.00,,,2,,,,1,,1.00,,-1\n", "VALUE_INVALID", "tax_rate"},
      {"line kind", "1,1,2026-01-02T10:00,S,T,EUR,sale,2.00,,,2,thing,,,1,,1.00,,\n", "VALUE_INVALID", "line_kind"},
      {"no amount at all", "1,1,2026-01-02T10:00,S,T,EUR,sale,2.00,,,2,,,,1,,,,\n", "VALUE_INVALID", "amount"},
      {"too few fields", "1,1,2026-01-02T10:00,S,T,EUR,sale,2.00\n", "ROW_UNREADABLE", "8 fields"},
      {"not UTF-8", "1,1,2026-01-02T10:00,S,T,EUR,sale,2.00,,,2,,\xFF,,1,,1.00,,\n", "ROW_UNREADABLE", "UTF-8"},
  };
  for (const auto& test : cases) {
    SCOPED_TRACE(test.name);
    const auto receipts = ReadAll(kLong + "\n" + good + test.rows);
    ASSERT_FALSE(receipts.empty());
    EXPECT_EQ(receipts[0].reason, test.reason);
    EXPECT_THAT(receipts[0].message, HasSubstr(test.message));
    // A missing amount is only known at the end: the whole receipt is named by its first line.
    EXPECT_THAT(receipts[0].message, HasSubstr(std::string(test.name) == "no amount at all" ? "line 2: " : "line 3: "));
    std::size_t rows = 0;
    for (const auto& receipt : receipts) {
      EXPECT_NE(receipt.reason, "");
      rows += receipt.rows.size();
    }
    EXPECT_EQ(rows, 2U);  // every row of the file is in the rejects
  }
}

TEST(ReceiptReader, BadReceiptColumnsNameTheColumn) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"1,,2026-01-02,S,T,EUR,sale,1", "receipt_no"},
      {"1,1,,S,T,EUR,sale,1", "business_time"},
      {"1,1,2026-02-30,S,T,EUR,sale,1", "business_time"},
      {"1,1,yesterday,S,T,EUR,sale,1", "business_time"},
      {"1,1,2026-01-02,,T,EUR,sale,1", "store"},
      {"1,1,2026-01-02,S,,EUR,sale,1", "terminal"},
      {"1,1,2026-01-02,S,T,,sale,1", "currency"},
      {"1,1,2026-01-02,S,T,XXX,sale,1", "currency"},
      {"1,1,2026-01-02,S,T,EUR,,1", "kind"},
      {"1,1,2026-01-02,S,T,EUR,SALE,1", "kind"},
      {"1,1,2026-01-02,S,T,EUR,sale,", "total"},
      {"1,1,2026-01-02,S,T,EUR,sale,1.0.0", "total"},
      {"1,1,2026-01-02,S,T,EUR,sale,99999999999999999999", "total"},
  };
  for (const auto& [row, column] : cases) {
    const auto receipt = ReadOne(kShort + "\n" + row + "\n");
    EXPECT_EQ(receipt.reason, "VALUE_INVALID") << row;
    EXPECT_THAT(receipt.message, HasSubstr("line 2: " + column)) << row;
  }
}

TEST(ReceiptReader, AnUnreadableRowRejectsBothNeighbours) {
  const auto row = [](const char* number) {
    return std::string("1,") + number + ",2026-01-02T10:00,S,T,EUR,sale,1.00,,,1,,,,1,,1.00,,\n";
  };
  const auto receipts = ReadAll(kLong + "\n" + row("1") + row("2") + "broken \"row\n" + row("3") + row("4"));
  ASSERT_EQ(receipts.size(), 5U);
  EXPECT_EQ(receipts[0].reason, "");
  EXPECT_EQ(receipts[1].reason, "ROW_UNREADABLE");
  EXPECT_EQ(receipts[2].reason, "ROW_UNREADABLE");
  EXPECT_EQ(receipts[3].reason, "ROW_UNREADABLE");
  EXPECT_EQ(receipts[4].reason, "");
}

TEST(ReceiptReader, WithoutLineColumnsARowStandsForItself) {
  const std::string row = "1,1,2026-01-02,S,T,EUR,sale,1.00\n";
  const auto receipts = ReadAll(kShort + "\n" + row + "broken\n" + row);
  ASSERT_EQ(receipts.size(), 3U);
  EXPECT_EQ(receipts[0].reason, "");
  EXPECT_EQ(receipts[1].reason, "ROW_UNREADABLE");
  EXPECT_EQ(receipts[2].reason, "");
}

TEST(ReceiptReader, TheKeyTellsReceiptsApart) {
  // Each row differs from the one before in one part of the key, or comes back after another receipt.
  const auto receipts = ReadAll(kLong +
                                "\n1,1,2026-01-02T10:00,S,T,EUR,sale,1.00,,,1,,,,1,,1.00,,\n"
                                "1,2,2026-01-02T10:00,S,T,EUR,sale,1.00,,,1,,,,1,,1.00,,\n"
                                "1,2,2026-01-03T10:01,S,T,EUR,sale,1.00,,,1,,,,1,,1.00,,\n"
                                "1,2,2026-01-03T10:01,S,U,EUR,sale,1.00,,,1,,,,1,,1.00,,\n"
                                "1,2,2026-01-03T10:01,R,U,EUR,sale,1.00,,,1,,,,1,,1.00,,\n"
                                "1,2,2026-01-03T10:01,R,U,EUR,sale,1.00,2026-01-02,,1,,,,1,,1.00,,\n"
                                "1,2,2026-01-03T10:01,R,U,EUR,sale,1.00,2026-01-03,,1,,,,1,,1.00,,\n"
                                "1,1,2026-01-02T10:00,S,T,EUR,sale,1.00,,,1,,,,1,,1.00,,\n");
  ASSERT_EQ(receipts.size(), 8U);
  for (const auto& receipt : receipts) EXPECT_EQ(receipt.reason, "") << receipt.message;
}

TEST(ReceiptReader, WithABusinessDateAnotherTimeIsADifferenceNotAnotherReceipt) {
  const auto receipt = ReadOne(kLong +
                               "\n1,1,2026-01-02T10:00,S,T,EUR,sale,1.00,2026-01-02,,1,,,,1,,1.00,,\n"
                               "1,1,2026-01-02T10:01,S,T,EUR,sale,1.00,2026-01-02,,2,,,,1,,1.00,,\n");
  EXPECT_EQ(receipt.reason, "RECEIPT_COLUMNS_DIFFER");
  EXPECT_THAT(receipt.message, HasSubstr("business_time"));
}

TEST(ReceiptReader, WithoutABusinessDateAnotherTimeOfTheSameDayIsADifferenceNotAnotherReceipt) {
  const auto row = [](const char* time) { return std::string("1,1,") + time + ",S,T,EUR,sale,2.00,,,,,,,1,,1.00,,\n"; };
  // Berlin: 23:30 UTC in summer is the next day there, and so is 00:10.
  for (const auto& [first, second] : std::vector<std::pair<const char*, const char*>>{
           {"2026-01-02T10:00", "2026-01-02T10:01"},
           {"2026-01-02", "2026-01-02T23:59:59"},
           {"2026-07-01T23:30:00Z", "2026-07-02T00:10"},
           {"2026-01-02T10:00", "later"},
           {"2026-01-02T10:00", ""},
       }) {
    const auto receipt = ReadOne(kLong + "\n" + row(first) + row(second));
    EXPECT_EQ(receipt.reason, "RECEIPT_COLUMNS_DIFFER") << second;
    EXPECT_THAT(receipt.message, HasSubstr("line 3: business_time"));
    EXPECT_EQ(receipt.rows.size(), 2U);
  }
  const auto receipts = ReadAll(kLong + "\n" + row("2026-07-01T21:30:00Z") + row("2026-07-01T22:30:00Z"));
  ASSERT_EQ(receipts.size(), 2U) << "two days, two receipts with the same number";
  for (const auto& receipt : receipts) EXPECT_EQ(receipt.reason, "") << receipt.message;
}

TEST(ReceiptReader, RatesPricesAndQuantitiesKeepTheirDecimals) {
  const auto good = ReadOne(kLong + "\n1,1,2026-01-02,S,T,USD,sale,1.00,,,1,,,,0.33333,1.739,,,8.875\n");
  ASSERT_EQ(good.reason, "") << good.message;
  const auto& line = good.request.receipt().lines(0);
  EXPECT_EQ(line.quantity_micros(), 333'330);
  EXPECT_EQ(line.unit_price_micros(), 1'739'000);
  EXPECT_EQ(line.amount_minor(), 58) << "0.5796..., rounded once";
  EXPECT_EQ(line.taxes(0).rate_millionths(), 88'750);
  const auto bad = ReadOne(kLong + "\n1,1,2026-01-02,S,T,USD,sale,1.00,,,1,,,,1,,1.00,,8.87501\n");
  EXPECT_EQ(bad.reason, "VALUE_INVALID");
  EXPECT_THAT(bad.message, HasSubstr("tax_rate: not a decimal number with up to 4 decimals: '8.87501'"));
}

TEST(ReceiptReader, AmountsThatAreNotGivenAreComputed) {
  const auto by_price = ReadOne(kLong + "\n1,1,2026-01-02,S,T,EUR,sale,5.00,,,1,,,,1.5,2.33,,0.10,\n");
  EXPECT_EQ(by_price.request.receipt().lines(0).amount_minor(), 340);  // 3.495 -> 3.50, less 0.10
  const auto by_total = ReadOne(kLong + "\n1,1,2026-01-02,S,T,EUR,sale,5.00,,,,,A1,,,,,,\n");
  EXPECT_EQ(by_total.request.receipt().lines(0).amount_minor(), 500);
  const auto no_line = ReadOne(kLong + "\n1,1,2026-01-02,S,T,EUR,sale,5.00,,,,,,,,,,,\n");
  EXPECT_EQ(no_line.reason, "");
  EXPECT_EQ(no_line.request.receipt().lines_size(), 0);
}

TEST(ReceiptReader, ReturnsAreRejectedAsReturnsWhateverElseIsOddAboutThem) {
  for (const std::string row : {
           "1,C1,2026-01-02,S,T,GBP,return,-27.50,,,,,,,,,,,",
           "1,C1,2026-01-02,S,T,GBP,return,-5.00,,other:-5.00,,,,,,,,,",
           "1,C1,never,S,T,GBP,return,x,,,,,,,,,,,",
           "1,C1,2026-01-02,S,T,GBP,return,-5.00,,,1,,A1,,-1,,x,,",
       }) {
    const auto receipt = ReadOne(kLong + "\n" + row + "\n");
    EXPECT_EQ(receipt.reason, "RETURN_NOT_SUPPORTED") << row;
    EXPECT_THAT(receipt.message, HasSubstr("line 2: "));
  }
}

TEST(ReceiptReader, NoReceiptHasMoreLinesThanAServerTakes) {
  std::string text = kLong + "\n";
  for (std::size_t i = 0; i <= kLinesMax; ++i)
    text += "1,1,2026-01-02,S,T,EUR,sale,5.00,,," + std::to_string(i) + ",,,,1,,1.00,,\n";
  const auto receipt = ReadOne(text);
  EXPECT_EQ(receipt.reason, "TOO_MANY_LINES");
  EXPECT_EQ(receipt.rows.size(), kLinesMax + 1);
}

TEST(ReceiptReader, AFileWithoutAProperHeaderIsRefused) {
  const auto message = [](const std::string& text) {
    const auto reader = ReceiptReader::Open(TextSource(text), StoreZones(), 0);
    return reader ? std::string() : reader.error().message;
  };
  EXPECT_THAT(message(""), HasSubstr("empty"));
  EXPECT_THAT(message("1,R1,2026-01-02,S,T,EUR,sale,1\n"), HasSubstr("missing card"));
  EXPECT_THAT(message("card,receipt_no,business_time,store,terminal,kind,total\n"), HasSubstr("missing currency"));
  EXPECT_THAT(message(kShort + ",card\n"), HasSubstr("'card' occurs twice"));
  EXPECT_EQ(message("\xEF\xBB\xBF" + kShort + "\r\n"), "");
}

TEST(ReceiptReader, ColumnsComeInAnyOrderAndUnknownOnesAreNamed) {
  auto reader =
      ReceiptReader::Open(TextSource("total,kind,colour,currency,terminal,store,business_time,receipt_no,card\n"
                                     "1.00,sale,red,EUR,T,S,2026-01-02,R1,C1\n"),
                          StoreZones(), 0);
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->columns().unknown(), std::vector<std::string>{"colour"});
  const auto next = reader->Next();
  ASSERT_TRUE(next && next->has_value());
  EXPECT_EQ((*next)->reason, "");
  EXPECT_EQ((*next)->request.receipt().receipt_no(), "R1");
}

}  // namespace
}  // namespace loyalty::client
