// A call that has ended, or a message of a stream that was answered: for the log and the metrics.
#pragma once

#include <google/protobuf/message.h>

#include <string_view>

#include "domain/result.h"

namespace loyalty {

struct EndedCall {
  std::string_view method = {};                            // in full: loyalty.v1.TerminalService.Scan
  const google::protobuf::Message* request = nullptr;      // of a call with one; else nothing
  std::string_view request_id = {};                        // of a message of a stream
  std::string_view authorization = {}, trace_parent = {};  // as they were sent
  const Error* error = nullptr;                            // nothing: it went well, or
  bool cancelled = false;                                  // its caller hung up
  double seconds = 0;                                      // from its arrival
};

}  // namespace loyalty
