#include "services/grpc/status.h"

#include "services/rpc/status.h"

namespace loyalty {

grpc::Status ToGrpc(const Status& status, Language language) {
  if (status) return grpc::Status::OK;
  const google::rpc::Status sent = ToRpcStatus(status.error(), language);
  return {static_cast<grpc::StatusCode>(sent.code()), sent.message(), sent.SerializeAsString()};
}

}  // namespace loyalty
