// Which program this is. Made at each build (cmake/Version.cmake); of programs only: the rules do not depend on it.
#pragma once

#include <string>
#include <string_view>

namespace loyalty {

// That of CMakeLists.txt, for instance "0.1.0".
std::string_view Version();
// The commit of the sources, 12 digits, with "-dirty" where they were changed since; empty: they are of no repository.
std::string_view BuiltFrom();

// "0.1.0 (8324236e1b7a)", or "0.1.0".
inline std::string VersionText() {
  std::string text(Version());
  if (!BuiltFrom().empty()) text += " (" + std::string(BuiltFrom()) + ")";
  return text;
}

}  // namespace loyalty
