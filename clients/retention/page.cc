#include "clients/retention/page.h"

#include <cstdlib>

#include "clients/retention/page_files.h"

namespace loyalty::client {
namespace {

// JSON that may stand inside a <script>: only inside a string can there be a '<', and none is left that could end the
// element or begin a comment.
std::string ForScript(std::string_view json) {
  std::string text;
  text.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      text += "\\u003c";
    } else {
      text += c;
    }
  }
  return text;
}

// What stands in a place of the template. A name without one is a mistake in the template.
std::string TextAt(std::string_view place, std::string_view data_json, PageLanguage language) {
  const bool german = language == PageLanguage::kGerman;
  if (place == "language") return german ? "de" : "en";
  if (place == "style") return std::string(PageStyle());
  if (place == "data") return ForScript(data_json);
  if (place == "texts") return ForScript(german ? PageTextsGerman() : PageTextsEnglish());
  if (place == "notices") return std::string(ChartLibraryNotices());
  if (place == "library") return std::string(ChartLibrary());
  if (place == "script") return std::string(PageScript());
  std::abort();
}

}  // namespace

std::string RenderPage(std::string_view data_json, PageLanguage language) {
  std::string page;
  // From front to back, so that what was filled in is not searched for places.
  std::string_view rest = PageTemplate();
  for (;;) {
    const std::size_t begin = rest.find("{{");
    page += rest.substr(0, begin);
    if (begin == std::string_view::npos) return page;
    const std::size_t end = rest.find("}}", begin);
    page += TextAt(rest.substr(begin + 2, end - begin - 2), data_json, language);
    rest.remove_prefix(end + 2);
  }
}

}  // namespace loyalty::client
