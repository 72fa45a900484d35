#include "services/rpc/issue_key.h"

#include <sodium.h>

#include <array>

#include "services/codec/names.h"
#include "services/codec/timestamp.h"
#include "storage/operators.h"

namespace loyalty {

std::string DeriveKey(const KeySet& keys, std::int64_t asked_by, std::string_view request_id, std::string_view name) {
  std::string text = std::to_string(asked_by) + "|";
  text.append(request_id).append("|").append(name);
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac{};
  crypto_auth_hmacsha256(mac.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                         keys.terminals.data());
  std::string hex(mac.size() * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), mac.data(), mac.size());
  hex.pop_back();
  return (name.starts_with("stores/") ? "lt_" : "lk_") + hex;
}

Result<Instant> EndOfKey(bool has_expire_time, const google::protobuf::Timestamp& expire_time, Instant now) {
  const Instant at = has_expire_time ? ToInstant(expire_time) : now + kKeyLifeMax;
  if (at <= now || at > now + kKeyLifeMax) return InvalidField("expire_time", "in the future, at most 400 days ahead");
  return at;
}

bool IsValid(const storage::KeyRow& key, Instant now) { return key.revoked_time == 0 && key.expire_time > now; }

Error KeyUnknown() { return Error{Reason::kKeyUnknown, "there is no such key", {}}; }

Status CheckPrincipalName(const std::string& name) {
  constexpr std::string_view kPrefix = "keys/";
  const bool is_key = name.compare(0, kPrefix.size(), kPrefix) == 0 && IsResourceId(name.substr(kPrefix.size()));
  if (!is_key && !ParseTerminalName("name", name))
    return InvalidField("name", "keys/{key} or stores/{store}/terminals/{terminal}");
  return Ok{};
}

storage::KeyRow& AddKey(const AdminStep& step, std::int64_t principal_id, const std::string& hash,
                        Instant expire_time) {
  storage::KeyRow key;
  key.id = step.draws.more[0];
  key.principal_id = principal_id;
  key.hash = hash;
  key.expire_time = expire_time;
  key.create_time = step.now();
  return step.set.Put(std::move(key));
}

Status CheckRoomForKey(const std::vector<storage::KeyRow>& keys, Instant now) {
  int valid = 0;
  for (const auto& key : keys) valid += IsValid(key, now) ? 1 : 0;
  if (valid >= kValidKeysMax)
    return Error{Reason::kTooManyKeys, "10 of its keys are valid: revoke those that nobody uses", {}};
  return Ok{};
}

void EndSessionsAt(const AdminStep& step, std::int64_t terminal_id) {
  for (auto& row : storage::ReadSessionsAt(step.session, terminal_id))
    if (row.end_time == 0) step.set.of<storage::OperatorSessionRow>().Take(row).end_time = step.now();
}

int RevokeKeys(const AdminStep& step, std::int64_t principal_id, std::int64_t key_id) {
  int revoked = 0;
  for (auto& row : storage::ReadKeysOf(step.session, principal_id)) {
    if (!IsValid(row, step.now()) || (key_id != 0 && row.id != key_id)) continue;
    step.set.of<storage::KeyRow>().Take(row).revoked_time = step.now();
    ++revoked;
  }
  return revoked;
}

}  // namespace loyalty
