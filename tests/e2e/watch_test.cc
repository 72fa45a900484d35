// Streams on which nothing happens for long, with what stands between a client and the server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/e2e/caller.h"
#include "tests/e2e/nginx.h"
#include "tests/e2e/server.h"
#include "tests/e2e/shell.h"

namespace loyalty::test {
namespace {

using ::testing::HasSubstr;

class WatchedJob : public ::testing::Test {
 protected:
  WatchedJob() {
    // Nobody works on it: another holds the lease.
    installation_.Execute("DELETE FROM leases");
    installation_.Execute(
        "INSERT INTO leases (name, holder, expire_time, version) VALUES ('jobs', 'somebody', 9000000000000000, 1)");
    v1::ClassifyMembersRequest request;
    request.set_request_id(NewRequestId("classify"));
    request.set_measure(v1::MEASURE_CHOICE_NEW);
    v1::ClassifyMembersResponse response;
    EXPECT_EQ(admin_.Call(&v1::RetentionService::Stub::ClassifyMembers, request, &response).reason(), "OK");
    job_ = response.job().name();
  }

  Installation installation_{storage::Engine::kSqlite, {.init = {"--self-signed"}}};
  Server server_{installation_};
  Caller admin_{Connect(server_.address()), installation_.admin_key()};
  Shell shell_{installation_, server_.address(), false};
  std::string job_;
};

// nginx gives up a stream that is silent for longer than its grpc_read_timeout; here after a second.
TEST_F(WatchedJob, IsWatchedToItsEndWhereverItsStreamIsCut) {
  const Nginx nginx(installation_, server_.address(), "1s");
  const Shell outside(installation_, nginx.address(), true);
  Process watch(outside.AdminProcess({"jobs", "watch", job_}));
  const auto cuts = [&nginx] {
    int count = 0;
    const std::string log = nginx.Log(), cut = "upstream timed out";
    for (auto at = log.find(cut); at != std::string::npos; at = log.find(cut, at + 1)) ++count;
    return count;
  };
  for (int i = 0; i < 300 && cuts() < 3 && !watch.Poll(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_GE(cuts(), 3);
  ASSERT_FALSE(watch.Poll()) << watch.Err();
  EXPECT_EQ(shell_.Admin({"jobs", "cancel", job_}).code, 0);
  EXPECT_EQ(watch.Wait(), 1);
  EXPECT_THAT(watch.Err(), HasSubstr(job_ + " was cancelled"));
}

TEST_F(WatchedJob, IsToldAgainWhenItDoesNotMove) {
  grpc::ClientContext context;
  admin_.Prepare(context, std::chrono::seconds(60));
  v1::WatchJobRequest request;
  request.set_name(job_);
  const auto stream = v1::JobService::NewStub(admin_.channel())->WatchJob(&context, request);
  v1::WatchJobResponse first, again;
  ASSERT_TRUE(stream->Read(&first));
  ASSERT_TRUE(stream->Read(&again)) << "nothing within a minute";
  EXPECT_EQ(again.job().state(), v1::JOB_STATE_QUEUED);
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  context.TryCancel();
  (void)stream->Finish();
}

// Nothing moves: the stream says no more than that the server is there, and that to whoever asks for old moves as well
// as to whoever waits for new ones.
TEST_F(WatchedJob, MovesThatDoNotComeAreAnsweredByNothing) {
  for (const std::int64_t position : {0, -1}) {
    grpc::ClientContext context;
    admin_.Prepare(context, std::chrono::seconds(60));
    v1::WatchTransitionsRequest request;
    request.set_resume_position(position);
    const auto stream = v1::RetentionService::NewStub(admin_.channel())->WatchTransitions(&context, request);
    v1::WatchTransitionsResponse response;
    ASSERT_TRUE(stream->Read(&response)) << "nothing within a minute";
    EXPECT_FALSE(response.has_transition()) << response.ShortDebugString();
    EXPECT_EQ(response.ByteSizeLong(), 0U);
    context.TryCancel();
    (void)stream->Finish();
  }
}

}  // namespace
}  // namespace loyalty::test
