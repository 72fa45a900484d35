#include "domain/identifier.h"

#include <algorithm>

#include "domain/receipt.h"

namespace loyalty {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool AllDigits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit); }

// Cards and tokens are printable ASCII: what a scanner can read.
bool IsPrintable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

Error Bad(std::string why) { return InvalidField("identifier", std::move(why)); }

Result<std::string> NormaliseCard(std::string_view text) {
  std::string card;
  for (const char c : text) {
    if (c == ' ' || c == '-') continue;
    card += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  if (card.empty() || card.size() > 64 || !IsPrintable(card))
    return Bad("a card number has 1 to 64 printable characters");
  return card;
}

Result<std::string> NormalisePhone(std::string_view text) {
  const bool valid =
      text.size() >= 6 && text.size() <= 16 && text[0] == '+' && text[1] != '0' && AllDigits(text.substr(1));
  if (!valid) return Bad("a phone number must be in E.164, for instance +49301234567");
  return std::string(text);
}

Result<std::string> NormaliseEmail(std::string_view text) {
  std::string email(text);
  for (char& c : email)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  const auto at = email.find('@');
  const bool valid = at != std::string::npos && at > 0 && at + 1 < email.size() &&
                     email.find('@', at + 1) == std::string::npos && IsPlainText(email, 128) &&
                     email.find(' ') == std::string::npos;
  if (!valid) return Bad("not an e-mail address");
  return email;
}

}  // namespace

Result<Identifier> NormaliseIdentifier(IdentifierKind kind, std::string_view text, const SecretKey& secret) {
  Result<std::string> value = Bad("exactly one kind must be set");
  std::string prefix;
  switch (kind) {
    case IdentifierKind::kCard:
      prefix = "card:";
      value = NormaliseCard(text);
      break;
    case IdentifierKind::kExternal:
      prefix = "external:";
      value = NormaliseCard(text);
      break;
    case IdentifierKind::kToken:
      prefix = "token:";
      if (text.empty() || text.size() > 128 || !IsPrintable(text))
        return Bad("a token has 1 to 128 printable characters");
      value = std::string(text);
      break;
    case IdentifierKind::kPhone:
      prefix = "phone:";
      value = NormalisePhone(text);
      break;
    case IdentifierKind::kEmail:
      prefix = "email:";
      value = NormaliseEmail(text);
      break;
  }
  if (!value) return value.error();
  if (IsOpen(kind)) return Identifier{kind, prefix + *value, *value};
  Digest digest(secret);
  digest.Add(static_cast<std::int64_t>(kind));
  digest.Add(*value);
  return Identifier{kind, prefix + Hex(digest.Finish()), *value};
}

bool HasLuhnDigit(std::string_view digits) {
  if (digits.size() < 2 || !AllDigits(digits)) return false;
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int digit = digits[digits.size() - 1 - i] - '0';
    if (i % 2 == 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 == 0;
}

bool HasEan13Digit(std::string_view digits) {
  if (digits.size() != 13 || !AllDigits(digits)) return false;
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) sum += (digits[i] - '0') * (i % 2 == 0 ? 1 : 3);
  return sum % 10 == 0;
}

bool CardRange::Contains(std::string_view card) const {
  if (card.size() != first.size() || !AllDigits(card) || card < first || card > last) return false;
  switch (check_digit) {
    case CheckDigit::kNone: return true;
    case CheckDigit::kEan13: return HasEan13Digit(card);
    case CheckDigit::kLuhn: return HasLuhnDigit(card);
  }
  return false;
}

Status ValidateCardRange(const CardRange& range) {
  if (!AllDigits(range.first) || range.first.size() > 32) return InvalidField("first", "1 to 32 digits");
  if (!AllDigits(range.last) || range.last.size() != range.first.size())
    return InvalidField("last", "as many digits as first");
  if (range.last < range.first) return InvalidField("last", "not before first");
  if (range.check_digit == CheckDigit::kEan13 && range.first.size() != 13)
    return InvalidField("check_digit", "EAN-13 needs 13 digits");
  return Ok{};
}

}  // namespace loyalty
