#include "storage/guards.h"

#ifdef LOYALTY_SABOTAGE
#include <cstdlib>
#include <string_view>

namespace loyalty::storage {

const Guards& TheGuards() {
  static const Guards kGuards = [] {
    Guards guards;
    const char* off = std::getenv("LOYALTY_SABOTAGE");
    const std::string_view name = off == nullptr ? "" : off;
    if (name == "member_version") guards.member_version = false;
    if (name == "member_lock") guards.member_lock = guards.member_version = false;
    if (name == "request_lookup") guards.request_lookup = guards.receipt_lookup = false;
    if (name == "receipt_lookup") guards.receipt_lookup = false;
    if (name == "unique_retry") guards.unique_retry = false;
    return guards;
  }();
  return kGuards;
}

}  // namespace loyalty::storage
#endif
