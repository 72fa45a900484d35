#include "services/rpc/phone.h"

#include <phonenumbers/phonenumberutil.h>

namespace loyalty {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

constexpr std::size_t kPhoneBytesMax = 64;

// What is wrong, without the number: it is a person's.
Error Bad(std::string why) { return InvalidField("identifier.phone", std::move(why)); }

const char* WhyNotParsed(PhoneNumberUtil::ErrorType error) {
  switch (error) {
    case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR:
      return "begins with no country code that exists; write it as +49301234567";
    case PhoneNumberUtil::TOO_SHORT_AFTER_IDD:
    case PhoneNumberUtil::TOO_SHORT_NSN: return "is too short";
    case PhoneNumberUtil::TOO_LONG_NSN: return "is too long";
    case PhoneNumberUtil::NOT_A_NUMBER:
    case PhoneNumberUtil::NO_PARSING_ERROR: break;
  }
  return "is no phone number";
}

// nullptr: it may be one.
const char* WhyNotPossible(PhoneNumberUtil::ValidationResult length) {
  switch (length) {
    case PhoneNumberUtil::IS_POSSIBLE: return nullptr;
    case PhoneNumberUtil::IS_POSSIBLE_LOCAL_ONLY: return "lacks its area code";
    case PhoneNumberUtil::INVALID_COUNTRY_CODE: return "begins with no country code that exists";
    case PhoneNumberUtil::TOO_SHORT: return "is too short for its country";
    case PhoneNumberUtil::TOO_LONG: return "is too long for its country";
    case PhoneNumberUtil::INVALID_LENGTH: break;
  }
  return "is not as long as numbers of its country are";
}

}  // namespace

Result<std::string> ToE164(std::string_view text, std::string_view country) {
  if (text.size() > kPhoneBytesMax) return Bad("has at most 64 bytes");
  const PhoneNumberUtil& util = *PhoneNumberUtil::GetInstance();
  PhoneNumber number;
  const auto error = util.Parse(std::string(text), std::string(country), &number);
  if (error != PhoneNumberUtil::NO_PARSING_ERROR) return Bad(WhyNotParsed(error));
  if (number.has_extension()) return Bad("leads to an extension, which is nobody's own number");
  if (const char* why = WhyNotPossible(util.IsPossibleNumberWithReason(number))) return Bad(why);
  std::string e164;
  util.Format(number, PhoneNumberUtil::E164, &e164);
  return e164;
}

}  // namespace loyalty
