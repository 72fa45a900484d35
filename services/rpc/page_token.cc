#include "services/rpc/page_token.h"

#include <sodium.h>

namespace loyalty {
namespace {

constexpr std::size_t kMacBytes = 12;
constexpr std::size_t kTokenMax = 1'024;
constexpr int kPageDefault = 50;
constexpr int kPageMax = 1'000;

std::string Mac(const SecretKey& key, std::string_view scope, std::string_view position) {
  // "page-token" keeps these MACs apart from all others under the same key.
  std::string text = "page-token|" + std::to_string(scope.size()) + "|";
  text.append(scope).append(position);
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac{};
  crypto_auth_hmacsha256(mac.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size(), key.data());
  return {reinterpret_cast<const char*>(mac.data()), kMacBytes};
}

}  // namespace

std::string MakePageToken(const SecretKey& key, std::string_view scope, std::string_view position) {
  const std::string bytes = Mac(key, scope, position) + std::string(position);
  std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  text.pop_back();
  return text;
}

Result<std::string> ReadPageToken(const SecretKey& key, std::string_view scope, std::string_view token) {
  if (token.empty()) return std::string();
  const Error invalid{Reason::kPageTokenInvalid, "the page token is not one of this list", {{"field", "page_token"}}};
  if (token.size() > kTokenMax) return invalid;
  std::string bytes(token.size(), '\0');
  std::size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), token.data(), token.size(),
                        nullptr, &size, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
      size < kMacBytes)
    return invalid;
  bytes.resize(size);
  const std::string position = bytes.substr(kMacBytes);
  if (sodium_memcmp(bytes.data(), Mac(key, scope, position).data(), kMacBytes) != 0) return invalid;
  return position;
}

Result<int> PageSize(int asked) {
  if (asked < 0 || asked > kPageMax) return InvalidField("page_size", "1 to 1000");
  return asked == 0 ? kPageDefault : asked;
}

}  // namespace loyalty
