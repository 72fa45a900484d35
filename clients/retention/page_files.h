// What the page is made of, embedded when the library is built (clients/CMakeLists.txt names the files).
#pragma once

#include <string_view>

namespace loyalty::client {

std::string_view PageTemplate();  // HTML with {{places}}
std::string_view PageStyle();
std::string_view PageScript();
std::string_view PageTextsEnglish();  // JSON, from the name of a text to the text
std::string_view PageTextsGerman();
std::string_view ChartLibrary();
std::string_view ChartLibraryNotices();  // of its makers, to be passed on with it

}  // namespace loyalty::client
