#include "clients/language.h"

#include <cstdlib>

namespace loyalty::client {

Language OwnLanguage() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return LanguageOf(value);
  return Language::kEnglish;
}

}  // namespace loyalty::client
