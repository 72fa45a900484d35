#include "clients/table.h"

#include <gtest/gtest.h>

#include "clients/output.h"
#include "clients/progress.h"
#include "clients/text.h"
#include "domain/check.h"
#include "loyalty/v1/ledger_service.pb.h"

namespace loyalty::client {
namespace {

TEST(Table, ColumnsAreAsWideAsWhatIsInThem) {
  Table table({{"store"}, {"points", Align::kRight}});
  table.AddRow({"S1", "1,234"});
  table.AddRow({"a longer one", "5"});
  EXPECT_EQ(table.Render(false),
            "store         points\n"
            "S1             1,234\n"
            "a longer one       5\n");
}

TEST(Table, ARowThatDoesNotFitIsABrokenPromiseInTheReleaseToo) {
  Table table({{"store"}, {"points"}});
  EXPECT_THROW(table.AddRow({"S1"}), BrokenPromise);
  EXPECT_TRUE(table.empty());
}

TEST(Table, WidthIsCountedAsTheTerminalShowsIt) {
  Table table({{"name"}, {"n", Align::kRight}});
  table.AddRow({"Jos\xC3\xA9", "1"});               // one column each
  table.AddRow({"\xE6\x9D\xB1\xE4\xBA\xAC", "2"});  // two wide characters
  table.AddRow({"e\xCC\x81", "3"});                 // combining accent
  EXPECT_EQ(table.Render(false),
            "name  n\n"
            "Jos\xC3\xA9  1\n"
            "\xE6\x9D\xB1\xE4\xBA\xAC  2\n"
            "e\xCC\x81     3\n");
}

TEST(Table, OnlyTitlesAreBoldAndOnlyWhenAsked) {
  Table table({{"a"}});
  table.AddRow({"x"});
  EXPECT_EQ(table.Render(true), "\033[1ma\033[0m\nx\n");
}

TEST(Table, WhatOthersHaveTypedCannotDriveTheTerminal) {
  Table table({{"name"}});
  table.AddRow({"evil\033[2J\nname\xC2\x9B"});
  EXPECT_EQ(table.Render(false), "name\nevil [2J name\n");
}

TEST(Text, WidthIsThatOfATerminal) {
  struct Row {
    const char* text;
    std::size_t width;
  };
  for (const Row& row : {
           Row{"", 0},
           {"Gr\xC3\xBC\xC3\x9F"
            "e",
            5},  // Grüße
           {"Gru\xCC\x88\xC3\x9F"
            "e",
            5},                                          // the same with a combining diaeresis
           {"\xD0\xB8\xCC\x86", 1},                      // Cyrillic й of two parts
           {"\xE0\xA4\x95\xE0\xA5\x8D", 1},              // Devanagari with a virama
           {"\xE0\xB8\x81\xE0\xB8\xB5\xE0\xB9\x89", 1},  // Thai, a vowel and a tone above
           {"\xE6\x9D\xB1\xE4\xBA\xAC", 4},              // 東京
           {"\xED\x95\x9C\xEA\xB8\x80", 4},              // Hangul
           {"\xEF\xBC\xA1", 2},                          // full-width A
           {"\xEF\xBD\xB1", 1},                          // half-width katakana
           {"\xF0\x9F\x98\x80", 2},                      // emoji
           {"\xE2\x8C\x9A", 2},                          // a watch, an emoji of the old plane
           {"\xE2\x82\xAC", 1},                          // the euro sign
           {"a\xE2\x80\x8B"
            "b",
            2},  // a space without width
           {"a\xFF"
            "b",
            3},  // malformed
       })
    EXPECT_EQ(DisplayWidth(row.text), row.width) << row.text;
}

TEST(FactSheet, NamesAreAlignedAndEmptyValuesLeftOut) {
  FactSheet sheet;
  sheet.Add("Member", "members/1");
  sheet.Add("Name", "");
  sheet.Add("Points", "5");
  EXPECT_EQ(sheet.Render(), "Member  members/1\nPoints  5\n");
}

TEST(Text, Utf8IsCheckedStrictly) {
  EXPECT_TRUE(IsValidUtf8("plain \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"));
  for (const char* bad : {"\xFF", "\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "a\x80"})
    EXPECT_FALSE(IsValidUtf8(bad)) << bad;
}

TEST(Numbers, AreGrouped) {
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(1000), "1,000");
  EXPECT_EQ(Grouped(-1234567), "-1,234,567");
  EXPECT_EQ(Grouped(-999), "-999");
}

TEST(Output, EnumsAndMoneyAreReadable) {
  EXPECT_EQ(EnumText(*v1::LotState_descriptor(), v1::LOT_STATE_ACTIVE), "active");
  EXPECT_EQ(EnumText(*v1::EntryType_descriptor(), v1::ENTRY_TYPE_BURN_RESTORE), "burn_restore");
  EXPECT_EQ(EnumText(*v1::LotState_descriptor(), 99), "99");
  EXPECT_EQ(MoneyText(1234, "EUR"), "12.34 EUR");
  EXPECT_EQ(MoneyText(1234, "JPY"), "1234 JPY");
  EXPECT_EQ(MoneyText(1234, ""), "1,234 minor units");
}

TEST(Output, ABalanceNamesOnlyWhatIsThere) {
  v1::Balance balance;
  balance.set_available(120);
  EXPECT_EQ(BalanceText(balance, "EUR"), "120 points");
  balance.set_available_value_minor(120);
  balance.set_pending(3);
  EXPECT_EQ(BalanceText(balance, "EUR"), "120 points = 1.20 EUR, pending 3");
}

TEST(Progress, TellsRateAndRemainingTime) {
  EXPECT_EQ(ProgressText({0, 0}, 0, "receipts"), "0 receipts");
  EXPECT_EQ(ProgressText({10'000, 0.5}, 2, "receipts"), "10,000 receipts, 5,000/s, 0:02 left");
  EXPECT_EQ(ProgressText({100, 0.01}, 1, "receipts"), "100 receipts, 100/s, 1:39 left");
  EXPECT_EQ(ProgressText({100, 0}, 1, "receipts"), "100 receipts, 100/s");
}

}  // namespace
}  // namespace loyalty::client
