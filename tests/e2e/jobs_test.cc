// Jobs: one server works on each, another goes on when it dies, and what was cancelled ends.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <thread>

#include "absl/time/civil_time.h"
#include "domain/time.h"
#include "storage/tables/members.h"
#include "tests/e2e/caller.h"
#include "tests/e2e/catalogue.h"
#include "tests/e2e/receipts_csv.h"
#include "tests/e2e/server.h"
#include "tests/e2e/shell.h"
#include "tests/support/database.h"

namespace loyalty::test {
namespace {

using ::testing::HasSubstr;

constexpr int kMembers = 200;

class Jobs : public ::testing::TestWithParam<storage::Engine> {
 protected:
  Jobs() {
    SetUpProgram(admin_, 1);
    EXPECT_EQ(shell_.Till({"replay", shell_.Write("year.csv", YearOfReceipts(kMembers)).string()}).code, 0);
  }

  v1::Job Start(const Caller& caller, v1::MeasureChoice measure = v1::MEASURE_CHOICE_NEW) const {
    v1::ClassifyMembersRequest request;
    request.set_request_id(NewRequestId("classify"));
    request.set_measure(measure);
    v1::ClassifyMembersResponse response;
    EXPECT_EQ(caller.Call(&v1::RetentionService::Stub::ClassifyMembers, request, &response).reason(), "OK");
    return response.job();
  }

  // From here on nobody works: another holds the lease.
  void TakeLease() const {
    installation_.Execute("DELETE FROM leases");
    installation_.Execute(
        "INSERT INTO leases (name, holder, expire_time, version) VALUES ('jobs', 'somebody', "
        "9000000000000000, 1)");
  }

  // Makes each member into kCopies more, so that they fill several ranges of ids (storage::kRangeRows).
  static constexpr int kCopies = 80;
  static constexpr std::int64_t kApart = 1'000'000'000;
  void Multiply() const {
    std::string copies = "(SELECT 1 AS n";
    for (int i = 2; i <= kCopies; ++i) copies += " UNION ALL SELECT " + std::to_string(i);
    copies += ") c";
    const auto copy = [&](const std::string& table, const std::string& columns, const std::string& values) {
      installation_.Execute("INSERT INTO " + table + " (" + columns + ") SELECT " + values + " FROM " + table + ", " +
                            copies);
    };
    const std::string id = fmt::format("id + c.n * {}", kApart), member_id = "member_" + id;
    std::string others;
    for (const auto& column : storage::MemberRow::table().columns())
      if (const std::string name(column.name); name != "id" && name != "public_id") others += ", " + name;
    copy("members", "id, public_id" + others, id + ", public_id + c.n" + others);
    const std::string day = ", day, amount, discount, receipts";
    copy("member_day", "member_id" + day, member_id + day);
  }
  // Members that stand elsewhere than the one they were copied from.
  std::int64_t Strays() const {
    return installation_.Number(
        fmt::format("SELECT COUNT(*) FROM members a JOIN members b ON b.id = a.id % {} "
                    "WHERE a.stage = 0 OR a.stage <> b.stage OR a.segment <> b.segment OR a.lost_stage <> b.lost_stage "
                    "OR a.retained <> b.retained OR a.since_day <> b.since_day OR a.due_day <> b.due_day",
                    kApart));
  }

