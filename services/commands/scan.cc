#include "services/commands/scan.h"

#include <cstdlib>

#include "domain/points_paid.h"
#include "services/commands/account.h"
#include "services/commands/alerts.h"
#include "services/commands/evaluation.h"
#include "services/commands/lifecycle.h"
#include "services/commands/limits.h"
#include "services/commands/purchases.h"
#include "services/commands/recorded.h"
#include "storage/guards.h"

namespace loyalty {
namespace {

using storage::FiscalNumberRow;
using storage::IdentifierRow;
using storage::MemberRow;
using storage::ReceiptLineRow;
using storage::ReceiptNumberRow;
using storage::ReceiptRow;
using storage::RedemptionRow;
using storage::RedemptionShareRow;
using storage::RedemptionState;
using storage::VisitRow;

// The business day of a scan without a receipt.
Day VisitDay(const Scan& command, Instant now) {
  return BusinessDayOf(command.business_time != 0 ? command.business_time : now, command.place.zone,
                       command.place.day_cut_minutes);
}

// Whose purchase it is now.
std::int64_t BuyerOf(const Scan& command, const WorkingSet& set) {
  if (!command.identifier) return 0;
  const auto member = FindActiveMember(set, command.identifier->key);
  return member ? *member : 0;
}

// Whether a redemption pays for this receipt: its buyer's, in force, and used by no other receipt. Who names another
// one has paid with points all the same, of which nothing is known.
bool MayPay(const Scan& command, const WorkingSet& set, std::int64_t redemption_id) {
  const RedemptionRow* redemption = redemption_id == 0 ? nullptr : set.Find<RedemptionRow>(redemption_id);
  return redemption != nullptr && redemption->member_id == BuyerOf(command, set) &&
         redemption->state == RedemptionState::kRedeemed && redemption->receipt_id == 0;
}

// What of the receipt was paid with points (PaidWithPoints). Points are money of the program's currency.
std::vector<Minor> PointsPaid(const Context& context, const Scan& command) {
  const Receipt& receipt = *command.receipt;
  if (receipt.currency != context.rules.snapshot.currency) return {};
  RedemptionShares shares;
  for (const std::int64_t redemption_id : command.facts.redemptions) {
    auto& one = shares.emplace_back();
    if (!MayPay(command, context.set, redemption_id)) continue;
    context.set.of<RedemptionShareRow>().Each(redemption_id, [&one](const RedemptionShareRow& row) {
      one.push_back({row.line_id, row.tax_rate, row.amount});
    });
  }
  return PaidWithPoints(receipt, shares);
}

// The rows of a new receipt. Its request and answer come from whoever runs the decision.
ReceiptRow& AddReceipt(Context& context, const Scan& command, const Operated& operated,
                       const std::vector<Minor>& paid_with_points) {
  const Receipt& receipt = *command.receipt;
  ReceiptRow row;
  row.id = context.draws.id;
  std::tie(row.terminal_id, row.epoch, row.business_date, row.kind, row.receipt_no) = command.facts.number;
  row.fiscal_key = command.facts.fiscal_key;
  row.currency = receipt.currency;
  row.total = receipt.total;
  row.business_time = command.facts.business_time;
  if (command.facts.clock_off) row.till_time = command.facts.till_time;
  row.record_time = context.rules.now;
  row.utc_offset = UtcOffsetSeconds(row.business_time, command.place.zone);
  row.operator_id = operated.name;
  row.operator_proven = operated.proven;
  row.content_hash = Keyed(context.rules.keys.current, &KeySet::content, command.facts.content_hash);
  row.payments = storage::PaymentsText(receipt);
  row.fiscal = storage::FiscalText(receipt);
  storage::LineDigest digest(context.rules.keys.current);
  std::int64_t line_no = 0;
  for (const Line& line : receipt.lines) {
    ReceiptLineRow line_row;
    line_row.receipt_id = row.id;
    line_row.line_no = ++line_no;
    line_row.line = line;
    if (line.Is(kPrivate)) {
      line_row.line.sku.clear();
      line_row.line.description.clear();
      line_row.line.categories.clear();
    }
    if (!paid_with_points.empty()) line_row.money_off = paid_with_points[static_cast<std::size_t>(line_no - 1)];
    digest.Add(line_row);
    context.set.Put(std::move(line_row));
  }
  row.sealed_with = digest.Finish();
  context.set.Put(ReceiptNumberRow{row.terminal_id, row.epoch, row.business_date, row.kind, row.receipt_no, row.id});
  if (!row.fiscal_key.empty()) context.set.Put(FiscalNumberRow{row.fiscal_key, row.id});
  return context.set.Put(std::move(row));
}

Status CheckNothingComesBack(const Receipt& receipt) {
  const auto refused = [](const std::string& field) {
    return Error{Reason::kReturnNotSupported, "returns are not part of the program yet", {{"field", field}}};
  };
  if (receipt.kind == ReceiptKind::kReturn) return refused("receipt.kind");
  for (std::size_t i = 0; i < receipt.lines.size(); ++i)
    if (receipt.lines[i].return_type != ReturnType::kNone)
      return refused("receipt.lines[" + std::to_string(i) + "].return_type");
  return Ok{};
}

// The catalogue that prices a receipt, and says how much is too much of it.
const CatalogueVersion& PricesOf(const Scan& command, const Rules& rules) {
  return rules.snapshot.catalogue.InForceAt(command.facts.business_time);
}

Passed PassedBy(const Scan& command, std::int64_t member_id, Limit limit) {
  return {limit, member_id, command.place.terminal_id, command.place.store_id, command.facts.business_date, ""};
}

// No receipt earns on more than so many times its amounts and taxes: a tax of kTaxRateMax may be still to come.
constexpr std::int64_t kEarnsOnAtMost = kTaxRateMax / kMillion + 2;

// Whether the receipt may earn more points than one receipt may: quickly told, and never no where it does.
bool MayPassReceiptLimit(const Receipt& receipt, const CatalogueVersion& catalogue) {
  if (catalogue.limits.points_per_receipt == 0 || !catalogue.earning) return false;
  Minor amounts = receipt.lines.empty() ? std::abs(receipt.total) : 0;  // 500 lines of twice 10^15 fit
  for (const Line& line : receipt.lines) amounts += std::abs(line.amount) + std::abs(line.tax_amount);
  const auto points =
      MulDiv(amounts, kEarnsOnAtMost * catalogue.earning->points, catalogue.earning->per_amount, Rounding::kCeiling);
  return !points || *points > catalogue.limits.points_per_receipt;
}

// What a member's receipt needs to know of limits: nothing, where none is set that it could pass.
void NeedLimits(const Scan& command, std::int64_t member_id, const Rules& rules, Needs& needs) {
  const CatalogueVersion& catalogue = PricesOf(command, rules);
  if (!catalogue.earning) return;
  const Limits& limits = catalogue.limits;
  NeedEarned(limits, member_id, command.facts.business_date, needs);
  for (const Limit limit : {Limit::kEarningReceiptsPerMemberDay, Limit::kPointsPerMemberDay})
    if (BoundOf(limits, limit) > 0) NeedAlert(PassedBy(command, member_id, limit), needs);
  if (MayPassReceiptLimit(*command.receipt, catalogue))
    NeedAlert(PassedBy(command, member_id, Limit::kPointsPerReceipt), needs);
}

// What the rule gives, and the limit that takes it.
void Judge(const Context& context, const Scan& command, const CatalogueVersion& catalogue, const Earned& earned,
           ScanDecision& decision) {
  decision.earned = earned;
  decision.desired = earned.points;
  const EarnedOfDay before =
      EarnedOn(context.set, catalogue.limits, BuyerOf(command, context.set), command.facts.business_date);
  decision.limit = PassedBySale(catalogue.limits, before, earned.points);
  if (decision.limit != Limit::kNone) decision.earned.points = 0;
}

// The sale is recorded, and earned nothing: the till is told, and somebody has to look at it.
void TellLimit(Context& context, const Scan& command, const MemberRow& member, ScanDecision& decision) {
  if (decision.limit == Limit::kNone) return;
  decision.rejected.push_back(
      {Rejected::What::kLimit, std::string(NameOfLimit(decision.limit)), Reason::kLimitExceeded});
  RaiseAlert(context, PassedBy(command, member.id, decision.limit), {});
}

// What a later version brings, and what a newer till knows: the sale is recorded all the same.
void RejectWhatIsToCome(const Scan& command, ScanDecision& decision) {
  const auto reject = [&decision](Rejected::What what, const std::string& text, Reason reason) {
    decision.rejected.push_back({what, text, reason});
  };
  for (const auto& code : command.voucher_codes) reject(Rejected::What::kVoucherCode, code, Reason::kNotEnabled);
  if (command.receipt)
    for (const Line& line : command.receipt->lines)
      if (line.kind_unknown) reject(Rejected::What::kLine, line.line_id, Reason::kLineKindUnknown);
  if (!command.referral_code.empty()) reject(Rejected::What::kReferralCode, command.referral_code, Reason::kNotEnabled);
  for (const auto& code : command.scanned_codes) reject(Rejected::What::kScannedCode, code, Reason::kNotEnabled);
  if (!command.hold.empty()) reject(Rejected::What::kHold, command.hold, Reason::kNotEnabled);
  if (command.has_points_to_burn) reject(Rejected::What::kPointsToBurn, "", Reason::kNotEnabled);
}

// Who buys: a member that is known, or that is made for a card of the program's ranges.
MemberRow* FindOrAddMember(Context& context, const Scan& command, ScanDecision& decision) {
  if (!command.identifier) return nullptr;
  const std::string& code = command.identifier->key;
  const auto found = FindActiveMember(context.set, code);
  if (found) return context.set.Find<MemberRow>(*found);
  const bool is_unknown = context.set.Find<IdentifierRow>(code) == nullptr;
  if (!is_unknown || !command.in_card_range) {
    decision.rejected.push_back({Rejected::What::kIdentifier, "", found.error().reason});
    return nullptr;
  }
  MemberRow& member = AddMember(context, true, context.rules.snapshot.language, command.place.store_id);
  IdentifierRow identifier;
  identifier.code = code;
  identifier.kind = command.identifier->kind;
  identifier.member_id = member.id;
  identifier.create_time = context.rules.now;
  context.set.Put(std::move(identifier));
  decision.member_created = true;
  return &member;
}

// The redemptions that have paid for it are used.
void UseRedemptions(Context& context, const Scan& command, std::int64_t receipt_id) {
  for (const std::int64_t redemption_id : command.facts.redemptions)
    if (MayPay(command, context.set, redemption_id))
      context.set.Find<RedemptionRow>(redemption_id)->receipt_id = receipt_id;
}

// Adds the purchase to what is known of the member, and moves it.
void Purchase(Context& context, const Scan& command, MemberRow& member, std::int64_t receipt_id) {
  const Day day = command.facts.business_date;
  const Day last_day = member.summary.days == 0 ? day - 1 : member.summary.last_day;
  AdvanceLifecycle(context.set, context.rules, member);
  CountPurchase(context.set, member, day, *command.facts.goods);
  ReclassifyLifecycle(context.set, context.rules, member, retention::Cause::kReceipt, receipt_id, day > last_day);
}

// Books the receipt in the member's log.
void Book(Context& context, const Scan& command, const CatalogueVersion& catalogue, MemberRow& member,
          ReceiptRow& receipt, ScanDecision& decision) {
  Cause cause;
  cause.receipt_id = receipt.id;
  cause.business_time = receipt.business_time;
  cause.record_time = receipt.record_time = RecordTimeOf(context.rules, member);
  cause.catalogue_version = catalogue.version;
  std::optional<SaleFacts> sale;
  if (const auto& goods = command.facts.goods)
    sale = SaleFacts{command.facts.business_date, goods->amount, goods->discount};
  Account account = AccountOf(context.set, member);
  if (decision.earned.points > 0) {
    const LotTerms terms =
        LifeOf(*catalogue.earning, receipt.business_time, receipt.record_time, context.rules.snapshot.zone);
    const auto settled = Earn(account, decision.earned.points, terms, cause, sale);
    decision.debt_settled = *settled;
    if (terms.activate_time > receipt.record_time) decision.pending = decision.earned.points;
  } else {
    NoteSale(account, cause, sale);
  }
  for (const Entry& entry : account.entries) decision.entries.push_back(entry.seq);
  Keep(context.set, account, member, receipt.entry_seq, receipt.entry_count);
  receipt.member_id = member.id;
  receipt.evaluation =
      EvaluationText(catalogue, decision.earned, decision.desired, decision.limit, member.summary.days);
}

// What can be refused of a member's purchase.
Status CheckSums(const Context& context, const Scan& command, const Points points) {
  const MemberRow* member = context.set.Find<MemberRow>(BuyerOf(command, context.set));
  if (member == nullptr) return Ok{};
  if (!storage::TheGuards().new_member_sums && context.set.of<MemberRow>().IsNew(member->id)) return Ok{};
  if (points > 0 && member->balance.available + member->balance.pending > kPointsMax - points)
    return Error{Reason::kOverflow, "the balance would exceed the largest number of points", {}};
  const auto& goods = command.facts.goods;
  if (goods && !CanCount(context.set, *member, command.facts.business_date, *goods))
    return Error{Reason::kOverflow, "the member's purchases would exceed the largest sum of money", {}};
  return Ok{};
}

void Visit(Context& context, const Scan& command, const Operated& operated, const MemberRow* member,
           ScanDecision& decision) {
  storage::CommandRow& row = decision.outcome.command;
  row.operator_id = operated.name;
  row.operator_proven = operated.proven;
  row.store_id = command.place.store_id;
  row.terminal_id = command.place.terminal_id;
  if (member == nullptr) return;
  row.member_id = member->id;
  if (command.place.store_id == 0) return;
  const VisitRow visit{member->id, command.place.store_id, VisitDay(command, context.rules.now), context.rules.now};
  if (context.set.Find<VisitRow>(visit.key()) == nullptr) context.set.Put(visit);
}

}  // namespace

void NeedsOf(const Scan& command, const WorkingSet& set, const Rules& rules, Needs& needs) {
  NeedSession(command.at_till, needs);
  if (command.identifier) {
    const std::string& code = command.identifier->key;
    NeedOwner(code, set, rules, needs);
    if (const IdentifierRow* identifier = set.Find<IdentifierRow>(code)) {
      const MemberRow* member = set.Find<MemberRow>(identifier->member_id);
      if (command.facts.goods && member != nullptr) NeedDay(*member, command.facts.business_date, set, needs);
      if (command.receipt && identifier->member_id != 0) NeedLimits(command, identifier->member_id, rules, needs);
      if (!command.receipt && command.place.store_id != 0 && identifier->member_id != 0)
        needs.Below<VisitRow>({identifier->member_id, command.place.store_id, VisitDay(command, rules.now)});
    } else if (command.in_card_range) {
      needs.NewId();
      needs.NewName();
    }
  }
  if (!command.receipt) return;
  const Subjects owner = SubjectsOf(command, set);
  for (const std::int64_t redemption_id : command.facts.redemptions) {
    if (redemption_id == 0) continue;
    needs.First<RedemptionShareRow>(redemption_id, storage::Reach::kAll);
    needs.Name<RedemptionRow>(redemption_id);
    const RedemptionRow* redemption = set.Find<RedemptionRow>(redemption_id);
    if (redemption != nullptr && owner.contains(redemption->member_id)) needs.Root<RedemptionRow>(redemption_id);
  }
  NeedRecorded(command, set, needs);
}

Subjects SubjectsOf(const Scan& command, const WorkingSet& set) {
  return command.identifier ? OwnerOf(command.identifier->key, set) : Subjects();
}

Result<ScanDecision> Decide(Context& context, const Scan& command) {
  const Snapshot& snapshot = context.rules.snapshot;
  const Instant now = context.rules.now;
  const Receipt* receipt = command.receipt ? &*command.receipt : nullptr;
  if (receipt != nullptr)
    if (const Status ok = CheckNothingComesBack(*receipt); !ok) return ok.error();
  const Instant business_time = receipt != nullptr           ? command.facts.business_time
                                : command.business_time != 0 ? command.business_time
                                                             : now;
  // A slip is a fact whatever the till's clock said; an import can be corrected.
  if (receipt == nullptr || command.place.is_admin)
    if (const Status ok = CheckBusinessTime(business_time, command.place, now); !ok) return ok.error();
  if (receipt != nullptr) {
    const auto recorded = FindRecorded(context, command);
    if (!recorded) return recorded.error();
    if (*recorded != 0) {
      ScanDecision again;
      again.outcome.replayed_receipt = *recorded;
      return again;
    }
  }

  // Everything that can refuse comes before the first change.
  if (const Status ok = snapshot.Prices(now); !ok) return ok.error();
  ScanDecision decision;
  const CatalogueVersion& catalogue = snapshot.catalogue.InForceAt(business_time);
  const std::vector<Minor> paid = receipt != nullptr ? PointsPaid(context, command) : std::vector<Minor>();
  if (receipt != nullptr && catalogue.earning) {
    const auto earned = EarnedBy(*receipt, paid, *catalogue.earning, snapshot.currency);
    if (!earned) return earned.error();
    Judge(context, command, catalogue, *earned, decision);
  }
  if (const Status ok = CheckSums(context, command, decision.earned.points); !ok) return ok.error();

  MemberRow* member = FindOrAddMember(context, command, decision);
  RejectWhatIsToCome(command, decision);
  const Operated operated = OperatedBy(context, command.at_till);
  if (operated.missing) decision.rejected.push_back({Rejected::What::kOperator, "", Reason::kOperatorNeeded});
  if (decision.member_created && !command.facts.goods)
    ReclassifyLifecycle(context.set, context.rules, *member, retention::Cause::kManual, 0, false);
  if (receipt == nullptr) {
    Visit(context, command, operated, member, decision);
  } else {
    ReceiptRow& row = AddReceipt(context, command, operated, paid);
    decision.outcome.is_receipt = decision.has_sale = true;
    decision.receipt_name = Disguise(context.rules.keys.names, NameOf::kReceipt, row.id);
    decision.business_date = command.facts.business_date;
    decision.till_time = row.till_time;
    decision.has_rule = catalogue.earning.has_value() && member != nullptr;
    decision.catalogue_version = catalogue.version;
    if (member != nullptr) {
      if (command.facts.goods) Purchase(context, command, *member, row.id);
      TellLimit(context, command, *member, decision);
      Book(context, command, catalogue, *member, row, decision);
      UseRedemptions(context, command, row.id);
    } else {
      decision.earned = {};
      decision.desired = 0;
    }
  }
  if (member != nullptr) {
    decision.member = member->name();
    decision.member_seq = member->seq;
  }
  return decision;
}

}  // namespace loyalty
