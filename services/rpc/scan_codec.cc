#include "services/rpc/scan_codec.h"

#include <algorithm>

#include "domain/violations.h"
#include "services/codec/names.h"
#include "services/rpc/identifier.h"
#include "services/rpc/lifecycle_codec.h"
#include "storage/names.h"

namespace loyalty {
namespace {

constexpr int kVoucherCodesMax = 20;
constexpr int kScannedCodesMax = 50;

void CheckOperator(const std::string& operator_id, Violations& violations) {
  violations.Require(IsPlainText(operator_id, 64), "operator", "at most 64 bytes, no control characters");
}

void CheckCodes(const google::protobuf::RepeatedPtrField<std::string>& codes, std::string_view field, int max,
                std::size_t bytes_max, Violations& violations) {
  violations.Require(codes.size() <= max, field, "too many");
  for (int i = 0; i < std::min(codes.size(), max); ++i)
    if (codes.Get(i).empty() || !IsPlainText(codes.Get(i), bytes_max))
      violations.Add(std::string(field) + "[" + std::to_string(i) + "]",
                     "1 to " + std::to_string(bytes_max) + " bytes, no control characters");
}

// What comes with a scan beside card and receipt.
void ReadCodes(const v1::ScanRequest& request, Scan& scan, Violations& violations) {
  CheckCodes(request.voucher_codes(), "voucher_codes", kVoucherCodesMax, 64, violations);
  violations.Require(IsPlainText(request.referral_code(), 64), "referral_code",
                     "at most 64 bytes, no control characters");
  violations.Require(request.points_to_burn() >= 0 && request.points_to_burn() <= kPointsMax, "points_to_burn",
                     "0 to 10^15");
  CheckCodes(request.scanned_codes(), "scanned_codes", kScannedCodesMax, 128, violations);
  violations.Require(IsPlainText(request.hold(), 200), "hold", "at most 200 bytes, no control characters");
  scan.voucher_codes.assign(request.voucher_codes().begin(), request.voucher_codes().end());
  scan.referral_code = request.referral_code();
  scan.has_points_to_burn = request.points_to_burn() > 0;
  scan.scanned_codes.assign(request.scanned_codes().begin(), request.scanned_codes().end());
  scan.hold = request.hold();
}

// Errors: kInvalidArgument.
Status ReadSpend(const v1::RedeemRequest& request, Spend& spend) {
  constexpr std::string_view kPrefix = "rewards/";
  switch (request.spend_case()) {
    case v1::RedeemRequest::kPoints:
      if (request.points() < 1 || request.points() > kPointsMax) return InvalidField("points", "1 to 10^15");
      spend.points = request.points();
      return Ok{};
    case v1::RedeemRequest::kReward:
      if (request.reward().compare(0, kPrefix.size(), kPrefix) != 0 ||
          !IsResourceId(request.reward().substr(kPrefix.size())))
        return InvalidField("reward", "a name as rewards/{reward}");
      spend.reward_id = request.reward().substr(kPrefix.size());
      return Ok{};
    case v1::RedeemRequest::SPEND_NOT_SET: break;
  }
  return InvalidField("points", "points or reward is required");
}

Place PlaceOf(const TerminalInfo& terminal, const StoreInfo& store) {
  Place place;
  place.store_id = store.id;
  place.terminal_id = terminal.id;
  place.epoch = terminal.epoch;
  place.epochs = terminal.epochs;
  place.zone = store.zone;
  place.day_cut_minutes = store.day_cut_minutes;
  place.needs_session = store.operators_required;
  return place;
}

}  // namespace

AtTill AtTillOf(const CallContext& call, const Place& place, const std::string& said) {
  return {said, call.session, place.terminal_id, place.needs_session};
}

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
  // Operators are good for nothing but behind a terminal's key.
  place.needs_session = place.needs_session && caller.role == Role::kTerminal;
  place.at_till = caller.role == Role::kTerminal;
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
  Violations violations;
  violations.Require(request.has_identifier() || request.has_receipt(), "identifier",
                     "identifier, receipt or both are required");
  if (request.has_identifier()) {
    auto identifier = ToIdentifier(request.identifier(), call, scan.place.store_id);
    if (violations.Take(identifier)) {
      scan.in_card_range = call.snapshot->InCardRange(*identifier);
      scan.identifier = std::move(*identifier);
    }
  }
  if (request.has_receipt()) {
    auto receipt = ToReceipt(request.receipt());
    if (violations.Take(receipt)) {
      // A training receipt is answered like a quote.
      command.only_decide = receipt->training;
      scan.facts = FactsOf(*receipt, scan.place, call.snapshot->currency, *call.keys, call.now);
      violations.Take(CheckBusinessDate(*receipt, scan.facts));
      scan.receipt = std::move(*receipt);
    }
  }
  ReadCodes(request, scan, violations);
  CheckOperator(request.operator_(), violations);
  if (const Status ok = violations.Done(); !ok) return ok.error();
  scan.at_till = AtTillOf(call, scan.place, request.operator_());
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
  Violations violations;
  violations.Require(request.has_identifier(), "identifier", "required");
  if (request.has_identifier()) {
    auto identifier = ToIdentifier(request.identifier(), call, redeem.place.store_id);
    if (violations.Take(identifier)) redeem.identifier = std::move(*identifier);
  }
  violations.Take(ReadSpend(request, redeem.spend));
  if (request.has_receipt()) {
    auto basket = ToReceipt(request.receipt());
    if (violations.Take(basket)) {
      // A basket of training is answered and nothing is burnt.
      command.only_decide = basket->training;
      redeem.basket = std::move(*basket);
    }
  }
  CheckOperator(request.operator_(), violations);
  if (const Status ok = violations.Done(); !ok) return ok.error();
  redeem.at_till = AtTillOf(call, redeem.place, request.operator_());
  redeem.needs_no_approval = command.only_decide;
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
  Violations violations;
  const auto name = ParseRedemptionName(request.redemption());
  violations.Require(name.has_value(), "redemption", "a name as members/{member}/redemptions/{redemption}");
  violations.Require(!request.reason().empty() && IsPlainText(request.reason(), 64), "reason",
                     "a code of 1 to 64 bytes");
  CheckOperator(request.operator_(), violations);
  if (const Status ok = violations.Done(); !ok) return ok.error();
  cancel.member_name = storage::PublicName(name->first);
  cancel.redemption_id = Reveal(call.keys->names, NameOf::kRedemption, name->second);
  cancel.reason = request.reason();
  cancel.at_till = AtTillOf(call, cancel.place, request.operator_());
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
  if (answer.member && !nobody) FillMemberSnapshot(*answer.member, snapshot, now, *response.mutable_member_snapshot());
}

void FillExpiring(const std::vector<ExpiringPoints>& expiring,
                  google::protobuf::RepeatedPtrField<v1::ExpiringPoints>& out) {
  for (const auto& [expire_time, points] : expiring) {
    v1::ExpiringPoints& date = *out.Add();
    *date.mutable_expire_time() = ToTimestamp(expire_time);
    date.set_points(points);
  }
}

void FillMemberSnapshot(const LiveMember& member, const Snapshot& snapshot, Instant now, v1::MemberSnapshot& view) {
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
  FillExpiring(member.expiring, *view.mutable_expiring_soon());
}

}  // namespace loyalty
