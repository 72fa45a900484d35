#include "clients/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/clients/text_source.h"

namespace loyalty::client {
namespace {

using ::testing::ElementsAre;
using Fields = std::vector<std::string>;

std::vector<CsvRecord> ReadAll(const std::string& text, std::size_t piece = 1 << 20) {
  CsvReader reader(TextSource(text, piece));
  std::vector<CsvRecord> records;
  CsvRecord record;
  for (;;) {
    const auto found = reader.Next(record);
    EXPECT_TRUE(found.has_value());
    if (!found || !*found) return records;
    records.push_back(record);
  }
}

struct GoodCase {
  const char* name;
  std::string text;
  std::vector<Fields> records;
};

TEST(Csv, ReadsWhatRfc4180Allows) {
  const std::vector<GoodCase> cases{
      {"plain", "a,b\nc,d\n", {{"a", "b"}, {"c", "d"}}},
      {"no line end at the end", "a,b", {{"a", "b"}}},
      {"CRLF", "a,b\r\nc,d\r\n", {{"a", "b"}, {"c", "d"}}},
      {"lone CR at the end", "a,b\r", {{"a", "b"}}},
      {"byte order mark",
       "\xEF\xBB\xBF"
       "a,b\n",
       {{"a", "b"}}},
      {"quoted comma", "\"a,b\",c\n", {{"a,b", "c"}}},
      {"doubled quotes", "\"say \"\"hi\"\"\"\n", {{"say \"hi\""}}},
      {"line end inside quotes", "\"a\nb\",c\nd,e\n", {{"a\nb", "c"}, {"d", "e"}}},
      {"CRLF inside quotes stays", "\"a\r\nb\"\r\n", {{"a\r\nb"}}},
      {"quoted before CRLF", "a,\"b\"\r\n", {{"a", "b"}}},
      {"empty fields", ",,\n", {{"", "", ""}}},
      {"empty quoted field", "\"\",a\n", {{"", "a"}}},
      {"empty lines are skipped", "a\n\n\r\nb\n", {{"a"}, {"b"}}},
      {"UTF-8", "Jos\xC3\xA9,\xE2\x82\xAC\n", {{"Jos\xC3\xA9", "\xE2\x82\xAC"}}},
      {"nothing", "", {}},
      {"only a byte order mark", "\xEF\xBB\xBF", {}},
  };
  for (const auto& test : cases) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{1000}}) {
      SCOPED_TRACE(std::string(test.name) + ", in pieces of " + std::to_string(piece));
      const auto records = ReadAll(test.text, piece);
      ASSERT_EQ(records.size(), test.records.size());
      for (std::size_t i = 0; i < records.size(); ++i) {
        EXPECT_EQ(records[i].fields, test.records[i]);
        EXPECT_EQ(records[i].problem, "");
      }
    }
  }
}

TEST(Csv, NamesTheLineWhereARecordStarts) {
  const auto records = ReadAll("h\n\"two\nlines\"\n\nlast\n");
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0].line, 1);
  EXPECT_EQ(records[1].line, 2);
  EXPECT_EQ(records[1].raw, "\"two\nlines\"");
  EXPECT_EQ(records[2].line, 5);
}

TEST(Csv, ABadRecordIsNamedAndTheNextOneIsRead) {
  for (const std::string bad : {"\"a\"b,c", "a\"b,c", "\xFF,c", "\xC0\xAF,c", "\xED\xA0\x80,c"}) {
    const auto records = ReadAll(bad + "\nnext\n");
    ASSERT_EQ(records.size(), 2U) << bad;
    EXPECT_NE(records[0].problem, "") << bad;
    EXPECT_EQ(records[0].raw, bad);
    EXPECT_EQ(records[1].problem, "") << bad;
    EXPECT_THAT(records[1].fields, ElementsAre("next"));
    EXPECT_EQ(records[1].line, 2);
  }
}

TEST(Csv, AnUnclosedQuoteCostsOnlyItsLine) {
  const auto records = ReadAll("\"never closed,x\na,b\nc,d\n");
  ASSERT_EQ(records.size(), 3U);
  EXPECT_NE(records[0].problem, "");
  EXPECT_EQ(records[0].raw, "\"never closed,x");
  EXPECT_THAT(records[2].fields, ElementsAre("c", "d"));
}

TEST(Csv, AnUnclosedQuoteDoesNotSwallowABigFile) {
  std::string text = "\"never closed\n";
  for (int i = 0; i < 50'000; ++i) text += "row," + std::to_string(i) + "\n";
  const auto records = ReadAll(text, 4096);
  ASSERT_EQ(records.size(), 50'001U);
  EXPECT_THAT(records.back().fields, ElementsAre("row", "49999"));
  EXPECT_EQ(records.back().line, 50'001);
}

TEST(Csv, ARowThatIsTooLongIsRefused) {
  const auto records = ReadAll(std::string(CsvReader::kRecordBytesMax + 10, 'x') + "\nnext\n", 1000);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_NE(records[0].problem, "");
  EXPECT_THAT(records[1].fields, ElementsAre("next"));
}

TEST(Csv, WhatIsWrittenAsAFieldIsReadAsIt) {
  for (const std::string text : {"plain", "a,b", "say \"hi\"", "two\nlines", ""}) {
    const auto records = ReadAll(CsvField(text) + ",end\n");
    ASSERT_EQ(records.size(), 1U);
    EXPECT_THAT(records[0].fields, ElementsAre(text, "end"));
  }
}

}  // namespace
}  // namespace loyalty::client
