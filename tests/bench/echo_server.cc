// The limit of the RPC layer: a server with our messages that answers at once and does nothing.
//
//   bench_echo    prints "echo ready on 127.0.0.1:PORT", ends with SIGTERM or its parent
#include <grpcpp/grpcpp.h>

#include <csignal>
#include <iostream>

#include "loyalty/v1/member_service.grpc.pb.h"
#include "loyalty/v1/terminal_service.grpc.pb.h"
#include "tests/bench/answer.h"

namespace loyalty::test {
namespace {

class Echo final : public v1::TerminalService::CallbackService {
 public:
  grpc::ServerUnaryReactor* Scan(grpc::CallbackServerContext* context, const v1::ScanRequest*,
                                 v1::ScanResponse* response) override {
    *response = answer_;
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  const v1::ScanResponse answer_ = TypicalAnswer();
};

class MemberEcho final : public v1::MemberService::CallbackService {
 public:
  grpc::ServerUnaryReactor* GetMember(grpc::CallbackServerContext* context, const v1::GetMemberRequest* request,
                                      v1::GetMemberResponse* response) override {
    v1::Member* member = response->mutable_member();
    member->set_name(request->name());
    member->mutable_balance()->set_available(4'711);
    member->set_member_seq(7);
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

int Run() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  Echo echo;
  MemberEcho members;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&echo);
  builder.RegisterService(&members);
  const auto server = builder.BuildAndStart();
  std::cout << "echo ready on 127.0.0.1:" << port << std::endl;
  int signal = 0;
  sigwait(&signals, &signal);
  server->Shutdown();
  return 0;
}

}  // namespace
}  // namespace loyalty::test

int main() { return loyalty::test::Run(); }
