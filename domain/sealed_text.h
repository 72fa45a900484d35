// Text that can be read with one key only: whoever destroys the key has destroyed the text, wherever copies of it lie.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/bytes.h"

namespace loyalty {

// A secret has 32 bytes. XChaCha20-Poly1305 with a nonce that is a keyed hash of the text, so that nothing random is
// needed; the same text under the same key is the same bytes.
Bytes SealText(const Bytes& secret, std::string_view text);
// Nothing when it was sealed with another key, or changed.
std::optional<std::string> OpenText(const Bytes& secret, const Bytes& sealed);

}  // namespace loyalty
