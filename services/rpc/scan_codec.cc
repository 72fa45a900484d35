#include "services/rpc/scan_codec.h"

#include "services/codec/names.h"
#include "services/rpc/identifier.h"
#include "services/rpc/lifecycle_codec.h"
#include "storage/names.h"

namespace loyalty {
namespace {

constexpr int kVoucherCodesMax = 20;

Status CheckOperator(const std::string& operator_id) {
  if (!IsPlainText(operator_id, 64)) return InvalidField("operator", "at most 64 bytes, no control characters");
  return Ok{};
}

Place PlaceOf(const TerminalInfo& terminal, const StoreInfo& store) {
  Place place;
  place.store_id = store.id;
  place.terminal_id = terminal.id;
  place.epoch = terminal.epoch;
  place.epochs = terminal.epochs;
  place.zone = store.zone;
  place.day_cut_minutes = store.day_cut_minutes;
  return place;
}

}  // namespace

Result<Place> ResolvePlace(const CallContext& call, std::string_view terminal, bool required) {
  const Snapshot& snapshot = *call.snapshot;
  const Caller& caller = call.caller;
  std::string name(terminal);
  if (caller.role == Role::kTerminal) {
    const auto own = snapshot.terminal_names.find(caller.terminal_id);
    if (own == snapshot.terminal_names.end())
      return Error{Reason::kPermissionDenied, "this key belongs to no terminal", {}};
    if (!name.empty() && name != own->second)
      return Error{Reason::kPermissionDenied, "a terminal key may name its own terminal only", {{"field", "terminal"}}};
    name = own->second;
  }
  if (name.empty() && required)
    return InvalidField("terminal", "required with a key that is no terminal's: stores/{store}/terminals/{terminal}");
  Place place;
  if (name.empty()) {
    place.store_id = caller.store_id;
    place.zone = snapshot.zone;
    if (const auto own = snapshot.store_names.find(caller.store_id); own != snapshot.store_names.end())
      if (const auto store = snapshot.stores.find(own->second); store != snapshot.stores.end())
        place.zone = store->second.zone;
  } else {
    if (const auto parts = ParseTerminalName("terminal", name); !parts) return parts.error();
    const auto found = snapshot.terminals.find(name);
    const bool is_other = found != snapshot.terminals.end() && found->second.store_id != caller.store_id;
    if (caller.store_id != 0 && (is_other || found == snapshot.terminals.end()))
      return Error{
          Reason::kPermissionDenied, "this key may name terminals of its own store only", {{"field", "terminal"}}};
    if (found == snapshot.terminals.end())
      return Error{Reason::kTerminalUnknown, "no such terminal: create it with loyalty-admin", {{"terminal", name}}};
    const auto store_name = snapshot.store_names.find(found->second.store_id);
    const auto store =
        store_name == snapshot.store_names.end() ? snapshot.stores.end() : snapshot.stores.find(store_name->second);
    if (store == snapshot.stores.end() && !snapshot.problems.empty()) return snapshot.Unreadable();
    if (store == snapshot.stores.end())
      return Error{Reason::kTerminalUnknown, "the terminal's store is gone", {{"terminal", name}}};
    place = PlaceOf(found->second, store->second);
  }
  place.is_admin = caller.role == Role::kAdmin;
  place.any_store = caller.store_id == 0;
  place.at_desk = caller.role == Role::kAdmin || caller.role == Role::kClerk;
  return place;
}

Result<Command> ToScan(const CallContext& call, const v1::ScanRequest& request) {
  Command command;
  Scan scan;
  auto place = ResolvePlace(call, request.terminal(), request.has_receipt());
  if (!place) return place.error();
  scan.place = *place;
  if (!request.has_identifier() && !request.has_receipt())
    return InvalidField("identifier", "identifier, receipt or both are required");
  if (request.has_identifier()) {
    auto identifier = ToIdentifier(request.identifier(), call, scan.place.store_id);
    if (!identifier) return identifier.error();
    scan.in_card_range = call.snapshot->InCardRange(*identifier);
    scan.identifier = std::move(*identifier);
  }
  if (request.has_receipt()) {
    auto receipt = ToReceipt(request.receipt());
    if (!receipt) return receipt.error();
    // A training receipt is answered like a quote.
    command.only_decide = receipt->training;
    scan.facts = FactsOf(*receipt, scan.place, call.snapshot->currency, *call.keys, call.now);
    if (const Status ok = CheckBusinessDate(*receipt, scan.facts); !ok) return ok.error();
    scan.receipt = std::move(*receipt);
  }
  if (request.voucher_codes_size() > kVoucherCodesMax) return InvalidField("voucher_codes", "at most 20");
  for (const auto& code : request.voucher_codes())
    if (code.empty() || !IsPlainText(code, 64))
      return InvalidField("voucher_codes", "1 to 64 bytes each, no control characters");
  scan.voucher_codes.assign(request.voucher_codes().begin(), request.voucher_codes().end());
  if (!IsPlainText(request.referral_code(), 64))
    return InvalidField("referral_code", "at most 64 bytes, no control characters");
  scan.has_referral_code = !request.referral_code().empty();
  if (const Status ok = CheckOperator(request.operator_()); !ok) return ok.error();
  scan.operator_id = request.operator_();
  if (request.has_business_time()) scan.business_time = ToInstant(request.business_time());
  command.payload = std::move(scan);
  return command;
}

Result<Command> ToRedeem(const CallContext& call, const v1::RedeemRequest& request) {
  Command command;
  Redeem redeem;
  auto place = ResolvePlace(call, request.terminal(), false);
  if (!place) return place.error();
  redeem.place = *place;
  if (!request.has_identifier()) return InvalidField("identifier", "required");
  auto identifier = ToIdentifier(request.identifier(), call, redeem.place.store_id);
  if (!identifier) return identifier.error();
  redeem.identifier = std::move(*identifier);
  switch (request.spend_case()) {
    case v1::RedeemRequest::kPoints:
      if (request.points() < 1 || request.points() > kPointsMax) return InvalidField("points", "1 to 10^15");
      redeem.spend.points = request.points();
      break;
    case v1::RedeemRequest::kReward: {
      constexpr std::string_view kPrefix = "rewards/";
      if (request.reward().compare(0, kPrefix.size(), kPrefix) != 0 ||
          !IsResourceId(request.reward().substr(kPrefix.size())))
        return InvalidField("reward", "a name as rewards/{reward}");
      redeem.spend.reward_id = request.reward().substr(kPrefix.size());
      break;
    }
    case v1::RedeemRequest::SPEND_NOT_SET: return InvalidField("points", "points or reward is required");
  }
  if (request.has_receipt()) {
    auto basket = ToReceipt(request.receipt());
    if (!basket) return basket.error();
    // A basket of training is answered and nothing is burnt.
    command.only_decide = basket->training;
    redeem.basket = std::move(*basket);
  }
  if (const Status ok = CheckOperator(request.operator_()); !ok) return ok.error();
  redeem.operator_id = request.operator_();
  if (request.has_business_time()) redeem.business_time = ToInstant(request.business_time());
  command.payload = std::move(redeem);
  return command;
}

Result<Command> ToCancelRedemption(const CallContext& call, const v1::CancelRedemptionRequest& request) {
  Command command;
  CancelRedemption cancel;
  auto place = ResolvePlace(call, request.terminal(), false);
  if (!place) return place.error();
  cancel.place = *place;
  const auto name = ParseRedemptionName(request.redemption());
  if (!name) return InvalidField("redemption", "a name as members/{member}/redemptions/{redemption}");
  cancel.member_name = storage::PublicName(name->first);
  cancel.redemption_id = Reveal(call.keys->names, NameOf::kRedemption, name->second);
  if (request.reason().empty() || !IsPlainText(request.reason(), 64))
    return InvalidField("reason", "a code of 1 to 64 bytes");
  cancel.reason = request.reason();
  if (const Status ok = CheckOperator(request.operator_()); !ok) return ok.error();
  cancel.operator_id = request.operator_();
  command.payload = std::move(cancel);
  return command;
}

void FillScan(const Answer& answer, const Snapshot& snapshot, Instant now, v1::ScanResponse& response) {
  v1::ScanResult& result = *response.mutable_result();
  TakeResult(answer, result);
  if (answer.only_decided && result.has_sale()) {
    result.mutable_sale()->clear_name();
    result.mutable_sale()->clear_entries();
  }
  const bool nobody = answer.only_decided && result.member_created();
  if (nobody) result.clear_member();
  if (answer.member && !nobody) FillMemberView(*answer.member, snapshot, now, *response.mutable_member_view());
}

void FillMemberView(const LiveMember& member, const Snapshot& snapshot, Instant now, v1::MemberView& view) {
  view.set_name("members/" + member.name);
  view.set_greeting_name(member.greeting);
  view.set_language_code(member.language);
  v1::Balance& balance = *view.mutable_balance();
  balance.set_available(member.balance.available);
  balance.set_pending(member.balance.pending);
  balance.set_held(member.balance.held);
  balance.set_debt(member.balance.debt);
  if (const auto& burn = snapshot.catalogue.InForceAt(now).burn)
    if (const auto value = MulDiv(member.balance.available / burn->points, burn->value, 1, Rounding::kFloor))
      balance.set_available_value_minor(*value);
  if (snapshot.measure && member.lifecycle.standing.stage != retention::Stage::kNone)
    FillLifecycleView(snapshot, member.facts, member.lifecycle, now, *view.mutable_lifecycle());
}

}  // namespace loyalty
