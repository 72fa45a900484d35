// Jobs: one server works on each, another goes on when it dies, and what was cancelled ends.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <sstream>
#include <thread>
#include <utility>

#include "absl/time/civil_time.h"
#include "domain/time.h"
#include "storage/tables/jobs.h"
#include "storage/tables/members.h"
#include "tests/e2e/caller.h"
#include "tests/e2e/catalogue.h"
#include "tests/e2e/receipts_csv.h"
#include "tests/e2e/server.h"
#include "tests/e2e/shell.h"
#include "tests/e2e/slow_database.h"
#include "tests/support/database.h"

namespace loyalty::test {
namespace {

using ::testing::HasSubstr;

constexpr int kMembers = 200;
// So long a server that died keeps others from its job.
constexpr std::chrono::seconds kLeaseTime{15};

class Jobs : public ::testing::TestWithParam<storage::Engine> {
 protected:
  Jobs() : Jobs(nullptr) {}
  explicit Jobs(std::unique_ptr<SlowDatabase> slow) : slow_(std::move(slow)) {
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

  TestClock clock_;
  const std::unique_ptr<SlowDatabase> slow_;  // nothing: it takes no longer than it must
  const std::unique_ptr<Installation> own_ = slow_ ? nullptr : std::make_unique<Installation>(GetParam());
  const Installation& installation_ = slow_ ? slow_->installation() : *own_;
  Server server_{installation_, slow_ ? slow_->Slowed({.clock = &clock_}) : ServerOptions{.clock = &clock_}};
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

// What a job that runs has stored for whoever goes on.
struct Stored {
  storage::JobState state = storage::JobState::kQueued;
  std::int64_t run = 0;    // the measure that it has made
  std::int64_t after = 0;  // the last member that it is through with
  bool everybody = false;
};

// With a database that takes its time a job can be met wherever it is.
class SlowJobs : public Jobs {
 protected:
  using IsThere = std::function<bool(const Stored&)>;

  SlowJobs() : Jobs(std::make_unique<SlowDatabase>(GetParam())) {
    Multiply();
    first_ = installation_.Number("SELECT MIN(id) FROM members");
    half_ = installation_.Number(
        fmt::format("SELECT id FROM members ORDER BY id LIMIT 1 OFFSET {}", kMembers * (kCopies + 1) / 2));
    slow_->SlowDown(std::chrono::milliseconds(300));
  }

  Stored Look() const {
    Stored now;
    storage::Session session(installation_.url());
    session.Read("SELECT state, COALESCE(result, '') FROM jobs WHERE id = 1",
                 [&now](std::int64_t state, const std::string& result) {
                   now.state = static_cast<storage::JobState>(state);
                   std::istringstream(result) >> now.run >> now.everybody >> now.after;
                 });
    return now;
  }

  // Waits until the job runs and is there, and kills its server. A member that it is through with is spoilt then: who
  // begins anew finds and mends him, who goes on does not look at him again.
  void KillThere(const IsThere& is_there) {
    const auto runs_there = [&](const Stored& now) {
      return now.state == storage::JobState::kRunning && is_there(now);
    };
    for (Stored now = Look(); !runs_there(now) && now.state <= storage::JobState::kRunning; now = Look())
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    server_.Kill();
    const Stored killed = Look();
    ASSERT_TRUE(runs_there(killed)) << "it was elsewhere when the kill came: state " << static_cast<int>(killed.state)
                                    << ", run " << killed.run << ", after " << killed.after;
    installation_.Execute(fmt::format("UPDATE members SET stage = 0 WHERE id = {} AND id <= {}", first_, killed.after));
    // The dead server's lease would be waited for; that it is, is another test's matter.
    installation_.Execute("UPDATE leases SET expire_time = 0");
  }
  // The job's end, with a database that is as fast as it can be.
  void GoOnToTheEnd(const v1::Job& job) {
    slow_->SlowDown(std::chrono::milliseconds(0));
    server_.Start();
    EXPECT_EQ(Await(admin_, job).state(), v1::JOB_STATE_SUCCEEDED);
  }
  std::int64_t Spoilt() const { return installation_.Number("SELECT COUNT(*) FROM members WHERE stage = 0"); }

  std::int64_t first_ = 0, half_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Engines, SlowJobs, kBothEngines, EngineName);

TEST_P(SlowJobs, GoOnWhereTheyWereAfterAKillWhereverItCame) {
  const std::vector<std::pair<std::string, IsThere>> places{
      {"before the measure", [](const Stored& now) { return now.run == 0; }},
      {"behind the measure", [this](const Stored& now) { return now.run > 0 && now.after < first_; }},
      {"among the members", [this](const Stored& now) { return now.after >= first_; }},
      {"behind half of them", [this](const Stored& now) { return now.after > half_; }}};
  const v1::Job asked = Start(admin_);
  for (const auto& [place, is_there] : places) {
    SCOPED_TRACE(place);
    ASSERT_NO_FATAL_FAILURE(KillThere(is_there));
    if (place != places.back().first) server_.Start();
  }
  GoOnToTheEnd(asked);
  EXPECT_EQ(installation_.Number("SELECT COUNT(*) FROM retention_runs"), 1) << "it has measured once";
  EXPECT_EQ(Spoilt(), 1) << "it went on, it did not begin";
  EXPECT_EQ(Strays(), kCopies + 1) << "the one that was spoilt, and its copies, which stand elsewhere";
}

// The counter-check: a job that had forgotten where it was.
TEST_P(SlowJobs, AreSeenToBeginAnew) {
  const v1::Job asked = Start(admin_);
  ASSERT_NO_FATAL_FAILURE(KillThere([this](const Stored& now) { return now.after > half_; }));
  installation_.Execute("UPDATE jobs SET result = NULL");
  GoOnToTheEnd(asked);
  EXPECT_EQ(installation_.Number("SELECT COUNT(*) FROM retention_runs"), 2);
  EXPECT_EQ(Spoilt(), 0);
}

TEST_P(Jobs, AreStartedWhenTheScheduleWantsThem) {
  EXPECT_EQ(Await(admin_, Start(admin_)).state(), v1::JOB_STATE_SUCCEEDED);
  // In two hours by the program's clock, and at that minute of each day. It was last before the job above.
  const auto zone = *LoadZone("Europe/Berlin");
  const auto first = absl::ToCivilMinute(absl::FromUnixMicros(clock_.Now()), zone) + 120;
  const auto due = [&](int days) { return absl::ToUnixMicros(absl::FromCivil(first + 1'440 * days, zone)); };
  ApplyCatalogue(shell_,
                 fmt::format(R"({{"retention": {{"schedule": {{"fit_weekday": 0, "classify_minute": {}}}}}}})",
                             60 * first.hour() + first.minute()),
                 clock_, {&admin_});
  const auto scheduled = [this](const std::string& name) {
    v1::GetJobRequest request;
    v1::GetJobResponse response;
    request.set_name(name);
    while (admin_.Call(&v1::JobService::Stub::GetJob, request, &response).reason() == "JOB_UNKNOWN")
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return Await(admin_, response.job());
  };
  clock_.ForwardTo(due(0) - kMinute, {&admin_});
  EXPECT_EQ(Await(admin_, Start(admin_)).name(), "jobs/2") << "none before its time, though a look was taken since";
  // One for each day: were there a second one of the first day, it would be the next by number.
  for (int day = 0; day < 2; ++day) {
    clock_.ForwardTo(due(day), {&admin_});
    const v1::Job job = scheduled("jobs/" + std::to_string(3 + day));
    EXPECT_EQ(job.state(), v1::JOB_STATE_SUCCEEDED);
    EXPECT_EQ(job.kind(), v1::JOB_KIND_CLASSIFY_MEMBERS);
    EXPECT_GE(job.create_time().seconds() * kSecond, due(day));
  }
  EXPECT_EQ(installation_.Number("SELECT COUNT(*) FROM jobs"), 4);
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
  TestClock clock;
  Installation installation(storage::Engine::kMysql);
  Server first(installation, {.clock = &clock});
  Server second(installation, {.clock = &clock});
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

  // Whoever has the lease is killed: when its time is over the other one works.
  first.Kill();
  request.set_request_id(NewRequestId("classify"));
  EXPECT_EQ(other.Call(&v1::RetentionService::Stub::ClassifyMembers, request, &response).reason(), "OK");
  clock.Forward(kLeaseTime, {&other});
  EXPECT_EQ(Await(other, response.job()).state(), v1::JOB_STATE_SUCCEEDED);

  // And not before: here it is an hour.
  installation.Execute("UPDATE leases SET holder = 'the dead', expire_time = " + std::to_string(clock.Now() + kHour));
  request.set_request_id(NewRequestId("classify"));
  EXPECT_EQ(other.Call(&v1::RetentionService::Stub::ClassifyMembers, request, &response).reason(), "OK");
  clock.Forward(std::chrono::minutes(40), {&other});
  v1::GetJobRequest get;
  get.set_name(response.job().name());
  v1::GetJobResponse waiting;
  EXPECT_EQ(other.Call(&v1::JobService::Stub::GetJob, get, &waiting).reason(), "OK");
  EXPECT_EQ(waiting.job().state(), v1::JOB_STATE_QUEUED);
  clock.Forward(std::chrono::minutes(20), {&other});
  EXPECT_EQ(Await(other, response.job()).state(), v1::JOB_STATE_SUCCEEDED);
}

}  // namespace
}  // namespace loyalty::test
