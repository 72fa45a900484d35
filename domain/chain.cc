#include <sodium.h>

#include <string>

#include "domain/ledger.h"

namespace loyalty {

// Encoding version 1: decimal numbers and ids, each followed by '|', in the order below. Free text is not part of it.
std::string EntryMac(std::string_view member_name, const Entry& entry, std::string_view previous_mac,
                     const ChainKey& key) {
  std::string text = "1|";
  text.append(previous_mac).append("|").append(member_name).append("|");
  for (const std::int64_t number :
       {entry.seq, static_cast<std::int64_t>(entry.type), entry.delta.available, entry.delta.pending, entry.delta.held,
        entry.delta.debt, entry.lot_seq, entry.reversal_of, entry.group_id, entry.cause.receipt_id,
        entry.cause.terminal_id, entry.cause.business_time, entry.cause.record_time, entry.cause.catalogue_version})
    text.append(std::to_string(number)).append("|");
  text.append(entry.cause.request_id);
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac{};
  static_assert(crypto_auth_hmacsha256_KEYBYTES == std::tuple_size_v<ChainKey>);
  crypto_auth_hmacsha256(mac.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size(), key.data());
  constexpr std::size_t kKept = 16;
  std::string hex(kKept * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), mac.data(), kKept);
  hex.pop_back();
  return hex;
}

void SealChain(Account& account, const ChainKey& key) {
  for (Entry& entry : account.entries) {
    entry.mac = EntryMac(account.member_name, entry, account.chain_head, key);
    account.chain_head = entry.mac;
  }
}

}  // namespace loyalty
