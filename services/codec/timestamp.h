// Instants as protobuf has them.
#pragma once

#include <google/protobuf/timestamp.pb.h>

#include "domain/time.h"

namespace loyalty {

// Whole microseconds; what lies outside 0001 to 9999 is clamped by ToInstant.
Instant ToInstant(const google::protobuf::Timestamp& timestamp);
google::protobuf::Timestamp ToTimestamp(Instant at);

}  // namespace loyalty
