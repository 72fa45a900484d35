// Request ids: the client makes them, stores them, then sends them, so that a retry is the same request.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace loyalty::client {

// A fresh id: UUID version 7 of RFC 9562, milliseconds since the epoch first, the rest random.
std::string NewRequestId(std::int64_t unix_ms);
std::string NewRequestId();  // of now

// The id of request number `ordinal` of a run whose id `run_id` is on disk: a UUID (version 8) of the BLAKE2b of all
// three. One fsync for the run makes the ids of all its requests durable, because each can be computed again.
// The content is part of it: a row that was corrected between two runs is another request, never a reused id.
std::string DerivedRequestId(std::string_view run_id, std::uint64_t ordinal, std::string_view content);

// 32 lower-case hexadecimal digits of the BLAKE2b of the text: a file name for it that tells nothing about it.
std::string Fingerprint(std::string_view text);

}  // namespace loyalty::client
