// Names of rows outside: 16 lower-case hexadecimal digits of a number that cannot be guessed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace loyalty::storage {

std::string PublicName(std::int64_t public_id);
// Nothing when it is not one.
std::optional<std::int64_t> ParsePublicName(std::string_view name);

}  // namespace loyalty::storage
