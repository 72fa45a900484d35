// Keys that a server issues: into a file that only its owner can read, never into a log.
#pragma once

#include <string>

#include "clients/failure.h"
#include "clients/session.h"
#include "loyalty/v1/admin_service.grpc.pb.h"

namespace loyalty::client {

// Whether a key could be written there, asked before one is issued. Failures: kLocalIo.
Outcome CheckKeyFile(const std::string& file);

// The key as the file's only line, mode 0600, in place of what was there; without a file on stdout, once. The request
// that asked for it stays unfinished until then: repeated, it answers the same key. Failures: kLocalIo.
Outcome KeepKey(const std::string& file, const std::string& key);

// Asks for a key by `method` of AdminService and keeps it; `response` is then all that came with it. Failures: those of
// CheckKeyFile, Session::Mutate and KeepKey.
template <typename Request, typename Response>
Outcome IssueKey(Session& session, const char* doing, const Request& request,
                 grpc::Status (v1::AdminService::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                 const std::string& file, Response& response) {
  if (auto failed = CheckKeyFile(file)) return failed;
  const auto stub = v1::AdminService::NewStub(session.connection().channel());
  Mutation mutation{doing, {}, false};
  const auto keep = [&file](const Response& answer) { return KeepKey(file, answer.key()); };
  if (auto failed =
          session.Mutate<v1::AdminService::Stub, Request, Response>(*stub, method, mutation, request, &response, keep))
    return failed;
  response.clear_key();
  return {};
}

}  // namespace loyalty::client
