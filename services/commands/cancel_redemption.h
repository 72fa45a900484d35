// Gives a redemption's points back.
#pragma once

#include <string>

#include "domain/ledger.h"
#include "services/commands/context.h"
#include "services/commands/operators.h"
#include "services/commands/place.h"

namespace loyalty {

struct CancelRedemption {
  Place place;
  std::int64_t redemption_id = 0;
  std::string member_name;  // as named by the caller; must be the redemption's
  std::string reason;
  AtTill at_till;
  Approver approver;
};

struct CancelRedemptionDecision {
  Outcome outcome;
  std::string member;  // public name
  std::int64_t redemption_name = 0;
  Restored restored;
  std::int64_t member_seq = 0;
};

void NeedsOf(const CancelRedemption& command, const WorkingSet& set, const Rules& rules, Needs& needs);
Subjects SubjectsOf(const CancelRedemption& command, const WorkingSet& set);
// Errors in the order of TerminalService.CancelRedemption.
Result<CancelRedemptionDecision> Decide(Context& context, const CancelRedemption& command);
ResultMessage ResultOf(const CancelRedemptionDecision& decision);

}  // namespace loyalty
