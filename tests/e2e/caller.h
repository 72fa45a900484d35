// Calls a server as the programs of a retailer do.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <string>

#include "clients/server_error.h"
#include "loyalty/v1/admin_service.grpc.pb.h"
#include "loyalty/v1/campaign_service.grpc.pb.h"
#include "loyalty/v1/fraud_service.grpc.pb.h"
#include "loyalty/v1/job_service.grpc.pb.h"
#include "loyalty/v1/ledger_service.grpc.pb.h"
#include "loyalty/v1/member_service.grpc.pb.h"
#include "loyalty/v1/retention_service.grpc.pb.h"
#include "loyalty/v1/terminal_service.grpc.pb.h"

namespace loyalty::test {

// A connection of its own to the server, also beside others of this process; comes back soon after a restart.
// `certificate`: whom to trust, PEM; empty: plain text. `identity`: its own certificate, as MakeCertificate names it.
std::shared_ptr<grpc::Channel> Connect(const std::string& address, const std::string& certificate = {},
                                       const std::string& identity = {});

struct CallResult {
  grpc::Status status;
  bool replayed = false;  // the server says that it has answered this before

  bool ok() const { return status.ok(); }
  // "OK", the stable reason, or the code's name for an error without one.
  std::string reason() const { return ok() ? "OK" : client::ReasonOf(client::Explain(status)); }
  // Sending the same request again can help.
  bool retryable() const { return !ok() && client::IsRetryable(client::Explain(status), true); }
};

// A connection and a key. Thread safe. One that is not `patient` hears UNAVAILABLE at once when the server is not
// there, to ask another; and up to 5 s longer, because calls that fail at once do not look whether it is back.
class Caller {
 public:
  Caller(std::shared_ptr<grpc::Channel> channel, std::string key, bool patient = true)
      : channel_(std::move(channel)), key_(std::move(key)), patient_(patient) {}

  // Once, no retries. `method` is a member of a stub, for instance &v1::TerminalService::Stub::Scan.
  template <typename Stub, typename Request, typename Response>
  CallResult Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*), const Request& request,
                  Response* response, std::chrono::seconds deadline = std::chrono::seconds(20)) const {
    grpc::ClientContext context;
    Prepare(context, deadline);
    Stub stub(channel_);
    CallResult result{(stub.*method)(&context, request, response), false};
    const auto replayed = context.GetServerTrailingMetadata().find("replayed");
    result.replayed = replayed != context.GetServerTrailingMetadata().end() && replayed->second == "true";
    return result;
  }

  // Key and deadline; the call of a patient caller waits for the server to be there.
  void Prepare(grpc::ClientContext& context, std::chrono::seconds deadline = std::chrono::seconds(20)) const;
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

 private:
  std::shared_ptr<grpc::Channel> channel_;
  std::string key_;
  bool patient_ = true;
};

// Calls a method by its path, which need not exist, with bytes, which need not be a request. `response`: the bytes of
// an answer, where somebody wants them.
CallResult CallBytes(const Caller& caller, const std::string& path, const std::string& request,
                     std::string* response = nullptr);

// --- what every test needs before it begins; throws std::runtime_error when the server refuses ---

// Makes a store, `as` what is not its name, with terminals T1 to Tn. The store as it was made.
v1::Store MakeStore(const Caller& admin, const std::string& id, const v1::Store& as, int terminals);

// Store S1 (Berlin) with terminals T1 to Tn; cards 2600000000 to 2600009999 make a member at their first scan;
// 1 point for every full 1.00 EUR, 100 points are worth 1.00 EUR, and a card's number is proof enough for all of them.
void SetUpProgram(const Caller& admin, int terminals);
// The same with another catalogue.
void SetUpProgram(const Caller& admin, int terminals, const v1::Catalogue& catalogue);

// A key for a terminal.
std::string EnrollTerminal(const Caller& admin, const std::string& terminal);

// `stores/S1/terminals/T{number}`
std::string TerminalName(int number);

// The balance of who has this card.
v1::Member LookUp(const Caller& admin, const std::string& card);

// At terminal T1, now, for 10.00 EUR; the receipt has the number of the request.
v1::ScanRequest PlainScan(const std::string& request_id, const std::string& card);

// Waits for the end of a job; it must come within a minute.
v1::Job Await(const Caller& admin, const v1::Job& job);
// What it found; it must have ended well.
v1::RetentionRun RunOf(const Caller& admin, const v1::Job& job);

// Unique in this run.
std::string NewRequestId(const std::string& what);

}  // namespace loyalty::test
