#include "services/rpc/auth.h"

#include <google/protobuf/descriptor.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "loyalty/v1/access.pb.h"
#include "services/rpc/services.h"

namespace loyalty {
namespace {

// Longer values are no tokens of ours and are not worth a hash.
constexpr std::size_t kTokenBytesMax = 256;

bool IsBearer(std::string_view scheme) {
  constexpr std::string_view kBearer = "bearer ";
  return scheme.size() == kBearer.size() &&
         std::equal(scheme.begin(), scheme.end(), kBearer.begin(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

// A call is looked at twice in a row, before its handler and in it: the second time this thread knows the hash. Who
// tries tokens learns nothing of the one before by the time that it takes to compare them.
const std::string& HashOnce(std::string_view token) {
  thread_local std::string last, hash;
  if (last.size() != token.size() || sodium_memcmp(last.data(), token.data(), token.size()) != 0) {
    hash = TokenHash(token);
    last = token;
  }
  return hash;
}

// The table is made by casts.
template <typename Ours, typename Theirs>
constexpr bool IsSame(Ours ours, Theirs theirs) {
  return static_cast<int>(ours) == static_cast<int>(theirs);
}
static_assert(IsSame(Role::kAdmin, v1::ROLE_ADMIN) && IsSame(Role::kTerminal, v1::ROLE_TERMINAL) &&
              IsSame(Role::kClerk, v1::ROLE_CLERK) && IsSame(Role::kMarketer, v1::ROLE_MARKETER) &&
              IsSame(Role::kAnalyst, v1::ROLE_ANALYST) && IsSame(Role::kAuditor, v1::ROLE_AUDITOR) &&
              IsSame(Role::kService, v1::ROLE_SERVICE) && IsSame(Role::kMember, v1::Role_MAX));
static_assert(IsSame(Ownership::kAny, v1::OWNERSHIP_ANY) && IsSame(Ownership::kOwnStore, v1::OWNERSHIP_OWN_STORE) &&
              IsSame(Ownership::kOwnTerminal, v1::OWNERSHIP_OWN_TERMINAL) &&
              IsSame(Ownership::kSelf, v1::OWNERSHIP_SELF) && IsSame(Ownership::kOwnMember, v1::Ownership_MAX));
static_assert(IsSame(RateClass::kSale, v1::RATE_CLASS_SALE) && IsSame(RateClass::kRead, v1::RATE_CLASS_READ) &&
              IsSame(RateClass::kLookup, v1::RATE_CLASS_LOOKUP) && IsSame(RateClass::kAdmin, v1::RATE_CLASS_ADMIN) &&
              IsSame(RateClass::kLong, v1::RateClass_MAX));

}  // namespace

std::string TokenHash(std::string_view token) {
  std::array<unsigned char, 32> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(token.data()), token.size(),
                     nullptr, 0);
  std::string hex(hash.size() * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
  hex.pop_back();
  return hex;
}

Error KeyNeeded() { return Error{Reason::kUnauthenticated, "a valid key is needed: authorization: Bearer KEY", {}}; }

Result<Caller> Authenticate(const Snapshot& snapshot, std::string_view authorization, Instant now) {
  const auto refused = KeyNeeded;
  constexpr std::size_t kScheme = 7;
  if (!IsBearer(authorization.substr(0, kScheme))) return refused();
  const std::string_view token = authorization.substr(kScheme);
  if (token.empty() || token.size() > kTokenBytesMax) return refused();
  const auto at = snapshot.access_keys.find(HashOnce(token));
  if (at == snapshot.access_keys.end()) return refused();
  const KeyInfo& info = at->second;
  if (info.expire_time <= now || info.role == Role::kNone) return refused();
  // A till's next call finds the day noted, and writes nothing.
  if (const Day today = static_cast<Day>(now / kDayLength);
      info.seen_day && info.seen_day->load(std::memory_order_relaxed) < today)
    info.seen_day->store(today, std::memory_order_relaxed);
  return Caller{info.role,   info.principal_id, info.store_id,   info.terminal_id,
                info.key_id, info.principal,    info.expire_time};
}

MethodAccess AccessOf(const google::protobuf::MethodDescriptor& method) {
  const v1::Access& option = method.options().GetExtension(v1::access);
  MethodAccess access;
  access.method = method.full_name();
  access.ownership = static_cast<Ownership>(option.ownership());
  access.rate = static_cast<RateClass>(option.rate());
  access.audited = option.audited();
  if (access.ownership == Ownership::kNone || access.rate == RateClass::kNone) return access;
  for (const int role : option.roles()) access.roles.Add(static_cast<Role>(role));
  access.anonymous = option.anonymous();
  return access;
}

const std::vector<MethodAccess>& AccessTable() {
  static const std::vector<MethodAccess> kTable = [] {
    std::vector<MethodAccess> table;
    const auto* pool = google::protobuf::DescriptorPool::generated_pool();
    for (const Methods& service : AllServices())
      for (const Method& method : service)
        if (const auto* declared = pool->FindMethodByName(std::string(method.name)))
          table.push_back(AccessOf(*declared));
    return table;
  }();
  return kTable;
}

const MethodAccess* FindMethod(std::string_view method) {
  static const auto kByName = [] {
    std::unordered_map<std::string_view, const MethodAccess*> by_name;
    for (const MethodAccess& row : AccessTable()) by_name.emplace(row.method, &row);
    return by_name;
  }();
  const auto row = kByName.find(method);
  return row == kByName.end() ? nullptr : row->second;
}

Status Authorise(std::string_view method, const Caller& caller) {
  const MethodAccess* row = FindMethod(method);
  if (row != nullptr && row->roles.Has(caller.role)) return Ok{};
  if (caller.role == Role::kNone) return row != nullptr && row->anonymous ? Status(Ok{}) : KeyNeeded();
  return Error{Reason::kPermissionDenied, "this key may not call this method", {{"method", std::string(method)}}};
}

}  // namespace loyalty
