// A stream without a network.
#pragma once

#include <string>

#include "services/rpc/methods.h"

namespace loyalty::fuzz {

// Sends one message to a handler of a stream, closes the stream, and has its answer once the handler is done with the
// stream. Throws std::logic_error when it answers another number of times than once.
void OneOnStream(const loyalty::Method& method, const Deps& deps, const std::string& authorization,
                 const google::protobuf::Message& request, google::protobuf::Message& response);

}  // namespace loyalty::fuzz
