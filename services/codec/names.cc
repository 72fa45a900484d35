#include "services/codec/names.h"

#include <algorithm>
#include <charconv>

#include "storage/names.h"

namespace loyalty {
namespace {

// What follows `prefix`, or nothing.
std::string_view After(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix ? text.substr(prefix.size()) : std::string_view();
}

}  // namespace

Result<std::int64_t> ParseMemberName(std::string_view field, std::string_view name) {
  const auto public_id = storage::ParsePublicName(After(name, "members/"));
  if (!public_id) return InvalidField(std::string(field), "members/ and 16 lower-case hexadecimal digits");
  return *public_id;
}

Result<std::string> ParseStoreName(std::string_view field, std::string_view name) {
  const std::string_view id = After(name, "stores/");
  if (!IsResourceId(id)) return InvalidField(std::string(field), "stores/{store}");
  return std::string(id);
}

Result<std::pair<std::string, std::string>> ParseTerminalName(std::string_view field, std::string_view name) {
  constexpr std::string_view kMiddle = "/terminals/";
  const std::string_view rest = After(name, "stores/");
  const auto at = rest.find(kMiddle);
  if (at == std::string_view::npos || !IsResourceId(rest.substr(0, at)) ||
      !IsResourceId(rest.substr(at + kMiddle.size())))
    return InvalidField(std::string(field), "stores/{store}/terminals/{terminal}");
  return std::make_pair(std::string(rest.substr(0, at)), std::string(rest.substr(at + kMiddle.size())));
}

std::optional<std::pair<std::int64_t, std::int64_t>> ParseRedemptionName(std::string_view name) {
  constexpr std::string_view kMiddle = "/redemptions/";
  const std::string_view rest = After(name, "members/");
  const auto at = rest.find(kMiddle);
  if (at == std::string_view::npos) return std::nullopt;
  const auto member = storage::ParsePublicName(rest.substr(0, at));
  const auto redemption = storage::ParsePublicName(rest.substr(at + kMiddle.size()));
  if (!member || !redemption) return std::nullopt;
  return std::make_pair(*member, *redemption);
}

Result<std::int64_t> ParseNumberedName(std::string_view collection, std::string_view field, std::string_view name) {
  const std::string_view digits = After(name, collection);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || number <= 0 || digits != std::to_string(number))
    return InvalidField(std::string(field), std::string(collection) + "{number}");
  return number;
}

bool IsResourceId(std::string_view id) {
  return !id.empty() && id.size() <= 40 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-';
  });
}

}  // namespace loyalty
