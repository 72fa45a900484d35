#include "domain/texts.h"

#include <algorithm>

namespace loyalty {
namespace {

const TextRow* Find(std::string_view key) {
  const auto& all = AllTexts();
  const auto at =
      std::lower_bound(all.begin(), all.end(), key, [](const TextRow& row, std::string_view k) { return row.key < k; });
  return at == all.end() || at->key != key ? nullptr : &*at;
}

std::string Replace(std::string_view text, const std::map<std::string, std::string>& values) {
  std::string out;
  while (!text.empty()) {
    const auto open = text.find('{');
    const auto close = open == std::string_view::npos ? open : text.find('}', open);
    out.append(text.substr(0, open));
    if (close == std::string_view::npos) {
      if (open != std::string_view::npos) out.append(text.substr(open));
      return out;
    }
    const auto value = values.find(std::string(text.substr(open + 1, close - open - 1)));
    out.append(value == values.end() ? text.substr(open, close - open + 1) : std::string_view(value->second));
    text.remove_prefix(close + 1);
  }
  return out;
}

}  // namespace

Language LanguageOf(std::string_view tags, Language otherwise) {
  while (!tags.empty()) {
    const auto comma = tags.find(',');
    std::string_view tag = tags.substr(0, comma);
    tags.remove_prefix(comma == std::string_view::npos ? tags.size() : comma + 1);
    while (!tag.empty() && tag.front() == ' ') tag.remove_prefix(1);
    const std::string_view primary = tag.substr(0, tag.find_first_of("-_.;@ "));
    const auto is = [primary](std::string_view name) {
      return primary.size() == name.size() &&
             std::equal(primary.begin(), primary.end(), name.begin(), [](char a, char b) { return (a | 0x20) == b; });
    };
    if (is("de")) return Language::kGerman;
    if (is("en")) return Language::kEnglish;
  }
  return otherwise;
}

std::string_view TagOf(Language language) { return language == Language::kGerman ? "de" : "en"; }

std::string Text(Language language, std::string_view key, const std::map<std::string, std::string>& values) {
  const TextRow* row = Find(key);
  if (row == nullptr) return std::string(key);
  return Replace(language == Language::kGerman ? row->german : row->english, values);
}

bool HasText(std::string_view key) { return Find(key) != nullptr; }

}  // namespace loyalty
