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
const SetStatement::Types kTypes = {Type::kNumber, Type::kNumber, Type::kText, Type::kBytes, Type::kNumber};
const SetStatement kInsert = SetStatement::Insert("sample", kColumns, kTypes);
const SetStatement kUpdate = SetStatement::Update("sample", {"id"}, {"number", "text", "bytes"}, false,
                                                  {Type::kNumber, Type::kNumber, Type::kText, Type::kBytes});
const SetStatement kGuarded = SetStatement::Update("sample", {"id"}, {"number", "text"}, true,
                                                   {Type::kNumber, Type::kNumber, Type::kText, Type::kNumber});
const SetStatement kByNumber =
    SetStatement::SelectIn("SELECT number, id FROM sample WHERE number", Type::kNumber, " ORDER BY id");
const SetStatement kByBytes = SetStatement::SelectIn("SELECT bytes, id FROM sample WHERE bytes", Type::kBytes);
const SetStatement kByText =
    SetStatement::SelectKeys("SELECT text, id", "sample", {"id", "text"}, {Type::kNumber, Type::kText});
const SetStatement kEach = SetStatement::SelectEach<std::int64_t>("SELECT id, number FROM sample WHERE number = ?");
const SetStatement kEachBytes =
    SetStatement::SelectEach<Bytes, std::int64_t>("SELECT COUNT(*) FROM sample WHERE bytes > ? AND id <> ?");

Cell BytesOf(const std::optional<std::string>& bytes) { return bytes ? Cell(Bytes{*bytes}) : Cell(); }

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

TEST_P(RoundTripTest, SixtyFourBitsSurviveUpdates) {
  Rows rows(5);
  for (std::size_t i = 0; i < kNumbers.size(); ++i) rows.Add(std::int64_t(i), 7, Cell(), Cell(), 7);
  session_.Write(kInsert, rows);
  Rows plain(4), guarded(4);
  for (std::size_t i = 0; i < kNumbers.size(); ++i) {
    plain.Add(std::int64_t(i), kNumbers[kNumbers.size() - 1 - i], Cell(), Cell());
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
  session_.Read(kByNumber, keys, [&found](std::int64_t number, std::int64_t) { found.push_back(number); });
  EXPECT_EQ(found, kNumbers);

  found.clear();
  session_.Read(kEach, keys, [&found](std::int64_t, std::int64_t number) { found.push_back(number); });
  EXPECT_THAT(found, ::testing::UnorderedElementsAreArray(kNumbers));
}

TEST_P(RoundTripTest, NullIsNotZeroAndNotEmpty) {
  Rows rows(5);
  rows.Add(1, Cell(), Cell(), Cell(), 0);
  rows.Add(2, 0, "", Bytes{}, 0);
  session_.Write(kInsert, rows);
  EXPECT_THAT(ReadAll(), ::testing::ElementsAre(SampleRow{1, {}, {}, {}, 0}, SampleRow{2, 0, "", "", 0}));
  session_.Read("SELECT number, text FROM sample WHERE id = 1", [](std::int64_t number, const std::string& text) {
    EXPECT_EQ(number, 0);
    EXPECT_EQ(text, "");
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
    Rows whole(5), texts(4), keys(1), pairs(2);
    for (const SampleRow& row : wanted) {
      whole.Add(row.id, row.number, row.text, BytesOf(row.bytes), row.version);
      // MariaDB cuts longer bytes off in the rows' own table; those are inserted only.
      texts.Add(row.id, row.number, row.text, row.bytes->size() < 65'536 ? BytesOf(row.bytes) : BytesOf("x"));
      keys.Add(BytesOf(row.bytes));
      pairs.Add(row.id, row.text);
    }
    session_.Write(kInsert, whole);
    ASSERT_EQ(ReadAll(), wanted) << "insert";
    session_.Run("UPDATE sample SET text = 'x', bytes = x'78' WHERE LENGTH(bytes) < 65536");
    session_.Run("UPDATE sample SET text = 'x'");
    ASSERT_EQ(session_.Write(kUpdate, texts), std::int64_t(wanted.size()));
    std::vector<SampleRow> updated = wanted;
    for (SampleRow& row : updated)
      if (row.bytes->size() >= 65'536) row.bytes = "x";
    ASSERT_EQ(ReadAll(), updated) << "update";
    session_.Run("DELETE FROM sample");
    session_.Write(kInsert, whole);
    std::set<std::int64_t> found;
    session_.Read(kByBytes, keys, [&](const Bytes& bytes, std::int64_t id) {
      EXPECT_EQ(bytes.value, *wanted[static_cast<std::size_t>(id)].bytes);
      found.insert(id);
    });
    EXPECT_EQ(found.size(), wanted.size()) << "select in";
    found.clear();
    session_.Read(kByText, pairs, [&](const std::string& text, std::int64_t id) {
      EXPECT_EQ(text, *wanted[static_cast<std::size_t>(id)].text);
      found.insert(id);
    });
    EXPECT_EQ(found.size(), wanted.size()) << "select by keys";
    if (GetParam() == Engine::kSqlite) {  // what other tools see
      EXPECT_EQ(database_.Number("SELECT COUNT(*) FROM sample WHERE typeof(bytes) <> 'blob'"), 0);
    }
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

TEST_P(TextTest, BytesAreComparedAsBytes) {
  Rows rows(5);
  for (const char* bytes : {"a", "b", "c"}) rows.Add(bytes[0] - 'a', 0, "", Bytes{bytes}, 0);
  session_.Write(kInsert, rows);
  std::vector<std::int64_t> counts;
  Rows arguments(2);
  for (const char* after : {"", "a", "b", "c"}) arguments.Add(Bytes{after}, 9);
  session_.Read(kEachBytes, arguments, [&counts](std::int64_t count) { counts.push_back(count); });
  EXPECT_THAT(counts, ::testing::ElementsAre(3, 2, 1, 0));
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
