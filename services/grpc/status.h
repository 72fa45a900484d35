// A refusal as gRPC carries it.
#pragma once

#include <grpcpp/support/status.h>

#include "domain/result.h"
#include "domain/texts.h"

namespace loyalty {

// `language`: of what is said to people.
grpc::Status ToGrpc(const Status& status, Language language = Language::kEnglish);

}  // namespace loyalty
