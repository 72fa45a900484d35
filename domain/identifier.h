// What identifies a customer, in the one form in which it is stored and compared.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "domain/result.h"

namespace loyalty {

// Stored by number: never renumber.
enum class IdentifierKind : std::uint8_t { kCard = 1, kToken = 2, kPhone = 3, kEmail = 4 };
enum class IdentifierState : std::uint8_t { kActive = 1, kBlocked = 2 };

// A normalised identifier. `key` is unique among all kinds: `card:4711`.
struct Identifier {
  IdentifierKind kind = IdentifierKind::kCard;
  std::string key;

  std::string_view value() const;  // without the kind
  friend auto operator<=>(const Identifier&, const Identifier&) = default;
};

// Normalises what a caller sent; the rules stand in identifier.proto. Errors: kInvalidArgument (field "identifier").
Result<Identifier> NormaliseIdentifier(IdentifierKind kind, std::string_view text);

// True when the last digit is the right check digit of the ones before it. Digits only, at least two.
bool HasLuhnDigit(std::string_view digits);
// The same for EAN-13: exactly 13 digits.
bool HasEan13Digit(std::string_view digits);

enum class CheckDigit : std::uint8_t { kNone = 1, kEan13 = 2, kLuhn = 3 };

// Card numbers of one length, first and last included.
struct CardRange {
  std::string first;
  std::string last;
  CheckDigit check_digit = CheckDigit::kNone;

  bool Contains(std::string_view card) const;
};

// Checks a range. Errors: kInvalidArgument.
Status ValidateCardRange(const CardRange& range);

}  // namespace loyalty
