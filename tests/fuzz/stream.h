// A stream without a network.
#pragma once

#include <grpcpp/grpcpp.h>

#include "loyalty/v1/terminal_service.pb.h"

namespace loyalty::fuzz {

// Sends one message to a handler of ScanStream, closes the stream, and returns its answer once the handler is done with
// the stream. Throws std::logic_error when it answers another number of times than once.
v1::ScanStreamResponse OneOnStream(grpc::ServerBidiReactor<v1::ScanStreamRequest, v1::ScanStreamResponse>& handler,
                                   const v1::ScanStreamRequest& request);

}  // namespace loyalty::fuzz
