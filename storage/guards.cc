#include "storage/guards.h"

#ifdef LOYALTY_SABOTAGE
#include <cstdlib>
#include <string>

namespace loyalty::storage {

const Guards& TheGuards() {
  static const Guards kGuards = [] {
    Guards guards;
    const char* names = std::getenv("LOYALTY_SABOTAGE");
    const std::string list = std::string(",") + (names == nullptr ? "" : names) + ",";
    const auto off = [&list](const char* name) {
      return list.find(std::string(",") + name + ",") != std::string::npos;
    };
    if (off("member_version")) guards.member_version = false;
    if (off("member_lock")) guards.member_lock = guards.member_version = false;
    if (off("request_lookup")) guards.request_lookup = guards.receipt_lookup = false;
    if (off("receipt_lookup")) guards.receipt_lookup = false;
    if (off("unique_retry")) guards.unique_retry = false;
    return guards;
  }();
  return kGuards;
}

}  // namespace loyalty::storage
#endif
