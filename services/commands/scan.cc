#include "services/commands/scan.h"

#include "domain/points_paid.h"
#include "services/codec/names.h"
#include "services/commands/account.h"
#include "services/commands/evaluation.h"
#include "services/commands/lifecycle.h"
#include "services/commands/purchases.h"
#include "storage/guards.h"

namespace loyalty {
namespace {

using storage::FiscalNumberRow;
using storage::IdentifierRow;
using storage::MemberRow;
using storage::ReceiptLineRow;
using storage::ReceiptNumberRow;
using storage::ReceiptRow;
using storage::RedemptionShareRow;
using storage::VisitRow;

// The business day of a scan without a receipt.
Day VisitDay(const Scan& command, Instant now) {
  return BusinessDayOf(command.business_time != 0 ? command.business_time : now, command.place.zone,
                       command.place.day_cut_minutes);
}

// The receipt that has this number already, by either of its numbers; 0: it is new.
std::int64_t RecordedAs(const Scan& command, const WorkingSet& set) {
  if (const ReceiptNumberRow* row = set.Find<ReceiptNumberRow>(command.facts.number)) return row->id;
  if (command.facts.fiscal_key.empty()) return 0;
  const FiscalNumberRow* row = set.Find<FiscalNumberRow>(command.facts.fiscal_key);
  return row == nullptr ? 0 : row->id;
}

// Whose purchase it is now.
std::int64_t BuyerOf(const Scan& command, const WorkingSet& set) {
  if (!command.identifier) return 0;
  const auto member = FindActiveMember(set, command.identifier->key);
  return member ? *member : 0;
}

Error Conflict(const Context& context, const ReceiptRow& recorded) {
  const std::string name =
      "receipts/" + storage::PublicName(Disguise(context.rules.keys.names, NameOf::kReceipt, recorded.id));
  return Error{Reason::kReceiptConflict, "this receipt number is recorded with other content", {{"receipt", name}}};
}

// A receipt that was recorded before: answered as it was then, when it is the same one.
Result<ScanDecision> AnswerRecorded(const Context& context, const Scan& command, std::int64_t id) {
  const ReceiptRow& recorded = *context.set.Find<ReceiptRow>(id);
  const bool same =
      recorded.content_hash == command.facts.content_hash && recorded.member_id == BuyerOf(command, context.set);
  if (!same && storage::TheGuards().receipt_content) return Conflict(context, recorded);
  ScanDecision decision;
  decision.outcome.replayed_receipt = id;
  return decision;
}

// What of the receipt was paid with points (PaidWithPoints). Points are money of the program's currency.
std::vector<Minor> PointsPaid(const Context& context, const Scan& command) {
  const Receipt& receipt = *command.receipt;
  if (receipt.currency != context.rules.snapshot.currency) return {};
  RedemptionShares shares;
  for (const std::int64_t redemption_id : command.facts.redemptions) {
    auto& one = shares.emplace_back();
    if (redemption_id == 0) continue;
    context.set.of<RedemptionShareRow>().Each(redemption_id, [&one](const RedemptionShareRow& row) {
      one.push_back({row.line_id, row.tax_rate, row.amount});
    });
  }
  return PaidWithPoints(receipt, shares);
}

// The rows of a new receipt. Its request and answer come from whoever runs the decision.
ReceiptRow& AddReceipt(Context& context, const Scan& command, const std::vector<Minor>& paid_with_points) {
  const Receipt& receipt = *command.receipt;
  ReceiptRow row;
  row.id = context.draws.id;
  std::tie(row.terminal_id, row.epoch, row.business_date, row.kind, row.receipt_no) = command.facts.number;
  row.fiscal_key = command.facts.fiscal_key;
  row.currency = receipt.currency;
  row.total = receipt.total;
  row.business_time = receipt.business_time;
  row.record_time = context.rules.now;
  row.utc_offset = UtcOffsetSeconds(receipt.business_time, command.place.zone);
  row.operator_id = command.operator_id;
  row.content_hash = command.facts.content_hash;
  row.payments = storage::PaymentsText(receipt);
  row.fiscal = storage::FiscalText(receipt);
  storage::LineDigest digest(context.rules.keys);
  std::int64_t line_no = 0;
  for (const Line& line : receipt.lines) {
    ReceiptLineRow line_row;
    line_row.receipt_id = row.id;
    line_row.line_no = ++line_no;
    line_row.line = line;
    if (!paid_with_points.empty()) line_row.money_off = paid_with_points[static_cast<std::size_t>(line_no - 1)];
    digest.Add(line_row);
    context.set.Put(std::move(line_row));
  }
  row.sealed_with = digest.Finish();
  context.set.Put(ReceiptNumberRow{row.terminal_id, row.epoch, row.business_date, row.kind, row.receipt_no, row.id});
  if (!row.fiscal_key.empty()) context.set.Put(FiscalNumberRow{row.fiscal_key, row.id});
  return context.set.Put(std::move(row));
}

// Who buys: a member that is known, or that is made for a card of the program's ranges.
MemberRow* FindOrAddMember(Context& context, const Scan& command, ScanDecision& decision) {
  if (!command.identifier) return nullptr;
  const std::string& code = command.identifier->key;
  const auto found = FindActiveMember(context.set, code);
  if (found) return context.set.Find<MemberRow>(*found);
  const bool is_unknown = context.set.Find<IdentifierRow>(code) == nullptr;
  if (!is_unknown || !command.in_card_range) {
    decision.rejected.push_back({"identifier", found.error().reason});
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
  cause.record_time = context.rules.now;
  cause.catalogue_version = catalogue.version;
  std::optional<SaleFacts> sale;
  if (const auto& goods = command.facts.goods)
    sale = SaleFacts{command.facts.business_date, goods->amount, goods->discount};
  Account account = AccountOf(context.set, member);
  if (decision.earned.points > 0) {
    const LotTerms terms =
        LifeOf(*catalogue.earning, receipt.business_time, context.rules.now, context.rules.snapshot.zone);
    const auto settled = Earn(account, decision.earned.points, terms, cause, sale);
    decision.debt_settled = *settled;
    if (terms.activate_time > context.rules.now) decision.pending = decision.earned.points;
  } else {
    NoteSale(account, cause, sale);
  }
  for (const Entry& entry : account.entries) decision.entries.push_back(entry.seq);
  Keep(context.set, account, member, receipt.entry_seq, receipt.entry_count);
  receipt.member_id = member.id;
  receipt.evaluation = EvaluationText(catalogue, decision.earned, member.summary.days);
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

void Visit(Context& context, const Scan& command, const MemberRow* member, ScanDecision& decision) {
  storage::CommandRow& row = decision.outcome.command;
  row.operator_id = command.operator_id;
  row.store_id = command.place.store_id;
  row.terminal_id = command.place.terminal_id;
  if (member == nullptr) return;
  row.member_id = member->id;
  if (command.place.store_id == 0) return;
  const VisitRow visit{member->id, command.place.store_id, VisitDay(command, context.rules.now), context.rules.now};
  if (context.set.Find<VisitRow>(visit.key()) == nullptr) context.set.Put(visit);
}

}  // namespace

ReceiptFacts FactsOf(const Receipt& receipt, const Place& place, const std::string& program_currency,
                     const ProgramKeys& keys) {
  ReceiptFacts facts;
  facts.business_date = receipt.business_date ? *receipt.business_date
                                              : BusinessDayOf(receipt.business_time, place.zone, place.day_cut_minutes);
  facts.number = {place.terminal_id, place.epoch, facts.business_date, receipt.kind, receipt.receipt_no};
  facts.fiscal_key = storage::FiscalKey(receipt);
  facts.content_hash = ReceiptContentHash(receipt);
  if (receipt.currency == program_currency)
    if (const GoodsMoney money = GoodsOf(receipt); money.purchase) facts.goods = money;
  // A name that is none is a fact of the slip as well: such a payment is spread as if it named nothing.
  for (std::size_t i = 0; i < receipt.payments.size(); ++i) {
    const Payment& payment = receipt.payments[i];
    const auto name = payment.kind == PaymentKind::kPoints ? ParseRedemptionName(payment.redemption) : std::nullopt;
    if (!name) continue;
    facts.redemptions.resize(receipt.payments.size());
    facts.redemptions[i] = Reveal(keys.names, NameOf::kRedemption, name->second);
  }
  return facts;
}

void NeedsOf(const Scan& command, const WorkingSet& set, const Rules& rules, Needs& needs) {
  if (command.identifier) {
    const std::string& code = command.identifier->key;
    NeedOwner(code, set, rules, needs);
    if (const IdentifierRow* identifier = set.Find<IdentifierRow>(code)) {
      const MemberRow* member = set.Find<MemberRow>(identifier->member_id);
      if (command.facts.goods && member != nullptr) NeedDay(*member, command.facts.business_date, set, needs);
      if (!command.receipt && command.place.store_id != 0 && identifier->member_id != 0)
        needs.Below<VisitRow>({identifier->member_id, command.place.store_id, VisitDay(command, rules.now)});
    } else if (command.in_card_range) {
      needs.NewId();
      needs.NewName();
    }
  }
  if (!command.receipt) return;
  for (const std::int64_t redemption_id : command.facts.redemptions)
    if (redemption_id != 0) needs.First<RedemptionShareRow>(redemption_id, storage::Reach::kAll);
  if (!storage::TheGuards().receipt_lookup) return;
  needs.Below<ReceiptNumberRow>(command.facts.number);
  if (!command.facts.fiscal_key.empty()) needs.Below<FiscalNumberRow>(command.facts.fiscal_key);
  if (const std::int64_t id = RecordedAs(command, set); id != 0) needs.Below<ReceiptRow>(id);
}

Subjects SubjectsOf(const Scan& command, const WorkingSet& set) {
  return command.identifier ? OwnerOf(command.identifier->key, set) : Subjects();
}

Result<ScanDecision> Decide(Context& context, const Scan& command) {
  const Snapshot& snapshot = context.rules.snapshot;
  const Instant now = context.rules.now;
  const Receipt* receipt = command.receipt ? &*command.receipt : nullptr;
  if (receipt != nullptr && receipt->kind == ReceiptKind::kReturn)
    return Error{Reason::kReturnNotSupported, "returns are not part of the program yet", {{"field", "receipt.kind"}}};
  const Instant business_time = receipt != nullptr           ? receipt->business_time
                                : command.business_time != 0 ? command.business_time
                                                             : now;
  if (const Status ok = CheckBusinessTime(business_time, command.place, now); !ok) return ok.error();
  if (receipt != nullptr)
    if (const std::int64_t id = RecordedAs(command, context.set); id != 0) return AnswerRecorded(context, command, id);

  // Everything that can refuse comes before the first change.
  if (const Status ok = snapshot.Prices(now); !ok) return ok.error();
  ScanDecision decision;
  const CatalogueVersion& catalogue = snapshot.catalogue.InForceAt(business_time);
  const std::vector<Minor> paid = receipt != nullptr ? PointsPaid(context, command) : std::vector<Minor>();
  if (receipt != nullptr && catalogue.earning) {
    const auto earned = EarnedBy(*receipt, paid, *catalogue.earning, snapshot.currency);
    if (!earned) return earned.error();
    decision.earned = *earned;
  }
  if (const Status ok = CheckSums(context, command, decision.earned.points); !ok) return ok.error();

  MemberRow* member = FindOrAddMember(context, command, decision);
  for (const auto& code : command.voucher_codes) decision.rejected.push_back({"voucher:" + code, Reason::kNotEnabled});
  if (command.has_referral_code) decision.rejected.push_back({"referral_code", Reason::kNotEnabled});
  if (decision.member_created && !command.facts.goods)
    ReclassifyLifecycle(context.set, context.rules, *member, retention::Cause::kManual, 0, false);
  if (receipt == nullptr) {
    Visit(context, command, member, decision);
  } else {
    ReceiptRow& row = AddReceipt(context, command, paid);
    decision.outcome.is_receipt = decision.has_sale = true;
    decision.receipt_name = Disguise(context.rules.keys.names, NameOf::kReceipt, row.id);
    decision.business_date = command.facts.business_date;
    decision.has_rule = catalogue.earning.has_value() && member != nullptr;
    decision.catalogue_version = catalogue.version;
    if (member != nullptr) {
      if (command.facts.goods) Purchase(context, command, *member, row.id);
      Book(context, command, catalogue, *member, row, decision);
    } else {
      decision.earned = {};
    }
  }
  if (member != nullptr) {
    decision.member = member->name();
    decision.member_seq = member->seq;
  }
  return decision;
}

}  // namespace loyalty
