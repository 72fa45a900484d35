#include "tests/fuzz/handlers.h"

#include <grpcpp/test/default_reactor_test_peer.h>
#include <grpcpp/test/server_context_test_spouse.h>

#include <algorithm>
#include <stdexcept>

#include "loyalty/v1/admin_service.grpc.pb.h"
#include "loyalty/v1/campaign_service.grpc.pb.h"
#include "loyalty/v1/job_service.grpc.pb.h"
#include "loyalty/v1/ledger_service.grpc.pb.h"
#include "loyalty/v1/member_service.grpc.pb.h"
#include "loyalty/v1/retention_service.grpc.pb.h"
#include "loyalty/v1/terminal_service.grpc.pb.h"
#include "services/auth.h"
#include "tests/fuzz/stream.h"

namespace loyalty::fuzz {
namespace {

// gRPC's context of a call, with the caller's key.
class Context {
 public:
  explicit Context(Identity caller)
      // gRPC's spouse knows the other kind of context only; all it touches is in their common base.
      : spouse_(static_cast<grpc::ServerContext*>(static_cast<grpc::ServerContextBase*>(&context_))) {
    if (const std::string key = AuthorizationOf(caller); !key.empty()) spouse_.AddClientMetadata("authorization", key);
  }

  grpc::CallbackServerContext& get() { return context_; }
  bool replayed() const { return spouse_.GetTrailingMetadata().contains("replayed"); }

