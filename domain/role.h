// What the holder of a key is to the program.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace loyalty {

// Stored by number, and the numbers of loyalty.v1.Role. What each may do says access.proto, method by method.
enum class Role : std::uint8_t {
  kNone = 0,
  kAdmin = 1,
  kTerminal = 2,
  kClerk = 3,
  kMarketer = 4,
  kAnalyst = 5,
  kAuditor = 6,
  kService = 7,
  kMember = 8,
};
inline constexpr Role kAllRoles[] = {Role::kAdmin,   Role::kTerminal, Role::kClerk,   Role::kMarketer,
                                     Role::kAnalyst, Role::kAuditor,  Role::kService, Role::kMember};

// Some of them.
class RoleSet {
 public:
  constexpr RoleSet() = default;
  constexpr RoleSet(std::initializer_list<Role> roles) {
    for (const Role role : roles) Add(role);
  }
  // kNone, and a number that is no role here, add nothing.
  constexpr void Add(Role role) { bits_ |= BitOf(role); }
  constexpr bool Has(Role role) const { return (bits_ & BitOf(role)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }

 private:
  static constexpr std::uint32_t BitOf(Role role) {
    return role == Role::kNone || role > Role::kMember ? 0 : 1U << static_cast<unsigned>(role);
  }

  std::uint32_t bits_ = 0;
};

// Members with all that is known of them: the desk, and who audits it.
inline constexpr RoleSet kSeesFull{Role::kAdmin, Role::kClerk, Role::kAuditor};

}  // namespace loyalty
