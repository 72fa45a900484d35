// Identifiers between wire and domain.
#pragma once

#include "domain/identifier.h"
#include "loyalty/v1/identifier.pb.h"

namespace loyalty {

// Normalised. Errors: kInvalidArgument (identifier), also when no kind is set.
Result<Identifier> ToIdentifier(const v1::Identifier& identifier);

// As stored: normalised.
v1::Identifier FromIdentifier(const Identifier& identifier);

}  // namespace loyalty
