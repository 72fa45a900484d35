#include "services/commands/cancel_redemption.h"

#include "domain/earning.h"
#include "services/commands/account.h"
#include "storage/guards.h"

namespace loyalty {
namespace {

using storage::AllocationRow;
using storage::MemberRow;
using storage::OpenLotRow;
using storage::RedemptionRow;
using storage::RedemptionState;

}  // namespace

void NeedsOf(const CancelRedemption& command, const WorkingSet& set, const Rules& rules, Needs& needs) {
  NeedSession(command.at_till, needs);
  NeedApprover(command.approver, needs);
  needs.Name<RedemptionRow>(command.redemption_id);
  const RedemptionRow* redemption = set.Find<RedemptionRow>(command.redemption_id);
  if (redemption == nullptr) return;
  NeedMember(redemption->member_id, set, rules, needs);
  // Most points are taken from the first lots: they come along, before it is known from which.
  needs.Wish<OpenLotRow>(redemption->member_id, storage::Reach::kFew);
  needs.Root<RedemptionRow>(command.redemption_id);
  const AllocationRow::Prefix burn{redemption->member_id, redemption->entry_seq};
  needs.First<AllocationRow>(burn, storage::Reach::kAll);
  set.of<AllocationRow>().Each(burn, [&needs](const AllocationRow& row) {
    const LotTerms& terms = row.allocation.terms;
    needs.Below<OpenLotRow>({row.member_id, terms.expire_time, terms.activate_time, row.allocation.lot_seq});
  });
}

Subjects SubjectsOf(const CancelRedemption& command, const WorkingSet& set) {
  const RedemptionRow* redemption = set.Find<RedemptionRow>(command.redemption_id);
  return redemption == nullptr ? Subjects() : Subjects{redemption->member_id};
}

Result<CancelRedemptionDecision> Decide(Context& context, const CancelRedemption& command) {
  const Error unknown{Reason::kRedemptionUnknown, "no such redemption", {}};
  RedemptionRow* redemption = context.set.Find<RedemptionRow>(command.redemption_id);
  if (redemption == nullptr) return unknown;
  MemberRow* member = context.set.Find<MemberRow>(redemption->member_id);
  if (member == nullptr || (member->name() != command.member_name && storage::TheGuards().cancel_member))
    return unknown;
  const Snapshot& snapshot = context.rules.snapshot;
  if (storage::TheGuards().cancel_store && !command.place.any_store && redemption->store_id != command.place.store_id)
    return Error{Reason::kPermissionDenied, "this redemption was made in another store", {}};
  if (redemption->state == RedemptionState::kCancelled && storage::TheGuards().cancel_once)
    return Error{Reason::kRedemptionAlreadyCancelled, "this redemption is cancelled already", {}};
  const auto operated = MayOperate(context, command.at_till);
  if (!operated) return operated.error();

  CancelRedemptionDecision decision;
  storage::CommandRow& row = decision.outcome.command;
  Cause cause;
  cause.command_id = context.draws.id;
  cause.business_time = context.rules.now;
  cause.record_time = RecordTimeOf(context.rules, *member);
  std::vector<Allocation> burnt;
  context.set.of<AllocationRow>().Each({member->id, redemption->entry_seq},
                                       [&burnt](const AllocationRow& one) { burnt.push_back(one.allocation); });
  const Instant grace = StartOfDay(DayOf(cause.record_time, snapshot.zone) + kGraceDays + 1, snapshot.zone);
  Account account = AccountOf(context.set, *member);
  decision.restored = RestoreBurn(account, redemption->entry_seq, burnt, grace, cause);
  row.operator_id = operated->name;
  row.operator_proven = operated->proven;
  row.approver = command.approver.name;
  row.store_id = command.place.store_id;
  row.terminal_id = command.place.terminal_id;
  row.member_id = member->id;
  Keep(context.set, account, *member, row.entry_seq, row.entry_count);
  redemption->state = RedemptionState::kCancelled;
  redemption->cancel_command_id = context.draws.id;
  redemption->cancel_reason = command.reason;
  decision.member = member->name();
  decision.redemption_name = Disguise(context.rules.keys.names, NameOf::kRedemption, redemption->id);
  decision.member_seq = member->seq;
  NoteApproval(context, command.approver, "redemption.approve_cancel",
               RedemptionName(decision.member, decision.redemption_name));
  return decision;
}

}  // namespace loyalty