  Installation installation_{GetParam()};
  Server server_{installation_};
  Caller admin_{Connect(server_.address()), installation_.admin_key()};
  Shell shell_{installation_, server_.address(), false};
};
INSTANTIATE_TEST_SUITE_P(Engines, Jobs, kBothEngines, EngineName);

TEST_P(Jobs, SayHowFarTheyAreAndWhatTheyFound) {
  EXPECT_EQ(Await(admin_, Start(admin_, v1::MEASURE_CHOICE_KEEP)).error_reason(), "NOT_CLASSIFIED");
  const v1::Job asked = Start(admin_);
  EXPECT_EQ(asked.state(), v1::JOB_STATE_QUEUED);
  const v1::Job ended = Await(admin_, asked);
  EXPECT_EQ(ended.state(), v1::JOB_STATE_SUCCEEDED);
  EXPECT_EQ(ended.done(), ended.total());
  EXPECT_EQ(ended.done(), kMembers);
  EXPECT_THAT(ended.run(), HasSubstr("retentionRuns/"));
  EXPECT_EQ(shell_.AdminJson<v1::Job>({"jobs", "show", ended.name()}).SerializeAsString(), ended.SerializeAsString());
  const auto list = shell_.AdminJson<v1::ListJobsResponse>({"jobs", "list"});
  ASSERT_EQ(list.jobs_size(), 2);
  EXPECT_EQ(list.jobs(0).name(), ended.name());
  EXPECT_THAT(shell_.Admin({"jobs", "list"}).out, HasSubstr("succeeded"));
  EXPECT_EQ(shell_.Admin({"jobs", "watch", ended.name()}).code, 0);
  EXPECT_EQ(shell_.Admin({"jobs", "show", "77"}).code, 1);
  const Ended cancelled = shell_.Admin({"jobs", "cancel", ended.name()});
  EXPECT_EQ(cancelled.code, 0);
  EXPECT_THAT(cancelled.out, HasSubstr("succeeded")) << "what has ended stays as it is";
}

TEST_P(Jobs, AreWatchedUntilTheyEnd) {
  const v1::Job asked = Start(admin_);
  grpc::ClientContext context;
  admin_.Prepare(context, std::chrono::seconds(60));
  v1::JobService::Stub stub(admin_.channel());
  v1::WatchJobRequest request;
  request.set_name(asked.name());
  const auto stream = stub.WatchJob(&context, request);
  v1::WatchJobResponse response;
  std::vector<v1::Job> seen;
  while (stream->Read(&response)) seen.push_back(response.job());
  EXPECT_TRUE(stream->Finish().ok());
  ASSERT_FALSE(seen.empty());
  EXPECT_EQ(seen.back().state(), v1::JOB_STATE_SUCCEEDED);
  request.set_name("jobs/99");
  grpc::ClientContext another;
  admin_.Prepare(another);
  const auto unknown = stub.WatchJob(&another, request);
  EXPECT_FALSE(unknown->Read(&response));
  EXPECT_EQ(client::ReasonOf(client::Explain(unknown->Finish())), "JOB_UNKNOWN");
}

TEST_P(Jobs, ReachEverybodyWhereverTheirRowsLie) {
  Multiply();
  const v1::Job ended = Await(admin_, Start(admin_));
  EXPECT_EQ(ended.state(), v1::JOB_STATE_SUCCEEDED);
  EXPECT_EQ(ended.done(), kMembers * (kCopies + 1));
  EXPECT_EQ(ended.total(), ended.done());
  EXPECT_EQ(Strays(), 0);
}

TEST_P(Jobs, GoOnAfterAKillWhereverItCame) {
  Multiply();
  for (int kill = 0; kill < 4; ++kill) {
    const v1::Job asked = Start(admin_);
    std::this_thread::sleep_for(std::chrono::milliseconds(100 * kill));
    server_.Kill();
    // The dead server's lease would be waited for; that it is, is another test's matter.
    installation_.Execute("UPDATE leases SET expire_time = 0");
    server_.Start();
    EXPECT_EQ(Await(admin_, asked).state(), v1::JOB_STATE_SUCCEEDED);
    EXPECT_EQ(Strays(), 0);
    EXPECT_EQ(installation_.Number("SELECT COUNT(*) FROM retention_runs"), kill + 1) << "each has measured once";
  }
}

TEST_P(Jobs, AreStartedWhenTheScheduleWantsThem) {
  EXPECT_EQ(Await(admin_, Start(admin_)).state(), v1::JOB_STATE_SUCCEEDED);
  // The last ones were days ago, and the minute has just passed.
  installation_.Execute("UPDATE jobs SET create_time = create_time - 864000000000");
  const auto zone = *LoadZone("Europe/Berlin");
  const Instant minute_ago = (static_cast<Instant>(std::time(nullptr)) - 60) * kSecond;
  const auto local = absl::ToCivilMinute(absl::FromUnixMicros(minute_ago), zone);
  ApplyCatalogue(shell_,
                 R"({"retention": {"schedule": {"fit_weekday": 0, "classify_minute": )" +
                     std::to_string(60 * local.hour() + local.minute()) + "}}}",
                 {&admin_});
  for (int i = 0; i < 100 && installation_.Number("SELECT COUNT(*) FROM jobs") < 2; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  v1::Job scheduled;
  scheduled.set_name("jobs/2");
  EXPECT_EQ(Await(admin_, scheduled).state(), v1::JOB_STATE_SUCCEEDED);
  EXPECT_EQ(Await(admin_, scheduled).kind(), v1::JOB_KIND_CLASSIFY_MEMBERS);
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  EXPECT_EQ(installation_.Number("SELECT COUNT(*) FROM jobs"), 2) << "once";
}

// A server that dies between the last member and the end of the job leaves nothing to read.
TEST_P(Jobs, GoOnBehindTheLastMember) {
  const std::string run = Await(admin_, Start(admin_)).run();
  TakeLease();
  const v1::Job asked = Start(admin_, v1::MEASURE_CHOICE_KEEP);
  installation_.Execute("UPDATE jobs SET state = 2, done = 200, result = '" + run.substr(run.find('/') + 1) +
                        " 1 9223372036854775807' WHERE id = 2");
  installation_.Execute("UPDATE leases SET expire_time = 0");
  const v1::Job ended = Await(admin_, asked);
  EXPECT_EQ(ended.state(), v1::JOB_STATE_SUCCEEDED);
  EXPECT_EQ(ended.run(), run);
  EXPECT_EQ(ended.done(), kMembers);
}

// A newer server asked for it; this one waits for that, and works on the rest.
TEST_P(Jobs, OneThatThisServerDoesNotKnowHoldsUpNoOther) {
  installation_.Execute(
      "INSERT INTO jobs (id, kind, state, done, total, failures, create_time, update_time, version) VALUES (1, "
      "'JOB_KIND_OF_TOMORROW', 1, 0, 0, 0, 1, 1, 1)");
  EXPECT_EQ(Await(admin_, Start(admin_)).state(), v1::JOB_STATE_SUCCEEDED);
  EXPECT_EQ(installation_.Number("SELECT state FROM jobs WHERE id = 1"), 1);
}

// What it needs cannot be read, however often that is tried.
TEST_P(Jobs, OneThatCannotBeDoneFailsAndHoldsUpNoOther) {
  installation_.Execute("ALTER TABLE member_day RENAME TO member_day_away");
  const auto poison = Await(admin_, Start(admin_));
  installation_.Execute("ALTER TABLE member_day_away RENAME TO member_day");
  EXPECT_EQ(poison.state(), v1::JOB_STATE_FAILED) << poison.ShortDebugString();
  EXPECT_EQ(Await(admin_, Start(admin_)).state(), v1::JOB_STATE_SUCCEEDED);
}

// Failures are counted where every server sees them: of three tries two were made elsewhere, and one is left.
TEST_P(Jobs, OneThatCannotBeDoneIsNotTriedAnewByAnotherServer) {
  TakeLease();
  v1::FitModelsRequest request;
  request.set_request_id(NewRequestId("fit"));
  request.set_until_date("2026-01-31");
  v1::FitModelsResponse response;
  ASSERT_EQ(admin_.Call(&v1::RetentionService::Stub::FitModels, request, &response).reason(), "OK");
  const v1::Job& asked = response.job();
  installation_.Execute("UPDATE jobs SET failures = 2");
  installation_.Execute("ALTER TABLE member_day RENAME TO member_day_away");
  server_.Kill();
  installation_.Execute("UPDATE leases SET expire_time = 0");
  server_.Start();
  EXPECT_EQ(Await(admin_, asked).state(), v1::JOB_STATE_FAILED);
  installation_.Execute("ALTER TABLE member_day_away RENAME TO member_day");
  EXPECT_EQ(installation_.Number("SELECT failures FROM jobs"), 3);
  const std::string log = server_.Log();
  const std::string failed = asked.name() + " JOB_KIND_FIT_MODELS failed";
  ASSERT_NE(log.find(failed), std::string::npos) << log;
  EXPECT_EQ(log.find(failed, log.find(failed) + 1), std::string::npos) << "tried once more, not three times";
}

TEST_P(Jobs, OneThatIsCancelledEnds) {
  TakeLease();
  const v1::Job asked = Start(admin_);
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  EXPECT_EQ(shell_.AdminJson<v1::Job>({"jobs", "show", asked.name()}).state(), v1::JOB_STATE_QUEUED);
  EXPECT_EQ(shell_.AdminJson<v1::Job>({"jobs", "cancel", asked.name()}).state(), v1::JOB_STATE_CANCELLED);
  EXPECT_EQ(shell_.Admin({"jobs", "watch", asked.name()}).code, 1);

  const v1::Job second = Start(admin_);
  installation_.Execute("UPDATE jobs SET state = 3 WHERE id = 2");  // as if it were running
  installation_.Execute("UPDATE leases SET expire_time = 0");       // and its server had died
  EXPECT_EQ(Await(admin_, second).state(), v1::JOB_STATE_CANCELLED);
  EXPECT_EQ(installation_.Number("SELECT COUNT(*) FROM retention_runs"), 0);
  EXPECT_EQ(Await(admin_, Start(admin_)).state(), v1::JOB_STATE_SUCCEEDED) << "the next one is not held up";
}

TEST(JobsOfTwoServersTest, EachJobIsDoneByOneAndTheOtherTakesOverFromTheDead) {
  Installation installation(storage::Engine::kMysql);
  Server first(installation);
  Server second(installation);
  const Caller admin(Connect(first.address()), installation.admin_key());
  const Caller other(Connect(second.address()), installation.admin_key());
  SetUpProgram(admin, 1);
  v1::ClassifyMembersRequest request;
  request.set_measure(v1::MEASURE_CHOICE_NEW);
  v1::ClassifyMembersResponse response;
  for (const Caller* caller : {&admin, &other, &admin}) {
    request.set_request_id(NewRequestId("classify"));
    EXPECT_EQ(caller->Call(&v1::RetentionService::Stub::ClassifyMembers, request, &response).reason(), "OK");
  }
  EXPECT_EQ(Await(other, response.job()).state(), v1::JOB_STATE_SUCCEEDED);
  EXPECT_EQ(installation.Number("SELECT COUNT(*) FROM retention_runs"), 3);
  EXPECT_EQ(installation.Number("SELECT COUNT(*) FROM leases"), 1);

  // Whoever has the lease is killed: within its time the other one works.
  request.set_request_id(NewRequestId("classify"));
  EXPECT_EQ(other.Call(&v1::RetentionService::Stub::ClassifyMembers, request, &response).reason(), "OK");
  first.Kill();
  EXPECT_EQ(Await(other, response.job()).state(), v1::JOB_STATE_SUCCEEDED);
}

}  // namespace
}  // namespace loyalty::test
