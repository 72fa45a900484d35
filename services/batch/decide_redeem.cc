#include "domain/earning.h"
#include "loyalty/v1/terminal_service.pb.h"
#include "services/batch/decide.h"
#include "storage/guards.h"

namespace loyalty {
namespace {

using storage::MemberEntry;
using storage::RedemptionEntry;
using storage::RedemptionState;

Cause CauseOf(const DecideContext& context, const Place& place, const std::string& operator_id, Instant business_time,
              std::int64_t catalogue_version) {
  Cause cause;
  cause.request_id = context.command.request_id;
  cause.terminal_id = place.terminal_id;
  cause.operator_id = operator_id;
  cause.business_time = business_time;
  cause.record_time = context.now();
  cause.catalogue_version = catalogue_version;
  return cause;
}

// 0 when the terminal is not known.
std::int64_t StoreOf(const Snapshot& snapshot, std::int64_t terminal_id) {
  const auto name = snapshot.terminal_names.find(terminal_id);
  if (name == snapshot.terminal_names.end()) return 0;
  const auto terminal = snapshot.terminals.find(name->second);
  return terminal == snapshot.terminals.end() ? 0 : terminal->second.store_id;
}

std::string RedemptionName(const MemberEntry& member, std::int64_t id) {
  return "members/" + member.account.member_name + "/redemptions/" + storage::PublicName(id);
}

}  // namespace

Result<Decision> DecideRedeem(DecideContext& context, const RedeemCommand& command) {
  const Snapshot& snapshot = context.batch.snapshot;
  const Instant business_time = command.business_time != 0 ? command.business_time : context.now();
  if (const Status ok = CheckBusinessTime(business_time, command.place, context.now()); !ok) return ok.error();
  const auto found = FindActiveMember(context, command.identifier);
  if (!found) return found.error();
  MemberEntry& member = **found;
  const CatalogueVersion& catalogue = snapshot.catalogue.InForceAt(business_time);
  const auto price =
      PriceRedemption(catalogue, command.spend, command.basket ? &*command.basket : nullptr, snapshot.currency);
  if (!price) return price.error();
  const auto seq = Burn(member.account, price->points,
                        CauseOf(context, command.place, command.operator_id, business_time, catalogue.version));
  if (!seq) return seq.error();
  member.changed = true;

  RedemptionEntry redemption;
  redemption.id = context.batch.random();
  redemption.member_id = member.id;
  redemption.entry_seq = *seq;
  redemption.points = price->points;
  redemption.value = price->value;
  redemption.reward = command.spend.reward_id;
  redemption.terminal_id = command.place.terminal_id;
  redemption.request_id = context.command.request_id;
  redemption.create_time = context.now();
  redemption.version = 1;
  redemption.is_new = true;
  for (const Allocation& allocation : member.account.allocations)
    if (allocation.entry_seq == *seq) redemption.allocations.push_back(allocation);

  v1::RedeemResult result;
  result.set_redemption(RedemptionName(member, redemption.id));
  result.set_member("members/" + member.account.member_name);
  result.set_points(price->points);
  result.set_value_minor(price->value);
  if (!redemption.reward.empty()) result.set_reward("rewards/" + redemption.reward);
  for (const TaxAllocation& share : price->allocations) {
    v1::TaxAllocation& allocation = *result.add_allocations();
    allocation.set_line_id(share.line_id);
    allocation.set_rate_basis_points(share.tax_rate);
    allocation.set_amount_minor(share.amount);
  }
  result.set_member_seq(member.account.seq);
  result.set_catalogue_version(catalogue.version);
  context.set.redemptions[redemption.id] = std::move(redemption);
  return Decision{.result = result.SerializeAsString(), .member_id = member.id};
}

Result<Decision> DecideCancelRedemption(DecideContext& context, const CancelRedemptionCommand& command) {
  const Error unknown{Reason::kRedemptionUnknown, "no such redemption", {}};
  const auto at = context.set.redemptions.find(command.redemption_id);
  if (at == context.set.redemptions.end()) return unknown;
  RedemptionEntry& redemption = at->second;
  MemberEntry* member = context.set.FindMember(redemption.member_id);
  if (member == nullptr || (member->account.member_name != command.member_name && storage::TheGuards().cancel_member))
    return unknown;
  if (storage::TheGuards().cancel_store && !command.place.is_admin &&
      StoreOf(context.batch.snapshot, redemption.terminal_id) != command.place.store_id)
    return Error{Reason::kPermissionDenied, "this redemption was made in another store", {}};
  if (redemption.state == RedemptionState::kCancelled && storage::TheGuards().cancel_once)
    return Error{Reason::kRedemptionAlreadyCancelled, "this redemption is cancelled already", {}};
  const Snapshot& snapshot = context.batch.snapshot;
  const Instant grace = StartOfDay(DayOf(context.now(), snapshot.zone) + kGraceDays + 1, snapshot.zone);
  const Restored restored = RestoreBurn(member->account, redemption.entry_seq, redemption.allocations, grace,
                                        CauseOf(context, command.place, command.operator_id, context.now(), 0));
  member->changed = true;
  redemption.state = RedemptionState::kCancelled;
  redemption.cancel_request_id = context.command.request_id;
  redemption.cancel_reason = command.reason;
  redemption.changed = true;

  v1::CancelRedemptionResult result;
  result.set_redemption(RedemptionName(*member, redemption.id));
  result.set_points_restored(restored.points);
  result.set_points_in_grace(restored.in_grace);
  result.set_debt_settled(restored.debt_settled);
  result.set_member_seq(member->account.seq);
  return Decision{.result = result.SerializeAsString(), .member_id = member->id};
}

}  // namespace loyalty
