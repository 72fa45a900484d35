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

// What the method's option says; nobody without one.
MethodRoles RolesOf(std::string_view name) {
  MethodRoles roles{name};
  const auto* method = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(std::string(name));
  if (method == nullptr) return roles;
  for (const int role : method->options().GetExtension(v1::access).roles()) {
    roles.admin = roles.admin || role == v1::ROLE_ADMIN;
    roles.terminal = roles.terminal || role == v1::ROLE_TERMINAL;
  }
  return roles;
}

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

Result<Caller> Authenticate(const Snapshot& snapshot, std::string_view authorization, Instant now) {
  const auto refused = [] {
    return Error{Reason::kUnauthenticated, "a valid key is needed: authorization: Bearer KEY", {}};
  };
  constexpr std::size_t kScheme = 7;
  if (!IsBearer(authorization.substr(0, kScheme))) return refused();
  const std::string_view token = authorization.substr(kScheme);
  if (token.empty() || token.size() > kTokenBytesMax) return refused();
  const auto at = snapshot.access_keys.find(TokenHash(token));
  if (at == snapshot.access_keys.end()) return refused();
  const KeyInfo& info = at->second;
  if (info.expire_time <= now || info.role == Role::kNone) return refused();
  return Caller{info.role, info.principal_id, info.store_id, info.terminal_id, info.principal};
}

const std::vector<MethodRoles>& RoleTable() {
  static const std::vector<MethodRoles> kTable = [] {
    std::vector<MethodRoles> table;
    for (const Methods& service : AllServices())
      for (const Method& method : service) table.push_back(RolesOf(method.name));
    return table;
  }();
  return kTable;
}

const MethodRoles* FindMethod(std::string_view method) {
  static const auto kByName = [] {
    std::unordered_map<std::string_view, const MethodRoles*> by_name;
    for (const MethodRoles& row : RoleTable()) by_name.emplace(row.method, &row);
    return by_name;
  }();
  const auto row = kByName.find(method);
  return row == kByName.end() ? nullptr : row->second;
}

Status Authorise(std::string_view method, const Caller& caller) {
  const MethodRoles* row = FindMethod(method);
  if (row != nullptr &&
      ((caller.role == Role::kAdmin && row->admin) || (caller.role == Role::kTerminal && row->terminal)))
    return Ok{};
  return Error{Reason::kPermissionDenied, "this key may not call this method", {{"method", std::string(method)}}};
}

}  // namespace loyalty
