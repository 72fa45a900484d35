#include "services/rpc/approval.h"

#include "domain/pin.h"
#include "domain/violations.h"
#include "services/codec/names.h"
#include "services/rpc/pin.h"

namespace loyalty {
namespace {

constexpr RoleSet kApproves{Role::kClerk, Role::kAdmin};

Error NotAllowed(const char* why) { return Error{Reason::kApproverNotAllowed, why, {}}; }

// Who asks says itself who operates the till; without a session that is its word, which is asked all the same.
bool IsAtTill(const AtTill& at_till, std::int64_t operator_id, const std::string& name) {
  return at_till.session.operator_id == operator_id || at_till.said == name ||
         at_till.said == std::to_string(operator_id);
}

// The second person behind a named key.
Result<Approver> ApproverByKey(const Call& call, std::string_view key, const Place& place) {
  if (key.empty()) return Approver{};
  const auto approver = Authenticate(*call.snapshot, "Bearer " + std::string(key), call.now);
  if (!approver) return NotAllowed("approval-key is no valid key");
  if (approver->principal_id == call.caller.principal_id) return NotAllowed("who asks cannot approve it as well");
  if (!kApproves.Has(approver->role)) return NotAllowed("approval-key is no clerk's and no administrator's");
  if (approver->store_id != 0 && approver->store_id != place.store_id)
    return NotAllowed("approval-key is bound to another store");
  return Approver{approver->principal, call.caller.principal_id};
}

}  // namespace

Status WithApprover(Call& call, const v1::Approval* approval, const AtTill& at_till, const Place& place,
                    std::function<Status(Approver)> then) {
  if (call.caller.role != Role::kTerminal) {
    if (approval != nullptr)
      return InvalidField("approval", "behind a terminal's key only; else the metadata approval-key");
    auto approver = ApproverByKey(call, call.origin().approval_key, place);
    if (!approver) return approver.error();
    return then(*std::move(approver));
  }
  if (approval == nullptr) return then({});
  Violations violations;
  const auto id = ParseNumberedName("operators/", "approval.operator", approval->operator_());
  violations.Take(id);
  violations.Require(!approval->pin().empty() && approval->pin().size() <= kPinDigitsMax, "approval.pin",
                     "4 to 12 digits");
  if (const Status ok = violations.Done(); !ok) return ok;
  const std::string& name = approval->operator_();
  if (IsAtTill(at_till, *id, name)) return NotAllowed("who operates the till cannot approve it as well");
  return CheckPin(call, {*id, approval->pin(), place.store_id},
                  [&call, name, then = std::move(then)](const ProvenOperator& proven) -> Status {
                    if (proven.who.role() != v1::OPERATOR_ROLE_SUPERVISOR)
                      return NotAllowed("this operator is no supervisor");
                    return then({name, call.caller.principal_id});
                  });
}

}  // namespace loyalty
