// The handlers of all methods, called as gRPC calls them, without a network: the bytes of a request in, what would be
// sent out.
#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/world.h"

namespace loyalty::fuzz {

// What a caller gets.
struct Reply {
  bool parsed = false;  // false: gRPC itself refuses the bytes, no handler was called
  grpc::Status status;
  std::string response;   // serialised; empty unless status is OK
  bool replayed = false;  // the server says that it has answered this before
};

// One method of the API.
struct Method {
  std::string_view service;                   // loyalty.v1.TerminalService
  std::string_view name;                      // Scan
  const google::protobuf::Message* request;   // an empty one
  const google::protobuf::Message* response;  // an empty one
  bool stores_result;                         // a repeat is answered from what is stored
  Reply (*call)(World& world, std::string_view bytes, Identity caller);

  std::string full_name() const { return std::string(service) + "." + std::string(name); }
};

// Every method of every service, in the order of their names; throws std::logic_error if one were missing.
const std::vector<Method>& Methods();

}  // namespace loyalty::fuzz
