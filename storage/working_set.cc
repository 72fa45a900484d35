#include "storage/working_set.h"

#include <charconv>

#include "storage/guards.h"

namespace loyalty::storage {

MemberEntry* WorkingSet::FindMember(std::int64_t id) {
  const auto at = members.find(id);
  return at == members.end() ? nullptr : &at->second;
}

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

std::string ReceiptKey(std::int64_t terminal_id, int epoch, Day business_date, const Receipt& receipt) {
  return std::to_string(terminal_id) + "|" + std::to_string(epoch) + "|" + std::to_string(business_date) + "|" +
         std::to_string(static_cast<int>(receipt.kind)) + "|" + receipt.receipt_no;
}

std::string FiscalKey(const Receipt& receipt) {
  if (!receipt.fiscal || receipt.fiscal->transaction_no.empty()) return "";
  // The kind is part of it: sale and return lines of an exchange stand on one slip.
  return "f|" + std::to_string(static_cast<int>(receipt.kind)) + "|" + receipt.fiscal->scheme + "|" +
         receipt.fiscal->serial + "|" + receipt.fiscal->transaction_no;
}

}  // namespace loyalty::storage