 private:
  grpc::CallbackServerContext context_;
  grpc::testing::ServerContextTestSpouse spouse_;
};

template <typename Service, typename Request, typename Response>
Reply CallUnary(World& world, const char* service_name,
                grpc::ServerUnaryReactor* (Service::*method)(grpc::CallbackServerContext*, const Request*, Response*),
                std::string_view bytes, Identity caller) {
  Reply reply;
  Request request;
  reply.parsed = request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  if (!reply.parsed) return reply;
  Response response;
  auto& service = dynamic_cast<Service&>(world.service(service_name));
  world.BeforeCall();
  {
    Context context(caller);
    const grpc::testing::DefaultReactorTestPeer peer(&context.get());
    (service.*method)(&context.get(), &request, &response);
    if (!peer.test_status_set()) throw std::logic_error("the handler has not ended the call");
    reply.status = peer.test_status();
    reply.replayed = context.replayed();
  }
  if (reply.status.ok()) response.SerializeToString(&reply.response);
  return reply;
}

Reply CallStream(World& world, std::string_view bytes, Identity caller) {
  Reply reply;
  v1::ScanStreamRequest request;
  reply.parsed = request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  if (!reply.parsed) return reply;
  auto& service = dynamic_cast<v1::TerminalService::CallbackService&>(world.service("loyalty.v1.TerminalService"));
  world.BeforeCall();
  Context context(caller);
  v1::ScanStreamResponse response = OneOnStream(*service.ScanStream(&context.get()), request);
  if (response.request_id() != request.scan().request_id()) throw std::logic_error("another request's answer");
  reply.replayed = response.replayed();
  if (response.has_error()) {
    const google::rpc::Status& error = response.error();
    reply.status =
        grpc::Status(static_cast<grpc::StatusCode>(error.code()), error.message(), error.SerializeAsString());
  } else {
    response.set_replayed(false);
    response.SerializeToString(&reply.response);
  }
  return reply;
}

#define LOYALTY_METHOD(SERVICE, METHOD, STORES)                                                                        \
  {                                                                                                                    \
    "loyalty.v1." #SERVICE, #METHOD, &v1::METHOD##Request::default_instance(),                                         \
        &v1::METHOD##Response::default_instance(), STORES, [](World& world, std::string_view bytes, Identity caller) { \
          return CallUnary(world, "loyalty.v1." #SERVICE, &v1::SERVICE::CallbackService::METHOD, bytes, caller);       \
        }                                                                                                              \
  }

// A request of these is one name or one number, and their answers have no end.
bool IsWatch(std::string_view method) {
  return method == "loyalty.v1.JobService.WatchJob" || method == "loyalty.v1.RetentionService.WatchTransitions";
}

std::vector<Method> AllMethods() {
  std::vector<Method> methods{
      LOYALTY_METHOD(AdminService, CreateStore, true),
      LOYALTY_METHOD(AdminService, GetStore, false),
      LOYALTY_METHOD(AdminService, ListStores, false),
      LOYALTY_METHOD(AdminService, CreateTerminal, true),
      LOYALTY_METHOD(AdminService, ListTerminals, false),
      LOYALTY_METHOD(AdminService, RestartTerminalNumbering, true),
      LOYALTY_METHOD(AdminService, EnrollTerminal, true),
      LOYALTY_METHOD(AdminService, RevokeTerminal, true),
      LOYALTY_METHOD(CampaignService, ApplyCatalogue, true),
      LOYALTY_METHOD(CampaignService, GetCatalogue, false),
      LOYALTY_METHOD(JobService, GetJob, false),
      LOYALTY_METHOD(JobService, ListJobs, false),
      LOYALTY_METHOD(JobService, CancelJob, true),
      LOYALTY_METHOD(LedgerService, GetBalance, false),
      LOYALTY_METHOD(LedgerService, ListEntries, false),
      LOYALTY_METHOD(LedgerService, ListLots, false),
      LOYALTY_METHOD(LedgerService, VerifyLedger, false),
      LOYALTY_METHOD(MemberService, EnrollMember, true),
      LOYALTY_METHOD(MemberService, GetMember, false),
      LOYALTY_METHOD(MemberService, LookupMember, false),
      LOYALTY_METHOD(MemberService, LinkIdentifier, true),
      LOYALTY_METHOD(MemberService, RegisterCardRange, true),
      LOYALTY_METHOD(RetentionService, FitModels, true),
      LOYALTY_METHOD(RetentionService, BacktestModels, true),
      LOYALTY_METHOD(RetentionService, ClassifyMembers, true),
      LOYALTY_METHOD(RetentionService, GetRun, false),
      LOYALTY_METHOD(RetentionService, GetLifecycle, false),
      LOYALTY_METHOD(RetentionService, GetLifecycleSummary, false),
      LOYALTY_METHOD(RetentionService, GetLifecycleMatrix, false),
      LOYALTY_METHOD(RetentionService, ListTransitions, false),
      LOYALTY_METHOD(RetentionService, ListReactivationCandidates, false),
      LOYALTY_METHOD(RetentionService, GetRfmMatrix, false),
      LOYALTY_METHOD(RetentionService, ScoreRfm, true),
      LOYALTY_METHOD(RetentionService, ListRfmMembers, false),
      LOYALTY_METHOD(RetentionService, ListRuns, false),
      LOYALTY_METHOD(RetentionService, GetCohortReport, false),
      LOYALTY_METHOD(RetentionService, VerifyStatistics, false),
      LOYALTY_METHOD(TerminalService, Scan, true),
      {"loyalty.v1.TerminalService", "ScanStream", &v1::ScanStreamRequest::default_instance(),
       &v1::ScanStreamResponse::default_instance(), true, CallStream},
      LOYALTY_METHOD(TerminalService, Quote, false),
      LOYALTY_METHOD(TerminalService, Redeem, true),
      LOYALTY_METHOD(TerminalService, CancelRedemption, true),
  };
  for (const MethodRoles& row : RoleTable())
    if (!IsWatch(row.method) && std::none_of(methods.begin(), methods.end(),
                                             [&row](const Method& method) { return method.full_name() == row.method; }))
      throw std::logic_error(std::string(row.method) + " is not fuzzed");
  return methods;
}

}  // namespace

const std::vector<Method>& Methods() {
  static const std::vector<Method> kMethods = AllMethods();
  return kMethods;
}

}  // namespace loyalty::fuzz
