// Names and date of birth of a member, and the one text in which they are sealed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/bytes.h"

namespace loyalty {

struct Person {
  std::string given_name, family_name;
  std::string birth_date;  // YYYY-MM-DD; empty: not known
};

Bytes SealPerson(const Bytes& secret, const Person& person);
// Nothing when it was sealed with another key.
std::optional<Person> OpenPerson(const Bytes& secret, const Bytes& sealed);

// Month * 32 + day; 0 when there is no date.
int BirthdayOf(std::string_view birth_date);

}  // namespace loyalty
