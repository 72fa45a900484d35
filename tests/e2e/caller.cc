#include "tests/e2e/caller.h"

#include <thread>

#include <grpcpp/generic/generic_stub.h>
#include <unistd.h>

#include <atomic>
#include <ctime>
#include <stdexcept>

#include "tests/support/process.h"

namespace loyalty::test {
namespace {

// Soon back after a server was killed and started again.
constexpr int kReconnectMs = 50;
constexpr int kConnectMs = 5'000;  // of one attempt, for servers built with sanitizers

void Demand(const CallResult& result, const std::string& what) {
  if (!result.ok()) throw std::runtime_error(what + ": " + result.reason() + ": " + result.status.error_message());
}

}  // namespace

std::shared_ptr<grpc::Channel> Connect(const std::string& address, const std::string& certificate,
                                       const std::string& identity) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectMs);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectMs);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  if (certificate.empty()) return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = certificate;
  if (!identity.empty()) {
    tls.pem_private_key = ReadText(identity + ".key");
    tls.pem_cert_chain = ReadText(identity + ".crt");
  }
  return grpc::CreateCustomChannel(address, grpc::SslCredentials(tls), arguments);
}

void Caller::Prepare(grpc::ClientContext& context, std::chrono::seconds deadline) const {
  if (!key_.empty()) context.AddMetadata("authorization", "Bearer " + key_);
  // A call that fails at once polls no socket: with only such calls gRPC looks every 5 s whether the server is back.
  context.set_wait_for_ready(patient_);
  context.set_deadline(std::chrono::system_clock::now() + deadline);
}

CallResult CallBytes(const Caller& caller, const std::string& path, const std::string& request, std::string* response) {
  grpc::ClientContext context;
  caller.Prepare(context);
  grpc::CompletionQueue queue;
  const grpc::Slice slice(request);
  const auto rpc =
      grpc::GenericStub(caller.channel()).PrepareUnaryCall(&context, path, grpc::ByteBuffer(&slice, 1), &queue);
  rpc->StartCall();
  grpc::ByteBuffer buffer;
  CallResult result;
  rpc->Finish(&buffer, &result.status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  std::vector<grpc::Slice> parts;
  if (response != nullptr && result.ok() && buffer.Dump(&parts).ok())
    for (const auto& part : parts) response->append(reinterpret_cast<const char*>(part.begin()), part.size());
  return result;
}

std::string TerminalName(int number) { return "stores/S1/terminals/T" + std::to_string(number); }

v1::ScanRequest PlainScan(const std::string& request_id, const std::string& card) {
  v1::ScanRequest scan;
  scan.set_request_id(request_id);
  scan.set_terminal(TerminalName(1));
  scan.mutable_identifier()->set_card(card);
  auto& receipt = *scan.mutable_receipt();
  receipt.set_receipt_no(request_id);
  receipt.mutable_business_time()->set_seconds(std::time(nullptr));
  receipt.set_currency_code("EUR");
  receipt.set_total_minor(1'000);
  return scan;
}

v1::Job Await(const Caller& admin, const v1::Job& job) {
  v1::GetJobRequest request;
  request.set_name(job.name());
  for (int i = 0; i < 600; ++i) {
    v1::GetJobResponse response;
    const auto result = admin.Call(&v1::JobService::Stub::GetJob, request, &response);
    if (result.ok() && response.job().state() >= v1::JOB_STATE_SUCCEEDED) return response.job();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  throw std::runtime_error(job.name() + " does not end");
}

v1::RetentionRun RunOf(const Caller& admin, const v1::Job& job) {
  const v1::Job ended = Await(admin, job);
  if (ended.state() != v1::JOB_STATE_SUCCEEDED) throw std::runtime_error(ended.DebugString());
  v1::GetRunRequest request;
  request.set_name(ended.run());
  v1::GetRunResponse response;
  const auto result = admin.Call(&v1::RetentionService::Stub::GetRun, request, &response);
  if (!result.ok()) throw std::runtime_error(ended.run() + ": " + result.reason());
  return response.run();
}

std::string NewRequestId(const std::string& what) {
  static std::atomic<int> count{0};
  return what + "-" + std::to_string(getpid()) + "-" + std::to_string(++count);
}

v1::Store MakeStore(const Caller& admin, const std::string& id, const v1::Store& as, int terminals) {
  v1::CreateStoreRequest store;
  store.set_request_id(NewRequestId("store"));
  store.set_store_id(id);
  *store.mutable_store() = as;
  v1::CreateStoreResponse made_store;
  Demand(admin.Call(&v1::AdminService::Stub::CreateStore, store, &made_store), "create store");
  for (int i = 1; i <= terminals; ++i) {
    v1::CreateTerminalRequest terminal;
    terminal.set_request_id(NewRequestId("terminal"));
    terminal.set_store("stores/" + id);
    terminal.set_terminal_id("T" + std::to_string(i));
    v1::CreateTerminalResponse made;
    Demand(admin.Call(&v1::AdminService::Stub::CreateTerminal, terminal, &made), "create terminal");
  }
  return made_store.store();
}

void SetUpProgram(const Caller& admin, int terminals) {
  v1::Catalogue catalogue;
  catalogue.mutable_earning()->set_points(1);
  catalogue.mutable_earning()->set_per_amount_minor(100);
  catalogue.mutable_burn()->set_points(100);
  catalogue.mutable_burn()->set_value_minor(100);
  catalogue.mutable_burn()->set_code_from_points(1'000'000'000);
  SetUpProgram(admin, terminals, catalogue);
}

void SetUpProgram(const Caller& admin, int terminals, const v1::Catalogue& catalogue) {
  v1::Store berlin;
  berlin.set_time_zone("Europe/Berlin");
  MakeStore(admin, "S1", berlin, terminals);
  v1::RegisterCardRangeRequest range;
  range.set_request_id(NewRequestId("range"));
  range.set_first("2600000000");
  range.set_last("2600009999");
  v1::RegisterCardRangeResponse registered;
  Demand(admin.Call(&v1::MemberService::Stub::RegisterCardRange, range, &registered), "register card range");
  v1::ApplyCatalogueRequest apply;
  apply.set_request_id(NewRequestId("apply"));
  *apply.mutable_catalogue() = catalogue;
  v1::ApplyCatalogueResponse applied;
  Demand(admin.Call(&v1::CampaignService::Stub::ApplyCatalogue, apply, &applied), "apply catalogue");
}

std::string EnrollTerminal(const Caller& admin, const std::string& terminal) {
  v1::EnrollTerminalRequest request;
  request.set_request_id(NewRequestId("enroll"));
  request.set_terminal(terminal);
  v1::EnrollTerminalResponse response;
  Demand(admin.Call(&v1::AdminService::Stub::EnrollTerminal, request, &response), "enroll terminal");
  return response.key();
}

v1::Member LookUp(const Caller& admin, const std::string& card) {
  v1::LookupMemberRequest request;
  request.mutable_identifier()->set_card(card);
  v1::LookupMemberResponse response;
  Demand(admin.Call(&v1::MemberService::Stub::LookupMember, request, &response), "look up " + card);
  return response.member();
}

}  // namespace loyalty::test
