// Identifiers between wire and domain.
#pragma once

#include "domain/identifier.h"
#include "loyalty/v1/identifier.pb.h"
#include "storage/tables/people.h"

namespace loyalty {

// Normalised. Errors: kInvalidArgument (identifier), also when no kind is set.
Result<Identifier> ToIdentifier(const v1::Identifier& identifier, const ProgramKeys& keys);

// As stored: normalised. `secret`: the member's, for what is sealed; empty where it has none.
v1::Identifier FromIdentifier(const storage::IdentifierRow& row, const Bytes& secret);

}  // namespace loyalty
