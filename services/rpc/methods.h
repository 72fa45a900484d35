// The methods of the API as data: what a transport needs to offer them.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "services/rpc/call.h"

namespace loyalty {

struct Method {
  std::string_view name;                                // in full: loyalty.v1.TerminalService.Scan
  const google::protobuf::Message* request = nullptr;   // an empty one
  const google::protobuf::Message* response = nullptr;  // an empty one
  // Of a call with one request and one answer; else empty.
  std::function<Status(Call& call, const google::protobuf::Message& request, google::protobuf::Message& response)>
      handle;
  // Of a call with many answers; without `handle`. A caller that sends many requests too has none when it opens.
  std::function<std::unique_ptr<Stream>(StreamWire& wire, const google::protobuf::Message& request)> open;
  bool reads_many = false;
};

// Those of one service.
using Methods = std::vector<Method>;

template <typename Request, typename Response>
Method Bind(std::string_view name, Status (*handler)(Call& call, const Request& request, Response& response)) {
  Method method{name, &Request::default_instance(), &Response::default_instance(), {}, {}};
  method.handle = [handler](Call& call, const google::protobuf::Message& request, google::protobuf::Message& response) {
    return handler(call, static_cast<const Request&>(request), static_cast<Response&>(response));
  };
  return method;
}

// A call of one request and many answers.
template <typename Response, typename Request>
Method BindWatch(std::string_view name, std::unique_ptr<Stream> (*handler)(StreamWire& wire, const Request& request)) {
  Method method{name, &Request::default_instance(), &Response::default_instance(), {}, {}};
  method.open = [handler](StreamWire& wire, const google::protobuf::Message& request) {
    return handler(wire, static_cast<const Request&>(request));
  };
  return method;
}

// A call of many requests and many answers.
template <typename Request, typename Response>
Method BindStream(std::string_view name, std::unique_ptr<Stream> (*handler)(StreamWire& wire)) {
  Method method{name, &Request::default_instance(), &Response::default_instance(), {}, {}};
  method.open = [handler](StreamWire& wire, const google::protobuf::Message&) { return handler(wire); };
  method.reads_many = true;
  return method;
}

// A method that is written down and not built yet: whoever may call it gets kNotEnabled.
Error NotBuilt(std::string_view method);

// Enters the call and handles it: who calls, may they, is there time left, then the handler. What it throws ends the
// call too. `method` has a handle.
void Run(const Method& method, Call& call, const google::protobuf::Message& request,
         google::protobuf::Message& response);

// Opens a stream, for whoever may call it: nobody else takes a place where others wait. Nothing: it is finished.
// `method` has an open.
std::unique_ptr<Stream> Open(const Method& method, StreamWire& wire, const google::protobuf::Message& request);

// A transport could not read a request.
Error Unreadable();

}  // namespace loyalty
