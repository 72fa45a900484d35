// Who calls, and what they may call.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/catalogue/snapshot.h"

namespace loyalty {

// The holder of a valid token.
struct Caller {
  Role role = Role::kNone;
  std::int64_t principal_id = 0;
  std::int64_t store_id = 0;     // 0: not bound to a store
  std::int64_t terminal_id = 0;  // 0: not bound to a terminal
  std::string principal;         // the name of the principal
};

// What is stored of a token: BLAKE2b-256 as 64 hexadecimal digits. Tokens are 256 random bits, so no salt is needed.
std::string TokenHash(std::string_view token);

// The caller behind the value of the `authorization` metadata, "Bearer TOKEN". Errors: kUnauthenticated (no token, an
// unknown, an expired or a revoked one: the answer does not tell which).
Result<Caller> Authenticate(const Snapshot& snapshot, std::string_view authorization, Instant now);

// A method of the API and the roles that may call it.
struct MethodRoles {
  std::string_view method;  // full name, for instance loyalty.v1.AdminService.CreateStore
  bool admin = false;
  bool terminal = false;
};

// What the methods' options say (access.proto), one row a method that this server has. Whatever is not in it is refused
// to everybody.
const std::vector<MethodRoles>& RoleTable();
// Its row; nullptr: there is no such method.
const MethodRoles* FindMethod(std::string_view method);

// Errors: kPermissionDenied.
Status Authorise(std::string_view method, const Caller& caller);

}  // namespace loyalty
