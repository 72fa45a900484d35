// What the service desk does to who a member is: from messages to its one command.
#include "services/codec/names.h"
#include "services/rpc/identifier.h"
#include "services/rpc/member_writes.h"
#include "services/rpc/scan_codec.h"

namespace loyalty {
namespace {

constexpr std::size_t kReasonMax = 64;

Result<Identifier> CardOf(const CallContext& call, const char* field, const std::string& number) {
  v1::Identifier card;
  card.set_card(number);
  auto identifier = ToIdentifier(card, call, call.caller.store_id);
  if (!identifier) return InvalidField(field, identifier.error().message);
  return identifier;
}

// What all of them have in common; `desk` has the rest, `violations` what was wrong with it.
template <typename Request>
Result<Command> Finish(const CallContext& call, std::string_view method, const Request& request, Desk desk,
                       Violations violations = {}) {
  const auto member = ParseMemberName("member", request.member());
  if (violations.Take(member)) desk.member_public_id = *member;
  violations.Require(!request.reason().empty() && IsPlainText(request.reason(), kReasonMax), "reason",
                     "1 to 64 bytes, no control characters");
  auto place = ResolvePlace(call, "", false);
  if (violations.Take(place)) desk.place = *std::move(place);
  desk.principal_id = call.caller.principal_id;
  desk.reason = request.reason();
  return FillCommand(call, method, request, violations, std::move(desk));
}

template <typename Request>
Result<Command> OfIdentifier(const CallContext& call, std::string_view method, const Request& request,
                             Desk::Action action) {
  Desk desk;
  desk.action = action;
  Violations violations;
  violations.Require(request.has_identifier(), "identifier", "required");
  if (request.has_identifier()) {
    auto identifier = ToIdentifier(request.identifier(), call, call.caller.store_id);
    if (violations.Take(identifier)) desk.identifier = *std::move(identifier);
  }
  return Finish(call, method, request, std::move(desk), std::move(violations));
}

}  // namespace

Result<Command> ToDesk(const CallContext& call, const v1::UnlinkIdentifierRequest& request) {
  return OfIdentifier(call, "loyalty.v1.MemberService.UnlinkIdentifier", request, Desk::Action::kUnlink);
}

Result<Command> ToDesk(const CallContext& call, const v1::BlockIdentifierRequest& request) {
  return OfIdentifier(call, "loyalty.v1.MemberService.BlockIdentifier", request, Desk::Action::kBlock);
}

Result<Command> ToDesk(const CallContext& call, const v1::ReplaceCardRequest& request) {
  Desk desk;
  desk.action = Desk::Action::kReplace;
  Violations violations;
  auto card = CardOf(call, "card", request.card());
  auto new_card = CardOf(call, "new_card", request.new_card());
  const bool has_card = violations.Take(card), has_new = violations.Take(new_card);
  violations.Require(!has_card || !has_new || card->key != new_card->key, "new_card", "another one than the old one");
  if (has_card) desk.identifier = *std::move(card);
  if (has_new) desk.replacement = *std::move(new_card);
  return Finish(call, "loyalty.v1.MemberService.ReplaceCard", request, std::move(desk), std::move(violations));
}

Result<Command> ToDesk(const CallContext& call, const v1::BlockMemberRequest& request) {
  Desk desk;
  desk.action = Desk::Action::kBlockMember;
  return Finish(call, "loyalty.v1.MemberService.BlockMember", request, std::move(desk));
}

Result<Command> ToDesk(const CallContext& call, const v1::UnblockMemberRequest& request) {
  Desk desk;
  desk.action = Desk::Action::kUnblockMember;
  return Finish(call, "loyalty.v1.MemberService.UnblockMember", request, std::move(desk));
}

}  // namespace loyalty
