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

// What all of them have in common; `desk` has the rest.
template <typename Request>
Result<Command> Finish(const CallContext& call, std::string_view method, const Request& request, Desk desk) {
  const auto member = ParseMemberName("member", request.member());
  if (!member) return member.error();
  if (request.reason().empty() || !IsPlainText(request.reason(), kReasonMax))
    return InvalidField("reason", "1 to 64 bytes, no control characters");
  auto place = ResolvePlace(call, "", false);
  if (!place) return place.error();
  desk.principal_id = call.caller.principal_id;
  desk.member_public_id = *member;
  desk.reason = request.reason();
  desk.place = *std::move(place);
  Command command;
  command.payload = std::move(desk);
  if (const Status ok = FillCommand(call, method, request, command); !ok) return ok.error();
  return command;
}

template <typename Request>
Result<Command> OfIdentifier(const CallContext& call, std::string_view method, const Request& request,
                             Desk::Action action) {
  if (!request.has_identifier()) return InvalidField("identifier", "required");
  auto identifier = ToIdentifier(request.identifier(), call, call.caller.store_id);
  if (!identifier) return identifier.error();
  Desk desk;
  desk.action = action;
  desk.identifier = *std::move(identifier);
  return Finish(call, method, request, std::move(desk));
}

}  // namespace

Result<Command> ToDesk(const CallContext& call, const v1::UnlinkIdentifierRequest& request) {
  return OfIdentifier(call, "loyalty.v1.MemberService.UnlinkIdentifier", request, Desk::Action::kUnlink);
}

Result<Command> ToDesk(const CallContext& call, const v1::BlockIdentifierRequest& request) {
  return OfIdentifier(call, "loyalty.v1.MemberService.BlockIdentifier", request, Desk::Action::kBlock);
}

Result<Command> ToDesk(const CallContext& call, const v1::ReplaceCardRequest& request) {
  auto card = CardOf(call, "card", request.card());
  if (!card) return card.error();
  auto new_card = CardOf(call, "new_card", request.new_card());
  if (!new_card) return new_card.error();
  if (card->key == new_card->key) return InvalidField("new_card", "another one than the old one");
  Desk desk;
  desk.action = Desk::Action::kReplace;
  desk.identifier = *std::move(card);
  desk.replacement = *std::move(new_card);
  return Finish(call, "loyalty.v1.MemberService.ReplaceCard", request, std::move(desk));
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
