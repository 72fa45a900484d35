// The decisions of the write path: what each command does to the working set. A refusal changes nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "services/batch/run_batch.h"
#include "storage/working_set.h"

namespace loyalty {

struct DecideContext {
  storage::WorkingSet& set;
  BatchContext& batch;
  const Command& command;

  Instant now() const { return set.now; }
};

// An accepted command: its result bytes and the member it is about (0: none). `again`: see BatchResult. `replayed`: the
// result is that of an earlier request about the same receipt, and nothing is stored under this request id.
struct Decision {
  std::string result = {};
  std::int64_t member_id = 0;
  bool replayed = false;
  bool again = false;
};

// Errors in the order of TerminalService.Scan.
Result<Decision> DecideScan(DecideContext& context, const ScanCommand& command);
// Errors in the order of TerminalService.Redeem.
Result<Decision> DecideRedeem(DecideContext& context, const RedeemCommand& command);
// Errors in the order of TerminalService.CancelRedemption.
Result<Decision> DecideCancelRedemption(DecideContext& context, const CancelRedemptionCommand& command);
// Errors in the order of MemberService.EnrollMember.
Result<Decision> DecideEnrollMember(DecideContext& context, const EnrollMemberCommand& command);
// Errors in the order of MemberService.LinkIdentifier.
Result<Decision> DecideLinkIdentifier(DecideContext& context, const LinkIdentifierCommand& command);

// --- shared by the decisions ---

// A new member in the working set.
storage::MemberEntry& AddMember(DecideContext& context, bool anonymous, std::string language, std::int64_t store_id);

// The member an identifier belongs to, or why it cannot be used: kMemberUnknown, kIdentifierBlocked, kMemberBlocked.
Result<storage::MemberEntry*> FindActiveMember(DecideContext& context, const Identifier& identifier);

// Business day of a receipt: its own, else by the store's zone and day cut.
Day BusinessDate(const Receipt& receipt, const Place& place);

// Checks a till's time: 40 days behind to 5 minutes ahead; an admin's may lie in any past since 1900. Errors:
// kBusinessTimeOutOfRange.
Status CheckBusinessTime(Instant business_time, const Place& place, Instant now);

}  // namespace loyalty
