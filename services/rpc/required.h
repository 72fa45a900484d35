// What the API says of its fields (google.api.field_behavior), asked of a request.
#pragma once

#include <google/protobuf/message.h>

#include "domain/result.h"

namespace loyalty {

// Adds to a refusal of `request` for what its fields hold those that are REQUIRED and empty, so that whoever wrote it
// hears of all of them at once. Other refusals stay as they are.
void AddMissing(const google::protobuf::Message& request, Error& error);

}  // namespace loyalty
