// Guards that a test can switch off, one at a time, to prove that it notices. In a shipped program all are on and there
// is no switch: storage/guards.cc. A test program links tests/support/guards_from_environment.cc beside it.
#pragma once

namespace loyalty::storage {

struct Guards {
  bool member_version = true;   // a member's row must have the version that was read
  bool member_lock = true;      // roots are locked before anything is read
  bool held_is_unknown = true;  // a row that another holds is not taken for one that is not there
  bool names_again = true;      // names are read again under the lock: they may have moved
  bool waiting = true;          // what shares a name with a command that waits does not overtake it
  bool refusal_undone = true;   // what a command wrote before it was refused is gone
  bool block_seal = true;       // what was recorded is added to the seal of its block
  bool request_lookup = true;   // a request id that was answered is answered again, not run again
  bool batch_requests = true;   // also when it was answered in the same batch
  bool payload_hash = true;     // a request id is good for one content
  bool receipt_lookup = true;   // a receipt that is stored is not recorded again
  bool receipt_content = true;  // a receipt's number is good for one content
  bool unique_retry = true;     // a duplicate key means "run again", not "refuse"
  bool conflict_retry = true;   // so does a conflict
  bool lost_is_unknown = true;  // a lost connection is asked about, not taken for a failure
  bool not_after = true;        // a new copy of an old request has no effect
  bool business_time = true;    // a till's time is near the server's
  bool record_time = true;      // within a member the server's time never goes back
  bool settle_due = true;       // what time has made due comes before any decision
  bool cancel_once = true;      // a redemption is cancelled once
  bool cancel_member = true;    // by who names its member
  bool cancel_store = true;     // in the store that made it
  bool link_owner = true;       // a card that is somebody's is nobody else's
  bool job_lease = true;        // a step of a job takes effect under the lease only
  bool advance = true;          // what time has moved comes before the receipt that moves again
  bool callbacks = true;        // what an answer's callback throws does not run its command again
  bool full_sync = true;        // SQLite has its commits on disk before anybody hears of them
  bool principal = true;        // a request is its principal's, whatever key it comes with
  bool ready = true;            // nothing is decided before all is known that it needs
  bool new_member_sums = true;  // sums are checked for a member too that the same batch has made
  bool quotes_read = true;      // what is only to be decided takes no place in a lane
  bool renew_idle = true;       // a connection that rested for long is opened anew
  bool migrate_limit = true;    // a statement of a migration may take as long as it likes
  bool migrate_wait = true;     // but whoever uses its table is waited for so long only
  bool causal_reads = true;     // a node of Galera waits for what others have committed before it reads
  bool limits_in_batch = true;  // what a batch has earned or spent counts for the limits of the next command in it
  bool whole_batch = true;      // what Galera rolls back is gone as a whole
};

const Guards& TheGuards();

}  // namespace loyalty::storage
