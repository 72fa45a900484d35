#include "storage/names.h"

#include <charconv>

namespace loyalty::storage {

std::string PublicName(std::int64_t public_id) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  auto bits = static_cast<std::uint64_t>(public_id);
  std::string name(16, '0');
  for (std::size_t i = 16; i-- > 0; bits >>= 4) name[i] = kDigits[bits & 15];
  return name;
}

std::optional<std::int64_t> ParsePublicName(std::string_view name) {
  std::uint64_t bits = 0;
  if (name.size() != 16) return std::nullopt;
  for (const char c : name)
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return std::nullopt;
  std::from_chars(name.data(), name.data() + name.size(), bits, 16);
  return static_cast<std::int64_t>(bits);
}

std::string ReceiptName(const ProgramKeys& keys, std::int64_t receipt_id) {
  return "receipts/" + PublicName(Disguise(keys.names, NameOf::kReceipt, receipt_id));
}

std::string OperatorName(std::int64_t operator_id) { return "operators/" + std::to_string(operator_id); }

}  // namespace loyalty::storage
