#include "domain/person.h"

#include "domain/sealed_text.h"

namespace loyalty {
namespace {

// Between the parts; no name holds one (IsPlainText).
constexpr char kSeparator = '\n';

}  // namespace

Bytes SealPerson(const Bytes& secret, const Person& person) {
  return SealText(secret, person.given_name + kSeparator + person.family_name + kSeparator + person.birth_date);
}

std::optional<Person> OpenPerson(const Bytes& secret, const Bytes& sealed) {
  const auto text = OpenText(secret, sealed);
  if (!text) return std::nullopt;
  const auto first = text->find(kSeparator), second = text->find(kSeparator, first + 1);
  if (first == std::string::npos || second == std::string::npos) return std::nullopt;
  return Person{text->substr(0, first), text->substr(first + 1, second - first - 1), text->substr(second + 1)};
}

int BirthdayOf(std::string_view birth_date) {
  constexpr std::size_t kDate = 10;
  if (birth_date.size() != kDate) return 0;
  const auto number = [birth_date](std::size_t at) { return (birth_date[at] - '0') * 10 + (birth_date[at + 1] - '0'); };
  return number(5) * 32 + number(8);
}

}  // namespace loyalty
