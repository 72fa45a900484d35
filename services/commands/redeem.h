// Points for money off, or for a reward.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/identifier.h"
#include "domain/redemption.h"
#include "services/commands/context.h"
#include "services/commands/operators.h"
#include "services/commands/place.h"

namespace loyalty {

struct Redeem {
  Place place;
  Identifier identifier;
  Spend spend;
  std::optional<Receipt> basket;
  AtTill at_till;
  Approver approver;
  bool needs_no_approval = false;  // it is only asked what it would come to
  Instant business_time = 0;       // 0: now
};

struct RedeemDecision {
  Outcome outcome;
  std::string member;  // public name
  std::int64_t redemption_name = 0;
  Price price;
  std::string reward;  // empty: none
  std::int64_t member_seq = 0;
  std::int64_t catalogue_version = 0;
};

void NeedsOf(const Redeem& command, const WorkingSet& set, const Rules& rules, Needs& needs);
Subjects SubjectsOf(const Redeem& command, const WorkingSet& set);
// Errors in the order of TerminalService.Redeem. A redemption that was approved is in the audit of whoever asks.
Result<RedeemDecision> Decide(Context& context, const Redeem& command);
ResultMessage ResultOf(const RedeemDecision& decision);
// Called when the decision was refused and undone: what was above a limit leaves an alert, and nothing else. `request`:
// its id, as it is stored.
void NoteRefusal(Context& context, const Redeem& command, const Error& error, const Bytes& request);

}  // namespace loyalty
