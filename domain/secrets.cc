#include "domain/secrets.h"

#include <sodium.h>

#include <charconv>
#include <limits>

namespace loyalty {
namespace {

constexpr std::string_view kCurrent = "current";
constexpr std::size_t kHexDigits = 2 * std::tuple_size_v<SecretKey>;

// What stands before the separator, which is taken away with it.
std::string_view Cut(std::string_view& text, char separator) {
  const auto at = text.find(separator);
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return part;
}

bool ReadId(std::string_view text, KeyId& id) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1 ||
      number > std::numeric_limits<KeyId>::max())
    return false;
  id = static_cast<KeyId>(number);
  return true;
}

bool ReadKey(std::string_view text, SecretKey& key) {
  std::size_t size = 0;
  return text.size() == kHexDigits &&
         sodium_hex2bin(key.data(), key.size(), text.data(), text.size(), nullptr, &size, nullptr) == 0 &&
         size == key.size();
}

}  // namespace

Result<Secrets> ParseSecrets(std::string_view text) {
  Secrets secrets;
  secrets.current = 0;
  for (int number = 1; !text.empty(); ++number) {
    const auto bad = [number](const std::string& why) {
      return Error{Reason::kInvalidArgument, "line " + std::to_string(number) + ": " + why, {}};
    };
    std::string_view line = Cut(text, '\n');
    Secret secret;
    if (!ReadId(Cut(line, ' '), secret.id)) return bad("begins with no id from 1 to 255");
    if (!ReadKey(Cut(line, ' '), secret.key)) return bad("no 64 hexadecimal digits behind the id");
    if (!line.empty() && line != kCurrent) return bad("only 'current' may stand behind the key");
    if (!secrets.all.empty() && secret.id <= secrets.all.back().id) return bad("its id does not follow the one before");
    if (!line.empty() && secrets.current != 0) return bad("a second key is current");
    if (!line.empty()) secrets.current = secret.id;
    secrets.all.push_back(secret);
  }
  if (secrets.current == 0) return Error{Reason::kInvalidArgument, "no key is current", {}};
  return secrets;
}

std::string SecretsText(const Secrets& secrets) {
  std::string text;
  for (const Secret& secret : secrets.all) {
    text += std::to_string(secret.id) + " " + Hex({std::string(secret.key.begin(), secret.key.end())});
    if (secret.id == secrets.current) text.append(" ").append(kCurrent);
    text += '\n';
  }
  return text;
}

}  // namespace loyalty
