// The handlers of all methods, called as the server calls them, without gRPC and without a network: the bytes of a
// request in, what would be sent out.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>
#include <vector>

#include "google/rpc/code.pb.h"
#include "google/rpc/status.pb.h"
#include "services/rpc/methods.h"
#include "tests/fuzz/world.h"

namespace loyalty::fuzz {

// What a caller gets.
struct Reply {
  bool parsed = false;  // false: the bytes are no request, no handler was called
  google::rpc::Status status;
  std::string response;   // serialised; empty unless status is OK
  bool replayed = false;  // the server says that it has answered this before

  bool ok() const { return status.code() == google::rpc::OK; }
};

// One method of the API.
struct Method {
  std::string_view name;                      // Scan
  const google::protobuf::Message* request;   // an empty one
  const google::protobuf::Message* response;  // an empty one
  bool stores_result;                         // a repeat is answered from what is stored
  const loyalty::Method* bound;               // what the server has for it

  std::string full_name() const { return std::string(bound->name); }
  Reply Send(World& world, std::string_view bytes, Identity caller) const;
};

// Every method of every service, in their order (inputs name them by number), but those whose answers have no end.
const std::vector<Method>& Methods();

}  // namespace loyalty::fuzz
