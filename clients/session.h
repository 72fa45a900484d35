// What a command works with: calls with retries, unfinished requests, and the way to print.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "clients/connection.h"
#include "clients/failure.h"
#include "clients/journal.h"
#include "clients/output.h"
#include "clients/retry.h"
#include "clients/server_error.h"
#include "loyalty/v1/campaign_service.grpc.pb.h"

namespace loyalty::client {

// What a mutating call needs beside its request.
struct Mutation {
  std::string doing;      // for messages, for instance "redeem"
  std::string command;    // tells equal commands: the request before times were filled in; empty: as it is
  bool replayed = false;  // afterwards: the server has answered an earlier result again
  std::chrono::milliseconds deadline = {};  // of each try; 0: that of --timeout
  // What is sent and never stored: puts it into the request, which is in the journal without it. It must be no part of
  // what makes requests the same for the server.
  std::function<void(google::protobuf::Message& request)> complete = {};
  // Of a refusal: whether the same request is to be sent once more, with what this has put into it.
  std::function<bool(const ServerError& refusal, google::protobuf::Message& request)> amend = {};
};

class Session {
 public:
  Session(Connection connection, Journal journal, OutputFormat format)
      : connection_(std::move(connection)), journal_(std::move(journal)), format_(format) {}

  const Connection& connection() const { return connection_; }
  const Journal& journal() const { return journal_; }
  OutputFormat format() const { return format_; }

  // A read. `method` is a member of the stub, for instance &v1::LedgerService::Stub::GetBalance. `deadline`
  // of each try; 0: that of --timeout. Thread safe.
  template <typename Stub, typename Request, typename Response>
  Outcome Read(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
               std::string_view doing, const Request& request, Response* response,
               std::chrono::milliseconds deadline = {}) const {
    return Judge(Try(stub, method, request, response, false, nullptr, deadline), doing);
  }

  // Currency and time zone of the program; empty ones when the server does not tell. Asks once.
  const v1::GetCatalogueResponse& Program();

  // Why Program() is empty: the failure of the call, kRefused or kUnreachable.
  Outcome AskProgram();

  // A mutating request that has its request_id already (derived from a run id that is on disk). `replayed` as in
  // Mutation. Thread safe.
  template <typename Stub, typename Request, typename Response>
  grpc::Status Send(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response* response, bool* replayed = nullptr) const {
    return Try(stub, method, request, response, true, replayed);
  }

  // A mutating request of a command: gets its id, is stored, sent, retried as the same, and forgotten when its outcome
  // is known and `keep` (what the answer brings is safe) has done its work. Unfinished ones of this caller are resumed.
  // Where a request has a not_after, the server refuses copies that come later than kRequestGoodFor from now.
  template <typename Stub, typename Request, typename Response>
  Outcome Mutate(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                 Mutation& mutation, Request request, Response* response,
                 const std::function<Outcome(const Response&)>& keep = {}) const {
    auto pending = Begin(mutation, request);
    if (!pending) return LocalFailure(pending.error().message, "--state-dir names a directory for unfinished requests");
    if (mutation.complete) mutation.complete(request);
    grpc::Status status = Try(stub, method, request, response, true, &mutation.replayed, mutation.deadline);
    if (!status.ok() && mutation.amend && mutation.amend(Explain(status), request))
      status = Try(stub, method, request, response, true, &mutation.replayed, mutation.deadline);
    if (status.ok() && keep) {
      if (auto failed = keep(*response)) return failed;
    }
    return Conclude(mutation, *pending, status);
  }

 private:
  static Outcome Judge(const grpc::Status& status, std::string_view doing) {
    if (status.ok()) return {};
    return ToFailure(Explain(status), doing);
  }

  template <typename Stub, typename Request, typename Response>
  grpc::Status Try(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                   const Request& request, Response* response, bool has_request_id, bool* replayed,
                   std::chrono::milliseconds deadline = {}) const {
    return RetryLoop(
        // What may take as long as a report is not computed over and over.
        RetryPolicy{.attempts_max = deadline.count() > 0 ? 2 : RetryPolicy{}.attempts_max}, has_request_id,
        [this](Milliseconds time) { connection_.Wait(time); },
        [&] {
          grpc::ClientContext context;
          connection_.Prepare(context, deadline.count() > 0 ? deadline : connection_.timeout());
          grpc::Status status = (stub.*method)(&context, request, response);
          if (replayed != nullptr) *replayed = SaysReplayed(context);
          return status;
        });
  }

  static bool SaysReplayed(const grpc::ClientContext& context);
  Result<PendingRequest> Begin(const Mutation& mutation, google::protobuf::Message& request) const;
  Outcome Conclude(const Mutation& mutation, const PendingRequest& pending, const grpc::Status& status) const;

  Connection connection_;
  Journal journal_;
  OutputFormat format_;
  std::optional<v1::GetCatalogueResponse> program_;
  Outcome program_failed_;
};

}  // namespace loyalty::client
