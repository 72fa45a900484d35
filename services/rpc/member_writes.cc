#include "services/rpc/member_writes.h"

#include <set>

#include "services/codec/names.h"
#include "services/rpc/identifier.h"
#include "services/rpc/scan_codec.h"
#include "services/rpc/text.h"
#include "storage/names.h"

namespace loyalty {
namespace {

constexpr int kIdentifiersMax = 10;

Status ReadPerson(const v1::Person& person, EnrollMember& command) {
  for (const auto& [field, text] :
       {std::pair{"person.given_name", &person.given_name()}, std::pair{"person.family_name", &person.family_name()},
        std::pair{"person.greeting_name", &person.greeting_name()}})
    if (const Status ok = CheckDisplayText(field, *text, 100); !ok) return ok.error();
  if (!person.birth_date().empty() && !ParseDay(person.birth_date()))
    return InvalidField("person.birth_date", "a date as YYYY-MM-DD");
  command.person = Person{person.given_name(), person.family_name(), person.birth_date()};
  command.greeting_name = person.greeting_name();
  return Ok{};
}

Status ReadAcquisition(const v1::Acquisition& from, EnrollMember& command) {
  for (const auto& [field, text] :
       {std::pair{"acquisition.channel", &from.channel()}, std::pair{"acquisition.campaign", &from.campaign()},
        std::pair{"acquisition.partner", &from.partner()}, std::pair{"acquisition.referral", &from.referral()},
        std::pair{"acquisition.touchpoint", &from.touchpoint()}})
    if (!IsPlainText(*text, 64)) return InvalidField(field, "at most 64 bytes, no control characters");
  command.acquisition = {from.channel(), from.campaign(), from.partner(), from.referral(), from.touchpoint()};
  return Ok{};
}

}  // namespace

Result<Command> ToEnrollMember(const CallContext& call, const v1::EnrollMemberRequest& request) {
  Command command;
  EnrollMember enroll;
  auto place = ResolvePlace(call, "", false);
  if (!place) return place.error();
  enroll.place = *place;
  if (!request.store().empty()) {
    const auto name = ParseStoreName("store", request.store());
    if (!name) return name.error();
    const auto store = call.snapshot->stores.find(*name);
    if (store == call.snapshot->stores.end())
      return Error{Reason::kStoreUnknown, "no such store", {{"store", request.store()}}};
    if (!enroll.place.any_store && store->second.id != enroll.place.store_id)
      return Error{Reason::kPermissionDenied, "this key may name its own store only", {{"field", "store"}}};
    enroll.place.store_id = store->second.id;
  }
  if (request.identifiers_size() < 1 || request.identifiers_size() > kIdentifiersMax)
    return InvalidField("identifiers", "1 to 10");
  std::set<std::string> keys;
  for (const auto& from : request.identifiers()) {
    auto identifier = ToIdentifier(from, call, enroll.place.store_id);
    if (!identifier) return identifier.error();
    if (!keys.insert(identifier->key).second) return InvalidField("identifiers", "the same identifier twice");
    enroll.identifiers.push_back(std::move(*identifier));
  }
  if (request.has_person())
    if (const Status ok = ReadPerson(request.person(), enroll); !ok) return ok.error();
  if (const Status ok = ReadAcquisition(request.acquisition(), enroll); !ok) return ok.error();
  enroll.language = request.language_code();
  if (!enroll.language.empty())
    if (const Status ok = CheckLanguage("language_code", enroll.language); !ok) return ok.error();
  command.payload = std::move(enroll);
  if (const Status ok = FillCommand(call, "loyalty.v1.MemberService.EnrollMember", request, command); !ok)
    return ok.error();
  return command;
}

Result<Command> ToLinkIdentifier(const CallContext& call, const v1::LinkIdentifierRequest& request) {
  Command command;
  LinkIdentifier link;
  auto place = ResolvePlace(call, "", false);
  if (!place) return place.error();
  link.place = *std::move(place);
  link.principal_id = call.caller.principal_id;
  const auto member = ParseMemberName("member", request.member());
  if (!member) return member.error();
  link.member_public_id = *member;
  if (!request.has_identifier()) return InvalidField("identifier", "required");
  auto identifier = ToIdentifier(request.identifier(), call, call.caller.store_id);
  if (!identifier) return identifier.error();
  link.identifier = std::move(*identifier);
  command.payload = std::move(link);
  if (const Status ok = FillCommand(call, "loyalty.v1.MemberService.LinkIdentifier", request, command); !ok)
    return ok.error();
  return command;
}

}  // namespace loyalty
