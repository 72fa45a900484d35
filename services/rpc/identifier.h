// Identifiers between wire and domain.
#pragma once

#include "domain/identifier.h"
#include "loyalty/v1/identifier.pb.h"
#include "services/rpc/request.h"
#include "storage/tables/people.h"

namespace loyalty {

// Normalised; a phone number without a country code is one of the country of the store (0: none), else of the program.
// Errors: kInvalidArgument (identifier or identifier.phone), also when no kind is set.
Result<Identifier> ToIdentifier(const v1::Identifier& identifier, const CallContext& call, std::int64_t store_id);

// As stored: normalised. `secret`: the member's, for what is sealed; empty where it has none.
v1::Identifier FromIdentifier(const storage::IdentifierRow& row, const Bytes& secret);

}  // namespace loyalty
