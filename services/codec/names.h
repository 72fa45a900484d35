// Resource names: members/{member}, stores/{store}/terminals/{terminal} and what hangs below them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "domain/result.h"

namespace loyalty {

// The public id of `members/{16 digits}`. Errors: kInvalidArgument (`field`).
Result<std::int64_t> ParseMemberName(std::string_view field, std::string_view name);

// The {store} of `stores/{store}`. Errors: kInvalidArgument (`field`).
Result<std::string> ParseStoreName(std::string_view field, std::string_view name);

// Store and terminal of `stores/{store}/terminals/{terminal}`. Errors: kInvalidArgument (`field`).
Result<std::pair<std::string, std::string>> ParseTerminalName(std::string_view field, std::string_view name);

// Public ids of member and redemption of `members/{16 digits}/redemptions/{16 digits}`; nothing when it is no such
// name.
std::optional<std::pair<std::int64_t, std::int64_t>> ParseRedemptionName(std::string_view name);

// The number of `{collection}/{number}`, from 1 and without leading zeros; `collection` ends with its slash. Errors:
// kInvalidArgument (`field`).
Result<std::int64_t> ParseNumberedName(std::string_view collection, std::string_view field, std::string_view name);

// The last part of a store's, terminal's or reward's name: 1 to 40 characters of [A-Za-z0-9_.-].
bool IsResourceId(std::string_view id);

}  // namespace loyalty
