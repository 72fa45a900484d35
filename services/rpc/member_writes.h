// MemberService requests that change a member, as commands of the write path.
#pragma once

#include "loyalty/v1/member_service.pb.h"
#include "services/commands/command.h"
#include "services/rpc/request.h"

namespace loyalty {

// Errors: kInvalidArgument with the path of the field, kStoreUnknown, kPermissionDenied (a terminal that names a store
// other than its own).
Result<Command> ToEnrollMember(const CallContext& call, const v1::EnrollMemberRequest& request);
// Also of an update_mask that names what cannot be changed.
Result<Command> ToUpdateMember(const CallContext& call, const v1::UpdateMemberRequest& request);
// What the service desk does; one for each of its methods.
Result<Command> ToDesk(const CallContext& call, const v1::UnlinkIdentifierRequest& request);
Result<Command> ToDesk(const CallContext& call, const v1::BlockIdentifierRequest& request);
Result<Command> ToDesk(const CallContext& call, const v1::ReplaceCardRequest& request);
Result<Command> ToDesk(const CallContext& call, const v1::BlockMemberRequest& request);
Result<Command> ToDesk(const CallContext& call, const v1::UnblockMemberRequest& request);
Result<Command> ToLinkIdentifier(const CallContext& call, const v1::LinkIdentifierRequest& request);

}  // namespace loyalty
