#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <set>

#include "tests/storage/sample_table.h"

namespace loyalty::storage {
namespace {

using test::SampleRow;

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kBeyondDouble = (std::int64_t{1} << 53) + 1;
const std::vector<std::int64_t> kNumbers = {kMin,          kMin + 1,       -kBeyondDouble, -1,       0,   1,
                                            2'147'483'648, -2'147'483'649, kBeyondDouble,  kMax - 1, kMax};

const std::vector<std::string> kColumns = {"id", "number", "text", "bytes", "version"};
const SetStatement kInsert = SetStatement::Insert("sample", kColumns, "iitti");
const SetStatement kInsertOrIgnore = SetStatement::InsertOrIgnore("sample", kColumns, "iitti");
const SetStatement kUpsert = SetStatement::Upsert("sample", kColumns, 1, "iitti");
const SetStatement kUpdate = SetStatement::Update("sample", {"id"}, {"number", "text"}, false, "iit");
const SetStatement kGuarded = SetStatement::Update("sample", {"id"}, {"number", "text"}, true, "iiti");
const SetStatement kByNumber =
    SetStatement::SelectIn("SELECT number, id FROM sample WHERE number", "i", " ORDER BY id", "ii");
const SetStatement kByBytes = SetStatement::SelectIn("SELECT bytes, id FROM sample WHERE bytes", "t", "", "ti");
const SetStatement kJoin =
    SetStatement::SelectJoin("SELECT v.c1, v.c2, v.c3, s.number, s.text", "sample s ON s.id = v.c1", "iit", "iittt");
const SetStatement kEach = SetStatement::SelectEach("SELECT id, number FROM sample WHERE number = ?", "i", "ii");

class RoundTripTest : public test::SampleTable {
 protected:
  void InsertNumbers(const SetStatement& statement) {
    Rows rows(5);
    for (std::size_t i = 0; i < kNumbers.size(); ++i)
      rows.Add(std::int64_t(i), kNumbers[i], Cell(), Cell(), kNumbers[i]);
    session_.Write(statement, rows);
  }
  void ExpectNumbers(std::int64_t version_added = 0) {
    const auto rows = ReadAll();
    ASSERT_EQ(rows.size(), kNumbers.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(rows[i].number, kNumbers[i]);
      EXPECT_EQ(rows[i].version, kNumbers[i] + version_added);
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, RoundTripTest, test::kBothEngines, test::EngineName);

TEST_P(RoundTripTest, SixtyFourBitsSurviveInsert) {
  InsertNumbers(kInsert);
  ExpectNumbers();
}

TEST_P(RoundTripTest, SixtyFourBitsSurviveInsertOrIgnore) {
  InsertNumbers(kInsertOrIgnore);
  ExpectNumbers();
}

TEST_P(RoundTripTest, SixtyFourBitsSurviveUpsertOfNewAndOldRows) {
  InsertNumbers(kUpsert);
  ExpectNumbers();
  session_.Run("UPDATE sample SET number = 7, version = 7");
  InsertNumbers(kUpsert);
  ExpectNumbers();
}

TEST_P(RoundTripTest, SixtyFourBitsSurviveUpdates) {
  Rows rows(5);
  for (std::size_t i = 0; i < kNumbers.size(); ++i) rows.Add(std::int64_t(i), 7, Cell(), Cell(), 7);
  session_.Write(kInsert, rows);
  Rows plain(3), guarded(4);
  for (std::size_t i = 0; i < kNumbers.size(); ++i) {
    plain.Add(std::int64_t(i), kNumbers[kNumbers.size() - 1 - i], Cell());
    guarded.Add(std::int64_t(i), kNumbers[i], Cell(), 7);
  }
  EXPECT_EQ(session_.Write(kUpdate, plain), std::int64_t(kNumbers.size()));
  EXPECT_EQ(ReadAll().front().number, kNumbers.back());
  EXPECT_EQ(session_.Write(kGuarded, guarded), std::int64_t(kNumbers.size()));
  for (const auto& row : ReadAll()) {
    EXPECT_EQ(row.number, kNumbers[static_cast<std::size_t>(row.id)]);
    EXPECT_EQ(row.version, 8);
  }
}

// The guard itself must compare all bits: a version that differs in the last one is another version.
TEST_P(RoundTripTest, TheGuardComparesSixtyFourBits) {
  Rows rows(5);
  rows.Add(1, Cell(), Cell(), Cell(), kBeyondDouble);
  session_.Write(kInsert, rows);
  Rows wrong(4), right(4);
  wrong.Add(1, 5, Cell(), kBeyondDouble - 1);
  right.Add(1, 5, Cell(), kBeyondDouble);
  EXPECT_EQ(session_.Write(kGuarded, wrong), 0);
  EXPECT_EQ(session_.Write(kGuarded, right), 1);
  EXPECT_EQ(ReadAll().front().version, kBeyondDouble + 1);
}

TEST_P(RoundTripTest, SixtyFourBitsSurviveSelects) {
  InsertNumbers(kInsert);
  Rows keys(1);
  for (const auto number : kNumbers) keys.Add(number);
  std::vector<std::int64_t> found;
  const auto add = [&found](const ResultRow& row) { found.push_back(row.Number(0)); };
  session_.Read(kByNumber, keys, add);
  EXPECT_EQ(found, kNumbers);

  Rows joined(3);
  for (std::size_t i = 0; i < kNumbers.size(); ++i) joined.Add(std::int64_t(i), kNumbers[i], "x");
  int rows = 0;
  session_.Read(kJoin, joined, [&](const ResultRow& row) {
    ++rows;
    EXPECT_EQ(row.Number(1), kNumbers[static_cast<std::size_t>(row.Number(0))]);
    EXPECT_EQ(row.Text(3), std::to_string(row.Number(1)));
  });
  EXPECT_EQ(rows, static_cast<int>(kNumbers.size()));

  found.clear();
  session_.Read(kEach, keys, [&found](const ResultRow& row) { found.push_back(row.Number(1)); });
  EXPECT_THAT(found, ::testing::UnorderedElementsAreArray(kNumbers));
}

TEST_P(RoundTripTest, NullIsNotZeroAndNotEmpty) {
  Rows rows(5);
  rows.Add(1, Cell(), Cell(), Cell(), 0);
  rows.Add(2, 0, "", "", 0);
  session_.Write(kInsert, rows);
  EXPECT_THAT(ReadAll(), ::testing::ElementsAre(SampleRow{1, {}, {}, {}, 0}, SampleRow{2, 0, "", "", 0}));
  session_.Read("SELECT number, text FROM sample WHERE id = 1", "it", [](const ResultRow& row) {
    EXPECT_TRUE(row.IsNull(0));
    EXPECT_EQ(row.Number(0), 0);
    EXPECT_EQ(row.Text(1), "");
  });
}

// --- text ---

std::string AllBytes() {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  return bytes;
}

// Pieces that mean something to a parser, an escaper or a collation.
const std::vector<std::string> kPieces = {
    // clang-format off
    "'", "''", "\\", "\\'", "\"", "`", ":name", ":1", "::", "?", ";", "--", "/*", "*/", "#", "%", "_", "\n", "\r", "\t",
    " ", "\x1a", "\\0", "\\n", "NULL", "ä", "ß", "Ω", "字", "😀", "\u202e", "\u0301", "a", "A", "1", "0x41", "_utf8",
    "'); DROP TABLE sample; --", std::string(1, '\0')};
// clang-format on

std::string HostileText(std::mt19937_64& random) {
  std::string text;
  for (auto count = random() % 12; count > 0; --count) text += kPieces[random() % kPieces.size()];
  return text;
}

std::string HostileBytes(std::mt19937_64& random) {
  std::string bytes = HostileText(random);
  for (auto count = random() % 12; count > 0; --count) bytes += static_cast<char>(random());
  return bytes + kPieces[random() % kPieces.size()];
}

// Writes the rows by each way there is for their columns and expects them back, byte for byte.
class TextTest : public RoundTripTest {
 protected:
  void ExpectSurvives(const std::vector<SampleRow>& wanted) {
    Rows whole(5), texts(3), keys(1);
    for (const SampleRow& row : wanted) {
      whole.Add(row.id, row.number, row.text, row.bytes, row.version);
      texts.Add(row.id, row.number, row.text);
      keys.Add(row.bytes);
    }
    session_.Write(kInsert, whole);
    ASSERT_EQ(ReadAll(), wanted) << "insert";
    session_.Run("UPDATE sample SET text = 'x'");
    ASSERT_EQ(session_.Write(kUpdate, texts), std::int64_t(wanted.size()));
    ASSERT_EQ(ReadAll(), wanted) << "update";
    session_.Run("UPDATE sample SET text = 'x', bytes = 'x'");
    session_.Write(kUpsert, whole);
    ASSERT_EQ(ReadAll(), wanted) << "upsert";
    std::set<std::int64_t> found;
    session_.Read(kByBytes, keys, [&](const ResultRow& row) {
      EXPECT_EQ(row.Text(0), *wanted[static_cast<std::size_t>(row.Number(1))].bytes);
      found.insert(row.Number(1));
    });
    EXPECT_EQ(found.size(), wanted.size()) << "select in";
    Rows joined(3);
    for (const SampleRow& row : wanted) joined.Add(row.id, 0, row.text);
    session_.Read(kJoin, joined, [&](const ResultRow& row) {
      EXPECT_EQ(row.Text(2), *wanted[static_cast<std::size_t>(row.Number(0))].text) << "join";
    });
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, TextTest, test::kBothEngines, test::EngineName);

TEST_P(TextTest, EveryByteSurvives) {
  std::vector<SampleRow> rows;
  for (const char byte : AllBytes()) rows.push_back({std::int64_t(rows.size()), 0, "", std::string(1, byte), 0});
  rows.push_back({std::int64_t(rows.size()), 0, "", AllBytes(), 0});
  // Pairs whose first byte would begin a character, so that an escaper may swallow the second.
  for (const char* second : {"'", "\\", "\"", "0"})
    for (int lead = 0x80; lead < 0x100; ++lead)
      rows.push_back({std::int64_t(rows.size()), 0, "", static_cast<char>(lead) + std::string(second) + "'", 0});
  ExpectSurvives(rows);
}

TEST_P(TextTest, HostileTextsSurvive) {
  std::vector<SampleRow> rows;
  for (const auto& piece : kPieces) {
    rows.push_back({std::int64_t(rows.size()), 0, piece, piece, 0});
    rows.push_back({std::int64_t(rows.size()), 0, "a" + piece + piece + "b", "b" + piece, 0});
    rows.push_back({std::int64_t(rows.size()), 0, piece + ":x '" + piece, piece + "'", 0});
  }
  ExpectSurvives(rows);
}

TEST_P(TextTest, RandomHostileTextsSurvive) {
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  std::vector<SampleRow> rows;
  for (std::int64_t i = 0; i < 2'000; ++i)
    rows.push_back({i, 0, HostileText(random), std::to_string(i) + HostileBytes(random), 0});
  ExpectSurvives(rows);
}

TEST_P(TextTest, VeryLongTextsSurvive) {
  std::string text;
  while (text.size() < 500'000) text += "long 'text' \\ with :everything 😀\n";
  ExpectSurvives({{0, 0, text, text + AllBytes(), 0}});
}

}  // namespace
}  // namespace loyalty::storage
