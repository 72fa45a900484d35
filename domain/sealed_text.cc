#include "domain/sealed_text.h"

#include <sodium.h>

#include "domain/check.h"

namespace loyalty {
namespace {

constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;

const unsigned char* Raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* Raw(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

Bytes SealText(const Bytes& secret, std::string_view text) {
  Check(secret.value.size() == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "a secret has 32 bytes");
  Bytes sealed{std::string(kNonce + text.size() + kTag, '\0')};
  unsigned char* out = Raw(sealed.value);
  crypto_generichash(out, kNonce, Raw(text), text.size(), Raw(secret.value), secret.value.size());
  crypto_aead_xchacha20poly1305_ietf_encrypt(out + kNonce, nullptr, Raw(text), text.size(), nullptr, 0, nullptr, out,
                                             Raw(secret.value));
  return sealed;
}

std::optional<std::string> OpenText(const Bytes& secret, const Bytes& sealed) {
  if (secret.value.size() != crypto_aead_xchacha20poly1305_ietf_KEYBYTES || sealed.value.size() < kNonce + kTag)
    return std::nullopt;
  std::string text(sealed.value.size() - kNonce - kTag, '\0');
  const unsigned char* in = Raw(sealed.value);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(Raw(text), nullptr, nullptr, in + kNonce, sealed.value.size() - kNonce,
                                                 nullptr, 0, in, Raw(secret.value)) != 0)
    return std::nullopt;
  return text;
}

}  // namespace loyalty
