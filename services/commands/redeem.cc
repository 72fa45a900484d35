#include "services/commands/redeem.h"

#include "services/commands/account.h"
#include "services/commands/alerts.h"
#include "services/commands/limits.h"

namespace loyalty {
namespace {

using storage::IdentifierRow;
using storage::MemberRow;
using storage::OpenLotRow;
using storage::RedemptionRow;
using storage::RedemptionShareRow;

// Points that will be asked for, as far as the catalogue tells.
Points PointsOf(const Redeem& command, const Rules& rules) {
  if (command.spend.reward_id.empty()) return command.spend.points;
  const Reward* reward = rules.snapshot.catalogue.InForceAt(rules.now).FindReward(command.spend.reward_id);
  return reward == nullptr ? 0 : reward->cost;
}

// Lots in burn order until they cover the points.
void NeedLots(const MemberRow& member, Points points, const WorkingSet& set, Needs& needs) {
  const auto& lots = set.of<OpenLotRow>();
  Points covered = 0;
  lots.Each(member.id, [&covered](const OpenLotRow& lot) { covered += lot.remaining - lot.held; });
  const auto next = lots.NextReach(member.id);
  if (next && covered < std::min(points, member.balance.available)) needs.First<OpenLotRow>(member.id, *next);
}

constexpr Limit kOfMembers[] = {Limit::kRedemptionsPerMemberDay, Limit::kRedeemedPointsPerMemberDay};

Passed PassedBy(const Redeem& command, const Rules& rules, std::int64_t member_id, Limit limit) {
  return {
      limit, member_id, command.place.terminal_id, command.place.store_id, rules.today(), OperatorOf(command.at_till)};
}

// Whether the member's day is looked at.
bool CountsMember(const Redeem& command, const Limits& limits) {
  return limits.redemptions_per_member_day > 0 || limits.redeemed_points_per_member_day > 0 ||
         (command.place.at_till && IsOpen(command.identifier.kind));
}

void NeedLimits(const Redeem& command, std::int64_t member_id, const Rules& rules, Needs& needs) {
  const Limits& limits = rules.snapshot.catalogue.InForceAt(rules.now).limits;
  if (CountsMember(command, limits)) NeedSpent(rules, member_id, needs);
  for (const Limit limit : kOfMembers)
    if (BoundOf(limits, limit) > 0) NeedAlert(PassedBy(command, rules, member_id, limit), needs);
  for (const Spender& spender : SpendersOf(limits, command.place, OperatorOf(command.at_till))) {
    NeedSpentBy(rules, spender, needs);
    NeedAlert(PassedBy(command, rules, member_id, spender.limit), needs);
  }
}

// Errors: kProofNeeded, kLimitExceeded.
Status CheckLimits(Context& context, const Redeem& command, const CatalogueVersion& catalogue, std::int64_t member_id,
                   Points points) {
  const Limits& limits = catalogue.limits;
  SpentOfDay spent;
  if (CountsMember(command, limits)) spent = SpentToday(context.set, context.rules, member_id);
  const Points code_from = catalogue.burn ? catalogue.burn->code_from : BurnRule().code_from;
  if (command.place.at_till && !Proves(command.identifier.kind, code_from, spent.points, points)) {
    if (!IsOpen(command.identifier.kind))
      return Error{Reason::kProofNeeded,
                   "a phone number or an e-mail address does not spend points: take the card or the app, or ask the "
                   "service desk",
                   {{"field", "identifier"}}};
    return Error{
        Reason::kProofNeeded,
        "a printed number spends " + std::to_string(code_from) + " points a day: take the app, or ask the service desk",
        {{"field", "identifier"},
         {"code_from_points", std::to_string(code_from)},
         {"spent_points", std::to_string(spent.points)}}};
  }
  std::vector<SpentUnder> others;
  for (const Spender& spender : SpendersOf(limits, command.place, OperatorOf(command.at_till)))
    others.push_back(SpentByToday(context.set, context.rules, spender));
  const Limit passed = PassedByRedemption(limits, spent, others, points);
  if (passed == Limit::kNone) return Ok{};
  const std::string name(NameOfLimit(passed)), bound = std::to_string(BoundOf(limits, passed));
  return Error{
      Reason::kLimitExceeded, "more than the limit " + name + " of " + bound, {{"limit", name}, {"max", bound}}};
}

}  // namespace

void NeedsOf(const Redeem& command, const WorkingSet& set, const Rules& rules, Needs& needs) {
  needs.NewId();
  NeedSession(command.at_till, needs);
  NeedApprover(command.approver, needs);
  NeedOwner(command.identifier.key, set, rules, needs);
  const IdentifierRow* identifier = set.Find<IdentifierRow>(command.identifier.key);
  if (identifier == nullptr || identifier->member_id == 0) return;
  // Before the member is read: whoever comes to spend has lots.
  needs.First<OpenLotRow>(identifier->member_id, storage::Reach::kFirst);
  NeedLimits(command, identifier->member_id, rules, needs);
  if (const MemberRow* member = set.Find<MemberRow>(identifier->member_id)) {
    NeedLots(*member, PointsOf(command, rules), set, needs);
    NeedExpiring(member->id, set, rules, needs, PointsOf(command, rules));
  }
}

Subjects SubjectsOf(const Redeem& command, const WorkingSet& set) { return OwnerOf(command.identifier.key, set); }

Result<RedeemDecision> Decide(Context& context, const Redeem& command) {
  const Snapshot& snapshot = context.rules.snapshot;
  const Instant now = context.rules.now;
  const Instant business_time = command.business_time != 0 ? command.business_time : now;
  if (const Status ok = CheckBusinessTime(business_time, command.place, now); !ok) return ok.error();
  if (const Status ok = snapshot.Prices(now); !ok) return ok.error();
  const auto operated = MayOperate(context, command.at_till);
  if (!operated) return operated.error();
  const auto found = FindActiveMember(context.set, command.identifier.key);
  if (!found) return found.error();
  MemberRow& member = *context.set.Find<MemberRow>(*found);
  // Not by the till's time: what points are worth is what they are worth now.
  const CatalogueVersion& catalogue = snapshot.catalogue.InForceAt(now);
  auto price =
      PriceRedemption(catalogue, command.spend, command.basket ? &*command.basket : nullptr, snapshot.currency);
  if (!price) return price.error();
  if (const Status ok = CheckLimits(context, command, catalogue, member.id, price->points); !ok) return ok.error();

  RedeemDecision decision;
  storage::CommandRow& row = decision.outcome.command;
  Cause cause;
  cause.command_id = context.draws.id;
  cause.business_time = business_time;
  cause.record_time = RecordTimeOf(context.rules, member);
  cause.catalogue_version = catalogue.version;
  Account account = AccountOf(context.set, member);
  const auto seq = Burn(account, price->points, cause);
  if (!seq) return seq.error();
  // The last question: nobody calls a supervisor for what is refused anyway.
  const Points limit = catalogue.burn ? catalogue.burn->approval_from : 0;
  if (limit > 0 && price->points >= limit && !command.approver.is_there() && !command.needs_no_approval)
    return Error{Reason::kApprovalRequired,
                 "redemptions of " + std::to_string(limit) + " points and more need the approval of a second person",
                 {{"points", std::to_string(price->points)}, {"approval_from_points", std::to_string(limit)}}};
  row.operator_id = operated->name;
  row.operator_proven = operated->proven;
  row.approver = command.approver.name;
  row.store_id = command.place.store_id;
  row.terminal_id = command.place.terminal_id;
  row.member_id = member.id;
  Keep(context.set, account, member, row.entry_seq, row.entry_count);

  RedemptionRow redemption;
  redemption.id = context.draws.more.front();
  redemption.member_id = member.id;
  redemption.entry_seq = *seq;
  redemption.points = price->points;
  redemption.value = price->value;
  redemption.reward = command.spend.reward_id;
  redemption.store_id = command.place.store_id;
  redemption.terminal_id = command.place.terminal_id;
  redemption.operator_id = row.operator_id;
  redemption.operator_proven = row.operator_proven;
  redemption.approver = row.approver;
  redemption.command_id = context.draws.id;
  redemption.create_time = now;
  // Its burn is all there is below it.
  context.set.of<storage::AllocationRow>().OwnAll({member.id, *seq});
  std::int64_t share_no = 0;
  for (const TaxAllocation& share : price->allocations)
    context.set.Put(RedemptionShareRow{redemption.id, ++share_no, share.line_id, share.tax_rate, share.amount});

  decision.member = member.name();
  decision.redemption_name = Disguise(context.rules.keys.names, NameOf::kRedemption, redemption.id);
  decision.price = *std::move(price);
  decision.reward = redemption.reward;
  decision.member_seq = member.seq;
  decision.catalogue_version = catalogue.version;
  NoteApproval(context, command.approver, "redemption.approve",
               RedemptionName(decision.member, decision.redemption_name));
  context.set.Put(std::move(redemption));
  return decision;
}

void NoteRefusal(Context& context, const Redeem& command, const Error& error, const Bytes& request) {
  if (error.reason != Reason::kLimitExceeded) return;
  const auto member = FindActiveMember(context.set, command.identifier.key);
  if (!member) return;
  const Limit limit = LimitOf(error.metadata.at("limit"));
  RaiseAlert(context, PassedBy(command, context.rules, *member, limit), request);
}

}  // namespace loyalty
