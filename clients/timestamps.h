// Instants as protobuf knows them, and how long a request is good for.
#pragma once

#include "domain/time.h"
#include "google/protobuf/message.h"
#include "google/protobuf/timestamp.pb.h"

namespace loyalty::client {

// The machine's clock.
Instant Now();

// Fills `time` with an instant; before 1970 too.
void SetTime(Instant at, google::protobuf::Timestamp& time);

// The other way round; what is finer than a microsecond is cut off.
Instant InstantOf(const google::protobuf::Timestamp& time);

// A copy of a request that comes to the server later than this after its command began is refused: longer than all
// tries of a command take, shorter than anybody waits before doing it anew.
inline constexpr Instant kRequestGoodFor = 10 * kMinute;

// Sets the request's not_after, which is not part of what makes two requests the same. A request without that field
// stays as it is.
void SetNotAfter(Instant at, google::protobuf::Message& request);

}  // namespace loyalty::client
