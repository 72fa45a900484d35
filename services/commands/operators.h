// Who operates a till and who approves: what a request says of them, and what of it is proven.
#pragma once

#include <cstdint>
#include <string>

#include "services/commands/context.h"

namespace loyalty {

// Sessions are good for so long, a shift with its breaks.
inline constexpr Instant kSessionLife = 8 * kHour;
// PINs that may be looked at in a row before one was right, and for how long then none is.
inline constexpr int kPinTriesMax = 5;
inline constexpr Instant kPinLock = 15 * kMinute;

// A session that a terminal claims to have.
struct SessionClaim {
  std::int64_t operator_id = 0;  // 0: it claims none, or what it sent is none
  std::string hash;              // of the token
  bool is_made = false;          // something was sent
};

// What a request says of who operates the till.
struct AtTill {
  std::string said;  // its word
  SessionClaim session;
  std::int64_t terminal_id = 0;  // where a session would be; 0: nowhere
  bool needs_session = false;    // its store wants one
};

// A second person, proven before the command was queued.
struct Approver {
  std::string name;               // operators/{operator} or keys/{key}; empty: nobody
  std::int64_t principal_id = 0;  // in whose audit it stands: who asks

  bool is_there() const { return !name.empty(); }
};

// Who it was.
struct Operated {
  std::string name;      // operators/{operator}, or the till's word
  bool proven = false;   // by a session
  bool missing = false;  // a session was claimed or wanted, and there is none that is good
};

// Who it is, if it is not refused: known before the session has been looked up.
std::string OperatorOf(const AtTill& at_till);

void NeedSession(const AtTill& at_till, Needs& needs);
Operated OperatedBy(const Context& context, const AtTill& at_till);
// The same for what is refused without a session. Errors: kOperatorNeeded.
Result<Operated> MayOperate(const Context& context, const AtTill& at_till);

void NeedApprover(const Approver& approver, Needs& needs);
// One row of audit, where somebody approved: who it was.
void NoteApproval(Context& context, const Approver& approver, const std::string& action, const std::string& resource);

}  // namespace loyalty
