#include "services/rpc/page_token.h"

#include <sodium.h>

namespace loyalty {
namespace {

constexpr std::size_t kMacBytes = 12;
constexpr std::size_t kTokenMax = 1'024;
constexpr int kPageDefault = 50;
constexpr int kPageMax = 1'000;

std::string Mac(const SecretKey& key, std::string_view scope, std::string_view position) {
  std::string text = std::to_string(scope.size()) + "|";
  text.append(scope).append(position);
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac{};
  crypto_auth_hmacsha256(mac.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size(), key.data());
  return {reinterpret_cast<const char*>(mac.data()), kMacBytes};
}

}  // namespace

std::string MakePageToken(const ProgramKeys& keys, std::string_view scope, std::string_view position) {
  const KeySet& maker = keys.current;
  const std::string bytes = static_cast<char>(maker.id) + Mac(maker.pages, scope, position) + std::string(position);
  std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  text.pop_back();
  return text;
}

Result<std::string> ReadPageToken(const ProgramKeys& keys, std::string_view scope, std::string_view token) {
  if (token.empty()) return std::string();
  const Error invalid{Reason::kPageTokenInvalid, "the page token is not one of this list", {{"field", "page_token"}}};
  if (token.size() > kTokenMax) return invalid;
  std::string bytes(token.size(), '\0');
  std::size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), token.data(), token.size(),
                        nullptr, &size, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
      size < 1 + kMacBytes)
    return invalid;
  bytes.resize(size);
  const KeySet* maker = keys.Find(static_cast<KeyId>(bytes.front()));
  const std::string position = bytes.substr(1 + kMacBytes);
  if (maker == nullptr || sodium_memcmp(bytes.data() + 1, Mac(maker->pages, scope, position).data(), kMacBytes) != 0)
    return invalid;
  return position;
}

Result<int> PageSize(int asked) {
  if (asked < 0) return InvalidField("page_size", "0 or more");
  return asked == 0 ? kPageDefault : std::min(asked, kPageMax);
}

}  // namespace loyalty
