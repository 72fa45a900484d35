#include "services/rpc/member_writes.h"

#include <algorithm>
#include <set>

#include "services/codec/names.h"
#include "services/rpc/identifier.h"
#include "services/rpc/scan_codec.h"
#include "services/rpc/text.h"
#include "storage/names.h"

namespace loyalty {
namespace {

constexpr int kIdentifiersMax = 10;

void CheckPerson(const v1::Person& person, const std::string& prefix, Violations& violations) {
  for (const auto& [field, text] :
       {std::pair{"given_name", &person.given_name()}, std::pair{"family_name", &person.family_name()},
        std::pair{"greeting_name", &person.greeting_name()}})
    violations.Take(CheckDisplayText(prefix + field, *text, 100));
  violations.Require(person.birth_date().empty() || ParseDay(person.birth_date()).has_value(), prefix, "birth_date",
                     "a date as YYYY-MM-DD");
}

void ReadAcquisition(const v1::Acquisition& from, EnrollMember& command, Violations& violations) {
  for (const auto& [field, text] :
       {std::pair{"acquisition.channel", &from.channel()}, std::pair{"acquisition.campaign", &from.campaign()},
        std::pair{"acquisition.partner", &from.partner()}, std::pair{"acquisition.referral", &from.referral()},
        std::pair{"acquisition.touchpoint", &from.touchpoint()}})
    violations.Require(IsPlainText(*text, 64), field, "at most 64 bytes, no control characters");
  command.acquisition = {from.channel(), from.campaign(), from.partner(), from.referral(), from.touchpoint()};
}

// Errors: kInvalidArgument, kStoreUnknown, kPermissionDenied.
Status ReadStore(const CallContext& call, const std::string& asked, Place& place) {
  const auto name = ParseStoreName("store", asked);
  if (!name) return name.error();
  const auto store = call.snapshot->stores.find(*name);
  if (store == call.snapshot->stores.end()) return Error{Reason::kStoreUnknown, "no such store", {{"store", asked}}};
  if (!place.any_store && store->second.id != place.store_id)
    return Error{Reason::kPermissionDenied, "this key may name its own store only", {{"field", "store"}}};
  place.store_id = store->second.id;
  return Ok{};
}

void ReadIdentifiers(const CallContext& call, const v1::EnrollMemberRequest& request, EnrollMember& enroll,
                     Violations& violations) {
  violations.Require(request.identifiers_size() >= 1 && request.identifiers_size() <= kIdentifiersMax, "identifiers",
                     "1 to 10");
  std::set<std::string> keys;
  for (int i = 0; i < std::min(request.identifiers_size(), kIdentifiersMax); ++i) {
    auto identifier = ToIdentifier(request.identifiers(i), call, enroll.place.store_id);
    if (!violations.Take(identifier)) continue;
    violations.Require(keys.insert(identifier->key).second, "identifiers", "the same identifier twice");
    enroll.identifiers.push_back(std::move(*identifier));
  }
}

// One path of an update_mask. False: it cannot be changed.
bool ReadPath(const std::string& path, const v1::Member& member, UpdateMember& update) {
  const v1::Person& person = member.person();
  const bool all = path == "person";
  bool known = all;
  const auto read = [&](const char* name, const std::string& value, std::optional<std::string>& to) {
    if (path != name && !(all && std::string_view(name).substr(0, 7) == "person.")) return;
    to = value;
    known = true;
  };
  read("language_code", member.language_code(), update.language);
  read("person.given_name", person.given_name(), update.given_name);
  read("person.family_name", person.family_name(), update.family_name);
  read("person.greeting_name", person.greeting_name(), update.greeting);
  read("person.birth_date", person.birth_date(), update.birth_date);
  return known;
}

}  // namespace

Result<Command> ToEnrollMember(const CallContext& call, const v1::EnrollMemberRequest& request) {
  EnrollMember enroll;
  auto place = ResolvePlace(call, "", false);
  if (!place) return place.error();
  enroll.place = *place;
  enroll.at_till = AtTillOf(call, *place, "");
  Violations violations;
  if (!request.store().empty()) violations.Take(ReadStore(call, request.store(), enroll.place));
  ReadIdentifiers(call, request, enroll, violations);
  if (request.has_person()) {
    const v1::Person& person = request.person();
    CheckPerson(person, "person.", violations);
    enroll.person = Person{person.given_name(), person.family_name(), person.birth_date()};
    enroll.greeting_name = person.greeting_name();
  }
  ReadAcquisition(request.acquisition(), enroll, violations);
  enroll.language = request.language_code();
  if (!enroll.language.empty()) violations.Take(CheckLanguage("language_code", enroll.language));
  return FillCommand(call, "loyalty.v1.MemberService.EnrollMember", request, violations, std::move(enroll));
}

Result<Command> ToUpdateMember(const CallContext& call, const v1::UpdateMemberRequest& request) {
  UpdateMember update;
  const v1::Member& member = request.member();
  Violations violations;
  const auto name = ParseMemberName("member.name", member.name());
  if (violations.Take(name)) update.member_public_id = *name;
  update.etag = member.etag();
  update.principal_id = call.caller.principal_id;
  violations.Require(!request.update_mask().paths().empty(), "update_mask", "what to change is required");
  for (const auto& path : request.update_mask().paths())
    violations.Require(ReadPath(path, member, update), "update_mask",
                       "only language_code, person and its fields can be changed");
  CheckPerson(member.person(), "member.person.", violations);
  if (update.language) violations.Take(CheckLanguage("member.language_code", *update.language));
  return FillCommand(call, "loyalty.v1.MemberService.UpdateMember", request, violations, std::move(update));
}

Result<Command> ToLinkIdentifier(const CallContext& call, const v1::LinkIdentifierRequest& request) {
  LinkIdentifier link;
  Violations violations;
  auto place = ResolvePlace(call, "", false);
  if (!place) return place.error();
  link.place = *std::move(place);
  link.principal_id = call.caller.principal_id;
  const auto member = ParseMemberName("member", request.member());
  if (violations.Take(member)) link.member_public_id = *member;
  violations.Require(request.has_identifier(), "identifier", "required");
  if (request.has_identifier()) {
    auto identifier = ToIdentifier(request.identifier(), call, call.caller.store_id);
    if (violations.Take(identifier)) link.identifier = std::move(*identifier);
  }
  return FillCommand(call, "loyalty.v1.MemberService.LinkIdentifier", request, violations, std::move(link));
}

}  // namespace loyalty
