#include <algorithm>

#include "domain/earning.h"
#include "loyalty/v1/terminal_service.pb.h"
#include "services/batch/decide.h"
#include "services/batch/lifecycle.h"
#include "storage/guards.h"

namespace loyalty {
namespace {

using storage::DayEntry;
using storage::MemberEntry;
using storage::NewReceipt;
using storage::WorkingSet;

// Neighbours of a day among the stored ones and those that this batch has added.
retention::DayNeighbours NeighboursOf(const MemberEntry& member, Day day, const DayEntry& entry) {
  retention::DayNeighbours neighbours = entry.neighbours;
  for (const auto& [other, row] : member.days) {
    if (!row.row || row.row->receipts == 0 || other == day) continue;
    if (other < day && (!neighbours.before || other > *neighbours.before)) neighbours.before = other;
    if (other > day && (!neighbours.after || other < *neighbours.after)) neighbours.after = other;
  }
  return neighbours;
}

void CountPurchase(MemberEntry& member, Day day, const GoodsMoney& goods) {
  DayEntry& entry = member.days[day];
  const auto neighbours = NeighboursOf(member, day, entry);
  retention::AddReceipt(member.statistics.summary, entry.row, neighbours, day, goods.amount, goods.discount);
  entry.changed = member.statistics_changed = true;
}

// The first answer for a receipt that is stored already; nothing when it is new.
std::optional<Result<Decision>> FindRecorded(const WorkingSet& set, const std::string& natural_key,
                                             const std::string& fiscal_key, const std::string& content_hash) {
  auto at = set.receipts.find(natural_key);
  if (at == set.receipts.end() && !fiscal_key.empty()) at = set.receipts.find(fiscal_key);
  if (at == set.receipts.end()) return std::nullopt;
  const std::string name = "receipts/" + storage::PublicName(at->second.id);
  const auto request = set.requests.find(at->second.request_id);
  if ((at->second.content_hash != content_hash && storage::TheGuards().receipt_content) ||
      request == set.requests.end())
    return Result<Decision>(
        Error{Reason::kReceiptConflict, "this receipt number is recorded with other content", {{"receipt", name}}});
  return Result<Decision>(Decision{.result = request->second.result, .replayed = true});
}

// What a sale was judged by, so that a return can judge it again years later.
std::string Evaluation(const CatalogueVersion& catalogue, const Earned& earned, std::int64_t visit) {
  return "{\"catalogue\":" + std::to_string(catalogue.version) + ",\"visit\":" + std::to_string(visit) +
         ",\"rules\":[{\"rule\":\"base\",\"basis\":" + std::to_string(earned.basis) +
         ",\"desired\":" + std::to_string(earned.points) + ",\"awarded\":" + std::to_string(earned.points) + "}]}";
}

void Reject(v1::ScanResult& result, std::string what, Reason reason) {
  v1::Rejection& rejection = *result.add_rejected();
  rejection.set_what(std::move(what));
  rejection.set_reason(std::string(ReasonName(reason)));
}

}  // namespace

Result<Decision> DecideScan(DecideContext& context, const ScanCommand& command) {
  WorkingSet& set = context.set;
  const Snapshot& snapshot = context.batch.snapshot;
  const Receipt* receipt = command.receipt ? &*command.receipt : nullptr;
  if (receipt != nullptr && receipt->kind == ReceiptKind::kReturn)
    return Error{Reason::kReturnNotSupported, "returns are not part of the program yet", {{"field", "receipt.kind"}}};
  const Instant business_time = receipt != nullptr           ? receipt->business_time
                                : command.business_time != 0 ? command.business_time
                                                             : context.now();
  if (const Status ok = CheckBusinessTime(business_time, command.place, context.now()); !ok) return ok.error();
  const Day day = receipt != nullptr ? BusinessDate(*receipt, command.place)
                                     : BusinessDayOf(business_time, command.place.zone, command.place.day_cut_minutes);
  NewReceipt row;
  if (receipt != nullptr) {
    row.natural_key = storage::ReceiptKey(command.place.terminal_id, command.place.epoch, day, *receipt);
    row.fiscal_key = storage::FiscalKey(*receipt);
    row.content_hash =
        ReceiptContentHash(*receipt, command.identifier ? command.identifier->key : "",
                           std::string_view(reinterpret_cast<const char*>(context.batch.chain_key.data()),
                                            context.batch.chain_key.size()));
    if (auto recorded = FindRecorded(set, row.natural_key, row.fiscal_key, row.content_hash))
      return std::move(*recorded);
  }

  // Everything that can refuse comes before the first change.
  const CatalogueVersion& catalogue = snapshot.catalogue.InForceAt(business_time);
  Earned earned;
  if (receipt != nullptr && catalogue.earning) {
    const auto computed = EarnedBy(*receipt, *catalogue.earning, snapshot.currency);
    if (!computed) return computed.error();
    earned = *computed;
  }

  std::optional<GoodsMoney> goods;  // what purchase statistics count
  if (receipt != nullptr && receipt->currency == snapshot.currency)
    if (const GoodsMoney money = GoodsOf(*receipt); money.purchase) goods = money;

  v1::ScanResult result;
  MemberEntry* member = nullptr;
  const LifecycleContext lifecycle{set, snapshot.measure.get()};
  if (command.identifier) {
    const auto found = FindActiveMember(context, *command.identifier);
    if (found) {
      member = *found;
      const bool counts = receipt != nullptr;
      if (counts && !member->is_new && (!member->purchases_loaded || !member->days.contains(day)))
        return Decision{.again = true};
      if (earned.points > 0 &&
          member->account.balance.available + member->account.balance.pending > kPointsMax - earned.points)
        return Error{Reason::kOverflow, "the balance would exceed the largest number of points", {}};
      if (goods && !member->is_new &&
          !retention::CanAdd(member->statistics.summary, member->days[day].row, day, goods->amount, goods->discount))
        return Error{Reason::kOverflow, "the member's purchases would exceed the largest sum of money", {}};
    } else if (found.error().reason == Reason::kMemberUnknown && command.in_card_range &&
               set.identifiers[command.identifier->key].member_id == 0) {
      member = &AddMember(context, true, snapshot.language, command.place.store_id);
      set.identifiers[command.identifier->key] = {command.identifier->kind, member->id, IdentifierState::kActive, true};
      result.set_member_created(true);
      if (!goods) ReclassifyLifecycle(lifecycle, *member, retention::Cause::kManual, 0, false);
    } else {
      Reject(result, "identifier", found.error().reason);
    }
  }
  for (const auto& code : command.voucher_codes) Reject(result, "voucher:" + code, Reason::kNotEnabled);
  if (command.has_referral_code) Reject(result, "referral_code", Reason::kNotEnabled);

  if (member != nullptr) {
    member->changed = true;
    result.set_member("members/" + member->account.member_name);
  }
  if (receipt == nullptr) {
    if (member != nullptr && command.place.store_id != 0)
      set.visits.push_back({member->id, command.place.store_id, day});
  } else {
    row.id = context.batch.ids.Take();
    row.terminal_id = command.place.terminal_id;
    row.epoch = command.place.epoch;
    row.business_date = day;
    row.record_time = context.now();
    row.utc_offset = UtcOffsetSeconds(business_time, command.place.zone);
    row.operator_id = command.operator_id;
    row.request_id = context.command.request_id;
    row.receipt = receipt;
    v1::Sale& sale = *result.mutable_sale();
    sale.set_name("receipts/" + storage::PublicName(row.id));
    sale.set_business_date(FormatDay(day));
    if (member != nullptr) {
      row.member_id = member->id;
      if (goods) {
        const retention::MemberSummary& summary = member->statistics.summary;
        const Day last_day = summary.days == 0 ? day - 1 : summary.last_day;
        AdvanceLifecycle(lifecycle, *member);
        CountPurchase(*member, day, *goods);
        ReclassifyLifecycle(lifecycle, *member, retention::Cause::kReceipt, row.id, day > last_day);
      }
      row.evaluation = Evaluation(catalogue, earned, member->statistics.summary.days);
      if (catalogue.earning) {
        v1::Effect& effect = *sale.add_effects();
        effect.set_rule("base");
        effect.set_catalogue_version(catalogue.version);
        effect.set_points_desired(earned.points);
        effect.set_points_awarded(earned.points);
        effect.set_basis_minor(earned.basis);
      }
      if (earned.points > 0) {
        const std::int64_t before = member->account.seq;
        const LotLife life = LifeOf(*catalogue.earning, business_time, context.now(), snapshot.zone);
        Cause cause;
        cause.request_id = context.command.request_id;
        cause.receipt_id = row.id;
        cause.terminal_id = command.place.terminal_id;
        cause.operator_id = command.operator_id;
        cause.business_time = business_time;
        cause.record_time = context.now();
        cause.catalogue_version = catalogue.version;
        const auto settled = Earn(member->account, earned.points, life.activate_time, life.expire_time, cause);
        assert(settled);  // checked above
        sale.set_points_earned(earned.points);
        if (life.activate_time > context.now()) sale.set_points_pending(earned.points);
        sale.set_debt_settled(*settled);
        for (std::int64_t seq = before + 1; seq <= member->account.seq; ++seq)
          sale.add_entries(result.member() + "/entries/" + std::to_string(seq));
      }
    }
    set.receipts[row.natural_key] = {row.id, row.request_id, row.content_hash};
    if (!row.fiscal_key.empty()) set.receipts[row.fiscal_key] = {row.id, row.request_id, row.content_hash};
    set.new_receipts.push_back(std::move(row));
  }
  if (member != nullptr) result.set_member_seq(member->account.seq);
  return Decision{.result = result.SerializeAsString(), .member_id = member == nullptr ? 0 : member->id};
}

}  // namespace loyalty
