// A lost till: its key must be dead at every server soon, also where it is in use. No server serves by what it knew
// more than three seconds ago.
//
// Method: two servers share one MariaDB. A till works at the second one, by single calls and on a stream that was
// opened before; its key is revoked at the first one. Then the clock of both is moved on by these three seconds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "tests/e2e/caller.h"
#include "tests/e2e/server.h"
#include "tests/e2e/shell.h"

namespace loyalty::test {
namespace {

v1::ScanRequest Visit() {
  v1::ScanRequest scan;
  scan.set_request_id(NewRequestId("visit"));
  scan.mutable_identifier()->set_card("2600000001");
  return scan;
}

TEST(Revocation, ARevokedKeyIsDeadWhereverTheServerHasLookedSinceAlsoOnAnOpenStream) {
  TestClock clock;
  const Installation installation(storage::Engine::kMysql);
  Server first(installation, {.clock = &clock});
  const Caller admin(Connect(first.address()), installation.admin_key());
  SetUpProgram(admin, 1);
  const std::string key = EnrollTerminal(admin, TerminalName(1));
  const std::string second_key = EnrollTerminal(admin, TerminalName(1));
  Server second(installation, {.clock = &clock});
  const Caller admin_there(Connect(second.address()), installation.admin_key());
  const Caller till(Connect(second.address()), key);
  grpc::ClientContext context;
  till.Prepare(context, std::chrono::seconds(60));
  const auto stream = v1::TerminalService::NewStub(till.channel())->ScanStream(&context);
  const auto on_stream = [&] {
    v1::ScanStreamRequest request;
    *request.mutable_scan() = Visit();
    v1::ScanStreamResponse answer;
    if (!stream->Write(request) || !stream->Read(&answer)) return std::string("STREAM_BROKEN");
    return answer.has_error() ? client::ReasonOf(client::Explain(answer.error())) : std::string("OK");
  };
  const auto alone = [&] {
    v1::ScanResponse response;
    return till.Call(&v1::TerminalService::Stub::Scan, Visit(), &response).reason();
  };
  ASSERT_EQ(alone(), "OK");
  ASSERT_EQ(on_stream(), "OK");

  v1::RevokeTerminalRequest revoke;
  revoke.set_request_id(NewRequestId("revoke"));
  revoke.set_terminal(TerminalName(1));
  v1::RevokeTerminalResponse revoked;
  ASSERT_TRUE(admin.Call(&v1::AdminService::Stub::RevokeTerminal, revoke, &revoked).ok());
  EXPECT_EQ(revoked.revoked_keys(), 2) << "all keys of the terminal";
  clock.Forward(TestClock::kStep, {&admin_there});
  EXPECT_EQ(alone(), "UNAUTHENTICATED");
  EXPECT_EQ(on_stream(), "UNAUTHENTICATED") << "the stream goes on, the key is dead";
  v1::ScanResponse response;
  EXPECT_EQ(Caller(till.channel(), second_key).Call(&v1::TerminalService::Stub::Scan, Visit(), &response).reason(),
            "UNAUTHENTICATED");
  stream->WritesDone();
  (void)stream->Finish();

  // The terminal itself lives on: a new key works at once where it was made, and as soon elsewhere.
  const Caller renewed(till.channel(), EnrollTerminal(admin, TerminalName(1)));
  clock.Forward(TestClock::kStep, {&admin_there});
  EXPECT_TRUE(renewed.Call(&v1::TerminalService::Stub::Scan, Visit(), &response).ok());
}

}  // namespace
}  // namespace loyalty::test
