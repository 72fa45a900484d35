// Giving identifiers to members; what is a person's is sealed with the member's key.
#pragma once

#include "domain/identifier.h"
#include "services/commands/context.h"
#include "services/commands/place.h"

namespace loyalty {

// What must be read before the member gets something that is sealed, and a secret for it where it has none.
void NeedSecret(std::int64_t member_id, const WorkingSet& set, Needs& needs);

// The member's secret; a new one where it has none.
Bytes SecretOf(Context& context, std::int64_t member_id);

// The member's from now on; it was nobody's.
void AddIdentifier(Context& context, const Identifier& identifier, std::int64_t member_id);

// Who is at a till may change what a member is known by only right after it was made there: whatever is older may be
// somebody else's. 15 minutes: as long as a form at a counter takes.
inline constexpr Instant kJustMade = 15 * kMinute;
// Whether this caller may. Errors: kServiceDeskNeeded.
Status MayIdentify(const Context& context, const Place& place, const storage::MemberRow& member);

// A row of audit of what was done to a member at the desk.
void NoteAtDesk(Context& context, storage::PrincipalRow& clerk, const char* action, const std::string& member,
                const std::string& reason);

Error IdentifierTaken();
Error IdentifierBlocked();

}  // namespace loyalty
