#include "services/rpc/asked_for.h"

#include "loyalty/v1/member_service.pb.h"
#include "services/queue/lookups.h"
#include "services/rpc/call.h"

namespace loyalty {
namespace {

constexpr std::string_view kListMembers = "loyalty.v1.MemberService.ListMembers";

bool IsPersonal(const Identifier& identifier) {
  return identifier.kind == IdentifierKind::kPhone || identifier.kind == IdentifierKind::kEmail;
}

Error TooMany(std::int64_t limit, Instant wait) {
  Error error{
      Reason::kLookupLimit,
      "more than " + std::to_string(limit) +
          " phone numbers and e-mail addresses were looked up within a minute: use the card, or send the receipt",
      {{"limit", std::to_string(limit)}}};
  error.retry_after_ms = static_cast<int>(wait / 1'000);
  return error;
}

}  // namespace

AskedFor::Tells AskedFor::Of(const Scan& scan, bool only_decide) {
  const Means means = scan.receipt && !only_decide ? Means::kSale : Means::kLookup;
  if (!scan.identifier || !IsPersonal(*scan.identifier)) return {means};
  return {means, {&*scan.identifier}};
}

AskedFor::Tells AskedFor::Of(const Redeem& redeem, bool) { return {Means::kLookup, {&redeem.identifier}}; }

AskedFor::Tells AskedFor::Of(const EnrollMember& enroll, bool) {
  Tells tells{Means::kEnroll};
  for (const Identifier& identifier : enroll.identifiers) tells.identifiers.push_back(&identifier);
  return tells;
}

AskedFor::Tells AskedFor::Of(const LinkIdentifier& link, bool) { return {Means::kLink, {&link.identifier}}; }

AskedFor::Tells AskedFor::Of(const Desk& desk, bool) {
  Tells tells{Means::kLookup};
  for (const auto* identifier : {&desk.identifier, &desk.replacement})
    if (*identifier) tells.identifiers.push_back(&**identifier);
  return tells;
}

Result<AskedFor> AskedFor::Count(const CallContext& call, const Deps& deps, const Command& command) {
  const Tells tells =
      std::visit([&command](const auto& payload) { return Of(payload, command.only_decide); }, command.payload);
  std::vector<std::string> keys;
  for (const Identifier* each : tells.identifiers)
    if (IsPersonal(*each)) keys.push_back(each->key);
  return Count(call, deps, std::move(keys), tells.means);
}

Result<AskedFor> AskedFor::Count(const CallContext& call, const Deps& deps, const Identifier& identifier) {
  if (!IsPersonal(identifier)) return AskedFor();
  return Count(call, deps, {identifier.key}, Means::kLookup);
}

Result<AskedFor> AskedFor::Count(const CallContext& call, const Deps& deps, std::vector<std::string> identifiers,
                                 Means means) {
  AskedFor asked;
  // A sale by card gives back what was asked by phone.
  if (deps.lookups == nullptr || means == Means::kNothing || (identifiers.empty() && means != Means::kSale))
    return asked;
  static const RoleSet kMayList = FindMethod(kListMembers)->roles;
  if (kMayList.Has(call.caller.role)) return asked;
  if (means != Means::kSale) {
    const std::int64_t limit = call.snapshot->catalogue.InForceAt(call.now).limits.lookups_per_terminal_minute;
    if (limit == 0) return asked;
    for (const std::string& each : identifiers)
      if (const auto wait = deps.lookups->Ask(call.caller.principal_id, each, limit, call.now))
        return TooMany(limit, *wait);
  }
  asked.means_ = means;
  asked.lookups_ = deps.lookups;
  asked.principal_ = call.caller.principal_id;
  asked.identifiers_ = std::move(identifiers);
  return asked;
}

void AskedFor::Found(const std::string& member) const {
  if (lookups_ == nullptr || member.empty()) return;
  for (const std::string& each : identifiers_) lookups_->Found(principal_, each, member);
}

void AskedFor::Answered(const Answer& answer) const {
  const std::string member = answer.member ? answer.member->name : std::string();
  bool gives_back = false;
  switch (means_) {
    case Means::kNothing: return;
    case Means::kLookup: return Found(member);
    case Means::kSale: gives_back = !member.empty(); break;
    case Means::kEnroll: gives_back = true; break;
    case Means::kLink: {
      v1::LinkIdentifierResult result;
      TakeResult(answer, result);
      gives_back = result.linked();  // what the member had before tells that it is known
      break;
    }
  }
  if (!gives_back) return;
  if (identifiers_.empty()) return lookups_->GiveBack(principal_, "", member);
  for (const std::string& each : identifiers_) lookups_->GiveBack(principal_, each, member);
}

}  // namespace loyalty
