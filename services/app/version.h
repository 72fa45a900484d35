// What `loyaltyd --version` prints.
#pragma once

#include <string>

namespace loyalty {

// Two lines: "loyaltyd 0.1.0 (COMMIT)"; then the schema that it knows and the libraries it runs with.
std::string ProgramVersions();

}  // namespace loyalty
