#include "clients/session.h"

#include <cstdio>

#include "clients/timestamps.h"

namespace loyalty::client {

const v1::GetCatalogueResponse& Session::Program() {
  (void)AskProgram();
  return *program_;
}

Outcome Session::AskProgram() {
  if (!program_) {
    const auto stub = v1::CampaignService::NewStub(connection_.channel());
    v1::GetCatalogueResponse response;
    program_failed_ =
        Read(*stub, &v1::CampaignService::Stub::GetCatalogue, "read catalogue", v1::GetCatalogueRequest(), &response);
    if (program_failed_) response.Clear();
    program_ = std::move(response);
  }
  return program_failed_;
}

bool Session::SaysReplayed(const grpc::ClientContext& context) {
  const auto& metadata = context.GetServerTrailingMetadata();
  const auto found = metadata.find("replayed");
  return found != metadata.end() && found->second == "true";
}

Result<PendingRequest> Session::Begin(const Mutation& mutation, google::protobuf::Message& request) const {
  // Server and caller are part of it: the same command for another server, or with a key from another place, is
  // another request.
  const std::string command = connection_.server() + '\n' + connection_.caller() + '\n' + request.GetTypeName() + '\n' +
                              (mutation.command.empty() ? request.SerializeAsString() : mutation.command);
  auto pending = journal_.Begin(command, request);
  // Once for all tries of this run, so that a copy that was held up on its way does not take effect later. Whoever runs
  // the command again asks for it now: what is resumed counts from now too.
  if (pending) SetNotAfter(Now() + kRequestGoodFor, request);
  if (pending && pending->resumed)
    std::fprintf(stderr, "resuming unfinished request %s (remove %s to start anew)\n", pending->request_id.c_str(),
                 pending->file.c_str());
  return pending;
}

Outcome Session::Conclude(const Mutation& mutation, const PendingRequest& pending, const grpc::Status& status) const {
  if (status.ok()) {
    journal_.Forget(pending);
    return {};
  }
  const ServerError error = Explain(status);
  Failure failure = ToFailure(error, mutation.doing);
  if (!OutcomeUnknown(error)) {
    journal_.Forget(pending);
    return failure;
  }
  if (!failure.advice.empty()) failure.advice += ". ";
  failure.advice += "Request id " + pending.request_id + " is kept: the same command resumes it";
  return failure;
}

}  // namespace loyalty::client
