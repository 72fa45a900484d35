// ScanStream: many scans on one stream, answered in the order in which they are committed.
#pragma once

#include <grpcpp/grpcpp.h>

#include "loyalty/v1/terminal_service.pb.h"
#include "services/context.h"

namespace loyalty {

// Requests of one stream in work at once; the next one is not read before the answer of one of them is written, and not
// while the write queue is full either. A stream is refused only where nothing of its own is on its way.
inline constexpr int kStreamWindow = 1'024;

// The reactor of one stream; deletes itself when the stream is done. `deps` and `context` outlive it.
grpc::ServerBidiReactor<v1::ScanStreamRequest, v1::ScanStreamResponse>* NewScanStream(
    const Deps& deps, const grpc::CallbackServerContext& context);

}  // namespace loyalty
