#include "loyalty/v1/member_service.pb.h"
#include "services/commands/desk.h"
#include "services/commands/enroll_member.h"
#include "services/commands/link_identifier.h"
#include "services/commands/update_member.h"

namespace loyalty {

ResultMessage ResultOf(const EnrollMemberDecision& decision) {
  const auto result = std::make_shared<v1::EnrollMemberResult>();
  result->set_member("members/" + decision.member);
  result->set_created(decision.created);
  return result;
}

ResultMessage ResultOf(const LinkIdentifierDecision& decision) {
  const auto result = std::make_shared<v1::LinkIdentifierResult>();
  result->set_member("members/" + decision.member);
  result->set_linked(decision.linked);
  return result;
}

ResultMessage ResultOf(const UpdateMemberDecision& decision) {
  const auto result = std::make_shared<v1::UpdateMemberResult>();
  result->set_member("members/" + decision.member);
  for (const auto& path : decision.changed) result->add_changed(path);
  result->set_etag(decision.etag);
  return result;
}

ResultMessage ResultOf(const DeskDecision& decision) {
  const auto result = std::make_shared<v1::DeskResult>();
  result->set_member("members/" + decision.member);
  result->set_changed(decision.changed);
  return result;
}

}  // namespace loyalty
