// Giving identifiers to members; what is a person's is sealed with the member's key.
#pragma once

#include "domain/identifier.h"
#include "services/commands/context.h"

namespace loyalty {

// What must be read before the member gets something that is sealed, and a secret for it where it has none.
void NeedSecret(std::int64_t member_id, const WorkingSet& set, Needs& needs);

// The member's secret; a new one where it has none.
Bytes SecretOf(Context& context, std::int64_t member_id);

// The member's from now on; it was nobody's.
void AddIdentifier(Context& context, const Identifier& identifier, std::int64_t member_id);

Error IdentifierTaken();
Error IdentifierBlocked();

}  // namespace loyalty
