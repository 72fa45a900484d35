// Who calls, and what they may call.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/catalogue/snapshot.h"

namespace google::protobuf {
class MethodDescriptor;
}

namespace loyalty {

// The holder of a valid token.
struct Caller {
  Role role = Role::kNone;
  std::int64_t principal_id = 0;
  std::int64_t store_id = 0;     // 0: not bound to a store
  std::int64_t terminal_id = 0;  // 0: not bound to a terminal
  std::int64_t key_id = 0;       // the key it came with: for what is about that key, and for nothing else
  std::string principal;         // the name of the principal
  Instant key_expire_time = 0;
};

// What is stored of a token: BLAKE2b-256 as 64 hexadecimal digits. Tokens are 256 random bits, so no salt is needed.
std::string TokenHash(std::string_view token);

// kUnauthenticated.
Error KeyNeeded();

// The caller behind the value of the `authorization` metadata, "Bearer TOKEN". Errors: kUnauthenticated (no token, an
// unknown, an expired or a revoked one: the answer does not tell which). Notes the day on which the key was used.
Result<Caller> Authenticate(const Snapshot& snapshot, std::string_view authorization, Instant now);

// What a method's requests may be about, of callers that are bound to something (access.proto).
enum class Ownership : std::uint8_t { kNone, kAny, kOwnStore, kOwnTerminal, kSelf, kOwnMember };
// What a call counts as where a caller's calls are limited.
enum class RateClass : std::uint8_t { kNone, kSale, kRead, kLookup, kAdmin, kLong };

// A method of the API and who may call it.
struct MethodAccess {
  std::string_view method;  // full name, for instance loyalty.v1.AdminService.CreateStore
  RoleSet roles;
  Ownership ownership = Ownership::kNone;
  RateClass rate = RateClass::kNone;
  bool audited = false;
  bool anonymous = false;  // also for whoever has no key
};

// What a method's option says; no roles where it says too little: without ownership or rate class nobody may call it.
MethodAccess AccessOf(const google::protobuf::MethodDescriptor& method);

// What the methods' options say, one row a method that this server has. Whatever is not in it is refused to everybody.
const std::vector<MethodAccess>& AccessTable();
// Its row; nullptr: there is no such method.
const MethodAccess* FindMethod(std::string_view method);

// A caller without a role has sent no key. Errors: kUnauthenticated, kPermissionDenied.
Status Authorise(std::string_view method, const Caller& caller);

}  // namespace loyalty
