// Guards that a sabotage build can switch off, one at a time, to prove that a test notices. In a shipped program they
// are constants: there is no switch.
#pragma once

namespace loyalty::storage {

#ifdef LOYALTY_SABOTAGE
#define LOYALTY_GUARD bool
#else
#define LOYALTY_GUARD static constexpr bool
#endif

// NOLINTBEGIN(readability-identifier-naming): the same names in both builds, whether constant or not
struct Guards {
  LOYALTY_GUARD member_version = true;   // a member's row must have the version that was read
  LOYALTY_GUARD member_lock = true;      // members are locked before anything is read
  LOYALTY_GUARD request_lookup = true;   // a request id that was answered is answered again, not run again
  LOYALTY_GUARD batch_requests = true;   // also when it was answered in the same batch
  LOYALTY_GUARD payload_hash = true;     // a request id is good for one content
  LOYALTY_GUARD receipt_lookup = true;   // a receipt that is stored is not recorded again
  LOYALTY_GUARD receipt_content = true;  // a receipt's number is good for one content
  LOYALTY_GUARD unique_retry = true;     // a duplicate key means "run again", not "refuse"
  LOYALTY_GUARD conflict_retry = true;   // so does a conflict
  LOYALTY_GUARD lost_is_unknown = true;  // a lost connection is asked about, not taken for a failure
  LOYALTY_GUARD not_after = true;        // a new copy of an old request has no effect
  LOYALTY_GUARD business_time = true;    // a till's time is near the server's
  LOYALTY_GUARD dry_run = true;          // a quote is rolled back
  LOYALTY_GUARD settle_due = true;       // what time has made due comes before any decision
  LOYALTY_GUARD cancel_once = true;      // a redemption is cancelled once
  LOYALTY_GUARD cancel_member = true;    // by who names its member
  LOYALTY_GUARD cancel_store = true;     // in the store that made it
  LOYALTY_GUARD link_owner = true;       // a card that is somebody's is nobody else's
  LOYALTY_GUARD job_lease = true;        // a step of a job takes effect under the lease only
  LOYALTY_GUARD advance = true;          // what time has moved comes before the receipt that moves again
  LOYALTY_GUARD full_sync = true;        // SQLite has its commits on disk before anybody hears of them
};
// NOLINTEND(readability-identifier-naming)
#undef LOYALTY_GUARD

#ifdef LOYALTY_SABOTAGE
// Read once from the environment: LOYALTY_SABOTAGE names the guards that are off, separated by commas. Without
// member_lock there is no member_version, without request_lookup no receipt_lookup: each pair guards the same.
const Guards& TheGuards();
#else
inline constexpr Guards TheGuards() { return {}; }
#endif

}  // namespace loyalty::storage
