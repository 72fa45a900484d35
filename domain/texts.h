// What is said to people, in their language: one catalogue for server, programs and receipts (domain/texts/*.json).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace loyalty {

enum class Language : unsigned char { kEnglish, kGerman };

// The first language of a list that we speak, as BCP 47 tags of HTTP's Accept-Language (`de-AT,de;q=0.9,en;q=0.8`; what
// follows a `;` is not looked at) or as a locale of POSIX (`de_DE.UTF-8`) name it; `otherwise` when there is none.
Language LanguageOf(std::string_view tags, Language otherwise = Language::kEnglish);
// BCP 47: `en` or `de`.
std::string_view TagOf(Language language);

// A text, with {name} replaced by the value of that name; a name without a value stays as it is. A key that is not in
// the catalogue is answered as it is; `HasText` asks.
std::string Text(Language language, std::string_view key, const std::map<std::string, std::string>& values = {});
bool HasText(std::string_view key);

struct TextRow {
  std::string_view key, english, german;
};
// In the order of their keys.
const std::vector<TextRow>& AllTexts();

}  // namespace loyalty
