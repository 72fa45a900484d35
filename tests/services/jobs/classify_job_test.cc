// Nobody is classified under a new measure before every lane has done with the old one. Goal: a sale that was begun by
// the old measure, on whichever lane, is over when the job goes through the members: its member too stands by the new
// one afterwards. Method: a real MariaDB and two lanes; the clock of the queue stops the one that the job's own steps
// do not take, behind the look for its snapshot; the job is given time to go wrong.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <thread>

#include "loyalty/v1/retention_service.pb.h"
#include "services/jobs/job_context.h"
#include "services/jobs/work.h"
#include "services/queue/job_bell.h"
#include "services/queue/pin_workers.h"
#include "services/queue/read_workers.h"
#include "services/queue/write_queue.h"
#include "storage/read_table.h"
#include "tests/support/batch_world.h"

namespace loyalty {
namespace {

using std::chrono::milliseconds;

class ClassifyJobTest : public ::testing::Test {
 protected:
  // Stops the second lane that asks for the time, at its second question.
  class Gate {
   public:
    Instant Ask() {
      const auto me = std::this_thread::get_id();
      if (!armed_ || me == test_) return test::kStart;
      const std::lock_guard one(mutex_);
      if (router_ == std::thread::id()) router_ = me;
      if (me == router_ || ++looks_ != 2) return test::kStart;
      lane_ = me;
      armed_ = false;
      reached_.set_value();
      released_.get_future().wait();
      return test::kStart;
    }
    void Arm() { armed_ = true; }
    void WaitUntilReached() { reached_.get_future().wait(); }
    void Release() { released_.set_value(); }
    std::thread::id lane() const { return lane_; }

   private:
    const std::thread::id test_ = std::this_thread::get_id();
    std::atomic<bool> armed_{false};
    std::mutex mutex_;
    std::thread::id router_, lane_;
    int looks_ = 0;
    std::promise<void> reached_, released_;
  };

  void Note(const std::string& what) {
    const std::lock_guard lock(mutex_);
    order_.push_back(what);
  }

  test::BatchWorld world_{storage::Engine::kMysql};
  Gate gate_;
  std::mutex mutex_;  // guards order_
  std::vector<std::string> order_;
};

TEST_F(ClassifyJobTest, WaitsForABatchOfTheOldMeasureOnEveryLane) {
  world_.check_at_end = false;  // it knows of no job: who is classified for the first time has no move
  constexpr int kMembers = 6;
  for (int card = 1; card <= kMembers; ++card) world_.Must(world_.Scan(card, 1'000));
  world_.LayDownMeasure();
  const auto clock = [] { return test::kStart; };
  SnapshotHolder snapshots(world_.database().url(), clock);
  ReadWorkers reads(world_.database().url(), clock);
  WriteQueue queue(
      world_.database().url(), snapshots, test::TestKeys(),
      {.lanes = 2,
       .clock = [this] { return gate_.Ask(); },
       .on_batch = [this](std::size_t) { Note(std::this_thread::get_id() == gate_.lane() ? "sale" : "step"); }});
  JobBell bell;
  PinWorkers pins;
  const Deps deps{snapshots, queue, reads, pins, bell, test::TestKeys(), clock};
  const std::atomic<bool> stopping{false};
  storage::Session session(world_.database().url());
  JobContext context(deps, session, "this server", stopping);
  v1::ClassifyMembersRequest request;
  request.set_measure(v1::MEASURE_CHOICE_NEW);
  storage::JobRow job = NewJob(v1::JOB_KIND_CLASSIFY_MEMBERS, "", request, test::kStart);
  job.id = 1;
  storage::InsertRow(world_.session(), job, test::TestKeys());

  int card = 1;
  while (world_.MemberOf(card) % 2 == 0) ++card;  // steps take lane 0
  gate_.Arm();
  std::promise<std::string> outcome;
  ASSERT_TRUE(queue.Submit(world_.Scan(card, 1'000),
                           [&outcome](const Result<Answer>& answer) { outcome.set_value(test::Outcome(answer)); }));
  gate_.WaitUntilReached();
  auto end = std::async(std::launch::async,
                        [&] { return context.Begin(job) ? WorkOnClassification(context) : JobEnd::kStopped; });
  // It rests for kSnapshotAgeMax by itself, for other servers.
  (void)end.wait_for(milliseconds(2 * kSnapshotAgeMax / (kSecond / 1'000)));
  gate_.Release();
  EXPECT_EQ(end.get(), JobEnd::kDone);
  EXPECT_EQ(outcome.get_future().get(), "OK");
  queue.AwaitBatches();
  const std::lock_guard lock(mutex_);
  ASSERT_FALSE(order_.empty());
  EXPECT_EQ(std::count(order_.begin(), order_.end(), "sale"), 1);
  EXPECT_EQ(order_.back(), "step") << "the sale was over before the job was";
  EXPECT_EQ(world_.database().Number("SELECT state FROM jobs"), static_cast<int>(storage::JobState::kSucceeded));
}

}  // namespace
}  // namespace loyalty
