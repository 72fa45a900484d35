#include "domain/texts.h"

#include <gtest/gtest.h>

#include <set>

#include "domain/reason.h"

namespace loyalty {
namespace {

std::set<std::string> NamesIn(std::string_view text) {
  std::set<std::string> names;
  for (auto open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1))
    names.insert(std::string(text.substr(open, text.find('}', open) - open)));
  return names;
}

TEST(Texts, EveryReasonHasASentenceInEveryLanguage) {
  for (const ReasonFacts& row : kReasons) {
    const std::string key = "reason." + std::string(row.name);
    EXPECT_TRUE(HasText(key)) << key;
    EXPECT_NE(Text(Language::kEnglish, key), Text(Language::kGerman, key)) << key;
  }
}

TEST(Texts, NothingIsSaidOfAReasonThatThereIsNot) {
  std::set<std::string> known;
  for (const ReasonFacts& row : kReasons) known.insert(std::string(row.name));
  for (const TextRow& row : AllTexts()) {
    if (row.key.substr(0, 7) != "reason.") continue;
    EXPECT_EQ(known.count(std::string(row.key.substr(7))), 1U) << row.key;
  }
}

TEST(Texts, AreWholeInEveryLanguageAndNameTheSameValues) {
  std::string_view last;
  for (const TextRow& row : AllTexts()) {
    EXPECT_LT(last, row.key);
    last = row.key;
    EXPECT_FALSE(row.english.empty()) << row.key;
    EXPECT_FALSE(row.german.empty()) << row.key;
    EXPECT_EQ(NamesIn(row.english), NamesIn(row.german)) << row.key;
  }
}

TEST(Texts, AKeyThatIsNotThereIsSeen) {
  EXPECT_FALSE(HasText("reason.NOBODY"));
  EXPECT_EQ(Text(Language::kGerman, "reason.NOBODY"), "reason.NOBODY");
}

TEST(LanguageOf, ReadsHeadersAndLocales) {
  EXPECT_EQ(LanguageOf("de"), Language::kGerman);
  EXPECT_EQ(LanguageOf("DE-at"), Language::kGerman);
  EXPECT_EQ(LanguageOf("de_DE.UTF-8"), Language::kGerman);
  EXPECT_EQ(LanguageOf("fr-CH, de;q=0.9, en;q=0.8"), Language::kGerman);
  EXPECT_EQ(LanguageOf("en-GB,de"), Language::kEnglish);
  EXPECT_EQ(LanguageOf("fr", Language::kGerman), Language::kGerman);
  EXPECT_EQ(LanguageOf("deu"), Language::kEnglish) << "not what BCP 47 calls it";
  EXPECT_EQ(LanguageOf(""), Language::kEnglish);
  EXPECT_EQ(LanguageOf("C"), Language::kEnglish);
}

}  // namespace
}  // namespace loyalty
