// What identifies a customer, in the one form in which it is stored and compared.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "domain/keys.h"
#include "domain/result.h"

namespace loyalty {

// Stored by number: never renumber.
enum class IdentifierKind : std::uint8_t { kCard = 1, kToken = 2, kPhone = 3, kEmail = 4, kExternal = 5 };
enum class IdentifierState : std::uint8_t { kActive = 1, kBlocked = 2, kErased = 3 };

// A normalised identifier. `key` is unique among all kinds, and what is stored and compared: the kind and what a
// company prints (`card:4711`), or, of a phone number, an e-mail address and a token, the kind and a keyed hash of the
// text.
struct Identifier {
  IdentifierKind kind = IdentifierKind::kCard;
  std::string key;
  std::string text;  // without the kind

  friend auto operator<=>(const Identifier&, const Identifier&) = default;
};

// Version of the rules by which identifiers are normalised; it is stored with each.
inline constexpr int kNormaliser = 1;

// True of kinds that a company prints or makes: these are stored as they are.
constexpr bool IsOpen(IdentifierKind kind) {
  return kind == IdentifierKind::kCard || kind == IdentifierKind::kExternal;
}

// Normalises what a caller sent; the rules stand in identifier.proto. A phone number comes in E.164 (it is parsed where
// requests come in). `secret` is that of ProgramKeys::identifiers.
// Errors: kInvalidArgument (field "identifier").
Result<Identifier> NormaliseIdentifier(IdentifierKind kind, std::string_view text, const SecretKey& secret);

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
