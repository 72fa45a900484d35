#include "storage/dialect.h"

#include <algorithm>
#include <array>

namespace loyalty::storage {
namespace {

// `#` is what stands in parentheses behind the word.
struct Word {
  std::string_view word, sqlite, mysql;
};

constexpr std::array<Word, 9> kWords{{
    {"ID", "INTEGER NOT NULL PRIMARY KEY", "BIGINT NOT NULL PRIMARY KEY"},
    {"SMALL", "BIGINT", "SMALLINT"},
    {"ASCII", "VARCHAR(#)", "VARCHAR(#) CHARACTER SET ascii COLLATE ascii_bin"},
    {"UTF8", "VARCHAR(#)", "VARCHAR(#) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"},
    {"UTF8_LONG", "VARCHAR(1000000)", "MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"},
    {"KEY_TEXT", "VARCHAR(#)", "VARBINARY(#)"},
    {"BYTES", "BLOB", "VARBINARY(#)"},
    {"BYTES_LONG", "BLOB", "MEDIUMBLOB"},
    {"WHERE_GIVEN", "WHERE # IS NOT NULL", ""},
}};

bool IsOfWord(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

// Takes "(...)" off the front; what stands in it.
std::string_view TakeSize(std::string_view& text) {
  if (text.empty() || text.front() != '(') return {};
  const auto end = text.find(')');
  const std::string_view size = text.substr(1, end - 1);
  text.remove_prefix(end + 1);
  return size;
}

std::string With(std::string_view form, std::string_view size) {
  std::string text(form);
  if (const auto at = text.find('#'); at != std::string::npos) text.replace(at, 1, size);
  return text;
}

}  // namespace

std::string InDialect(Engine engine, std::string_view statement) {
  std::string text;
  for (std::string_view rest = statement; !rest.empty();) {
    const auto end = std::find_if_not(rest.begin(), rest.end(), IsOfWord);
    const std::string_view word = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    if (word.empty()) {
      text += rest.front();
      rest.remove_prefix(1);
      continue;
    }
    rest.remove_prefix(word.size());
    const auto* const found =
        std::find_if(kWords.begin(), kWords.end(), [word](const Word& each) { return each.word == word; });
    if (found == kWords.end()) {
      text += word;
    } else {
      text += With(engine == Engine::kSqlite ? found->sqlite : found->mysql, TakeSize(rest));
    }
  }
  if (statement.substr(0, 12) != "CREATE TABLE") return text;
  if (engine == Engine::kMysql) return text + " ENGINE=InnoDB";
  return statement.find("PRIMARY KEY (") == std::string_view::npos ? text : text + " WITHOUT ROWID";
}

}  // namespace loyalty::storage
