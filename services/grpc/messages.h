// What gRPC's contexts and bytes say, as handlers know it.
#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include "services/grpc/call_sources.h"
#include "services/rpc/request.h"

namespace loyalty {

// False: these bytes are no such message. They are freed.
inline bool ReadMessage(grpc::ByteBuffer& bytes, google::protobuf::Message& message) {
  return bytes.Valid() && grpc::SerializationTraits<google::protobuf::Message>::Deserialize(&bytes, &message).ok();
}

inline grpc::Status WriteMessage(const google::protobuf::Message& message, grpc::ByteBuffer& bytes) {
  bytes.Clear();  // of the message before
  bool own = false;
  return grpc::SerializationTraits<google::protobuf::Message>::Serialize(message, &bytes, &own);
}

inline CallOrigin OriginOf(const grpc::CallbackServerContext& context, const CallSources& sources) {
  CallOrigin origin;
  origin.certificate = sources.CertificateOf(context);
  const auto& metadata = context.client_metadata();
  if (const auto key = metadata.find("authorization"); key != metadata.end())
    origin.authorization = {key->second.data(), key->second.size()};
  if (const auto language = metadata.find("accept-language"); language != metadata.end())
    origin.accept_language = {language->second.data(), language->second.size()};
  if (const auto trace = metadata.find("traceparent"); trace != metadata.end())
    origin.trace_parent = {trace->second.data(), trace->second.size()};
  if (const auto session = metadata.find("operator-session"); session != metadata.end())
    origin.session = {session->second.data(), session->second.size()};
  if (const auto key = metadata.find("approval-key"); key != metadata.end())
    origin.approval_key = {key->second.data(), key->second.size()};
  // As time left, so that the server's clock may be another one than the system's.
  if (const auto deadline = context.deadline(); deadline != std::chrono::system_clock::time_point::max())
    origin.time_left =
        std::chrono::duration_cast<std::chrono::microseconds>(deadline - std::chrono::system_clock::now()).count();
  return origin;
}

}  // namespace loyalty
