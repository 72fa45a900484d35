// Guards that a sabotage build can switch off, one at a time, to prove that a test notices. In a shipped program they
// are constants: there is no switch.
#pragma once

namespace loyalty::storage {

// NOLINTBEGIN(readability-identifier-naming): the same names in both builds, whether constant or not
struct Guards {
#ifdef LOYALTY_SABOTAGE
  bool member_version = true;  // a member's row must have the version that was read
  bool member_lock = true;     // members are locked before anything is read
  bool request_lookup = true;  // a request id that was answered is answered again, not run again
  bool receipt_lookup = true;  // a receipt that is stored is not recorded again
  bool unique_retry = true;    // a duplicate key means "run again", not "refuse"
#else
  static constexpr bool member_version = true;
  static constexpr bool member_lock = true;
  static constexpr bool request_lookup = true;
  static constexpr bool receipt_lookup = true;
  static constexpr bool unique_retry = true;
#endif
};
// NOLINTEND(readability-identifier-naming)

#ifdef LOYALTY_SABOTAGE
// Read once from the environment: LOYALTY_SABOTAGE names the guards that are off, separated by commas.
const Guards& TheGuards();
#else
inline constexpr Guards TheGuards() { return {}; }
#endif

}  // namespace loyalty::storage
