// How a refusal travels: canonical code, text for people, and details for programs.
#pragma once

#include <string_view>

#include "domain/result.h"
#include "domain/texts.h"
#include "google/rpc/code.pb.h"
#include "google/rpc/status.pb.h"

namespace loyalty {

// ErrorInfo.domain of everything that this server refuses.
inline constexpr std::string_view kErrorDomain = "stammgast.loyalty";

// The canonical code of a reason.
google::rpc::Code CodeOf(Reason reason);

// With exactly one ErrorInfo (reason, domain kErrorDomain, metadata); BadRequest with all fields at fault; RetryInfo
// when the same request may succeed soon (Error::retry_after_ms, else what its reason says); LocalizedMessage for who
// stands at the till.
google::rpc::Status ToRpcStatus(const Error& error, Language language = Language::kEnglish);

}  // namespace loyalty
