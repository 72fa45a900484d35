#include "services/rpc/enrollment_codes.h"

#include <algorithm>
#include <array>

namespace loyalty {
namespace {

// Keeps apart what is made with the key of codes.
enum class Use : unsigned char { kCode = 1, kHash = 2 };

}  // namespace

std::string DeriveCode(const KeySet& keys, std::int64_t asked_by, std::string_view request_id,
                       std::string_view terminal) {
  Digest digest(keys.codes);
  digest.Mark(static_cast<unsigned char>(Use::kCode));
  digest.Add(asked_by);
  digest.Add(request_id);
  digest.Add(terminal);
  const Bytes made = digest.Finish();
  std::array<unsigned char, 10> bits{};
  std::copy_n(made.value.begin(), bits.size(), bits.begin());
  return EnrollmentCode(bits);
}

Bytes HashOfCode(const KeySet& keys, std::string_view code) {
  constexpr unsigned char kEncoding = 1;
  Digest digest(keys.codes);
  digest.Mark(static_cast<unsigned char>(Use::kHash));
  digest.Add(code);
  return Stamped(kEncoding, keys.id, digest.Finish());
}

}  // namespace loyalty
