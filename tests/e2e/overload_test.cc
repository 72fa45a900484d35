// More than can be done. Goal: with ten times the load that it can take the server does as much as before, as soon as
// before, says "later" to the rest at once, and keeps its memory; also while the database all but stands still.
//
// Method: a database that takes its time (SQLite on a disk that is slow to make anything durable, MariaDB behind a slow
// network) is what limits the server, so that client and server, which share two processors here, do not. Peak: as many
// callers as fill a batch in commit and one that waits. Then ten times the calls a second of that, whether answers come
// or not; the peak again; ten times with a database five times slower; then eight callers. Each for a few seconds
// (E2E_SECONDS; ./dev test --label chaos: 60), and what counts begins when the queue has been full for two batches: the
// first batch holds the one call that came first. A few seconds are a few batches, and on SQLite a checkpoint (three
// syncs more) meets one run and not another: only a long run can tell nine tenths of the peak from all of it. A short
// one looks at no time: what was refused says when to come again, nothing ends otherwise, memory stays, and afterwards
// every scan is answered.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "tests/e2e/caller.h"
#include "tests/e2e/http_get.h"
#include "tests/e2e/server.h"
#include "tests/e2e/slow_database.h"
#include "tests/support/database.h"
#include "tests/support/load_client.h"
#include "tests/support/record.h"
#include "tests/support/usage.h"

namespace loyalty::test {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kBatchTakes{1'000};
constexpr int kTimesSlower = 5;
constexpr int kBatch = 256;
constexpr int kPeakCallers = 2 * kBatch;
constexpr std::uint64_t kCards = 1'000;
constexpr double kTimesCapacity = 10;
constexpr std::int64_t kGrowthMaxMb = 32;
constexpr double kRefusedWithinMs = 500;  // on a machine whose two processors are busy with the load itself

constexpr double kWarmUpSeconds = 4;
constexpr std::uint64_t kAfterwards = 200;  // scans of eight callers, when it is over

double Seconds() {
  const char* given = std::getenv("E2E_SECONDS");
  return given == nullptr ? 8 : std::atof(given);
}
bool IsShort() { return Seconds() < 30; }

class Overload : public ::testing::TestWithParam<storage::Engine> {
 protected:
  Overload() { SetUpProgram(Caller(Connect(server_.address()), installation_.admin_key()), 1); }

  static bool on_mariadb() { return GetParam() == storage::Engine::kMysql; }
  void AwaitAnAnswer(const std::vector<std::shared_ptr<grpc::Channel>>& channels) const;
  void ExpectNothingIsKept() const;

  const SlowDatabase database_{GetParam()};
  const Installation& installation_ = database_.installation();
  Server server_{installation_, database_.Slowed({.program = MeasuredServer(), .lanes = 1, .http = true})};
};

v1::ScanRequest ScanOf(std::uint64_t n) {
  return PlainScan(fmt::format("overload-{}", n), fmt::format("26000{:05}", n % kCards));
}

// What has begun ends.
void Overload::AwaitAnAnswer(const std::vector<std::shared_ptr<grpc::Channel>>& channels) const {
  const LoadPlan one{.channels = channels,
                     .key = installation_.admin_key(),
                     .seconds = 0.1,
                     .callers = 1,
                     .deadline = 60,
                     .request = ScanOf};
  for (int i = 0; i < 60 && RunLoad(one).answered == 0; ++i) std::this_thread::sleep_for(milliseconds(500));
}

// gRPC lets go of a call a moment after its answer.
void Overload::ExpectNothingIsKept() const {
  for (const char* part : {"queue", "reads", "calls"}) {
    const std::string nothing = fmt::format("loyalty_request_bytes{{part=\"{}\"}} 0", part);
    const auto kept = [&] { return Get(server_.http_port(), "/metrics").find(nothing) == std::string::npos; };
    for (int i = 0; i < 100 && kept(); ++i) std::this_thread::sleep_for(milliseconds(100));
    EXPECT_FALSE(kept()) << part;
  }
}

TEST_P(Overload, BendsAndDoesNotBreak) {
  std::vector<std::shared_ptr<grpc::Channel>> channels;  // each may have 128 calls under way
  for (int i = 0; i < 16; ++i) channels.push_back(Connect(server_.address()));
  LoadPlan plan{.channels = channels, .key = installation_.admin_key(), .seconds = Seconds(), .request = ScanOf};
  plan.callers = kPeakCallers;
  LoadPlan warm = plan;  // all cards are members then: what follows costs a batch the same
  warm.seconds = 2;
  (void)RunLoad(warm);
  database_.SlowDown(kBatchTakes);
  plan.warm_up = kWarmUpSeconds;
  const LoadResult peak = RunLoad(plan);
  std::cout << "peak, " << kPeakCallers << " callers: " << peak.Text() << std::endl;
  plan.rate = kTimesCapacity * peak.per_second();
  LoadPlan first = plan;
  first.warm_up = 0;
  first.seconds = 2;  // brings the memory to where it stays
  (void)RunLoad(first);
  const std::vector<pid_t> pids{server_.process().pid()};
  const auto before_mb = UsageMeter(pids).Stop().memory_peak_mb;  // of no time: what it has now
  const UsageMeter meter(pids);
  const LoadResult over = RunLoad(plan);
  std::cout << fmt::format("{:.0f} calls/s: ", plan.rate) << over.Text() << std::endl;
  const auto over_mb = meter.Stop().memory_peak_mb;
  LoadPlan again = plan;
  again.rate = 0;
  const LoadResult peak_again = RunLoad(again);
  std::cout << "peak again: " << peak_again.Text() << std::endl;

  database_.SlowDown(kTimesSlower * kBatchTakes);
  plan.warm_up = 0;
  plan.seconds = std::max(6.0, plan.seconds / 4);
  plan.deadline = 3;
  const LoadResult stalled = RunLoad(plan);
  std::cout << "the same, database all but standing still: " << stalled.Text() << std::endl;

  const auto most_mb = meter.Stop().memory_peak_mb;
  database_.SlowDown(milliseconds(0));
  AwaitAnAnswer(channels);
  plan.rate = 0;
  plan.callers = 8;
  plan.calls = kAfterwards;
  plan.seconds = plan.deadline = 60;
  const LoadResult after = RunLoad(plan);
  std::cout << "afterwards, 8 callers: " << after.Text()
            << fmt::format("; memory {} MB, under load {} MB, at most {} MB", before_mb, over_mb, most_mb) << std::endl;

  const auto p99 = [](const LoadResult& result) { return LoadResult::Quantile(result.answered_ms, 0.99); };
  // The database grows meanwhile: peak before and after.
  const double capacity = (peak.per_second() + peak_again.per_second()) / 2;
  const double peak_p99 = (p99(peak) + p99(peak_again)) / 2;
  EXPECT_GT(over.refused, over.answered) << "the load was not what it should be";
  EXPECT_GT(over.answered, 0);
  EXPECT_GT(stalled.refused, 0);
  if (!IsShort()) {
    // Give or take the batch that was in commit when time was up.
    EXPECT_GE(over.per_second() * over.seconds + kBatch, 0.9 * capacity * over.seconds);
    EXPECT_LE(p99(over), 2 * peak_p99);
    EXPECT_LE(LoadResult::Quantile(over.refused_ms, 0.99), kRefusedWithinMs);
  }
  EXPECT_EQ(over.refused_without_retry_info + stalled.refused_without_retry_info, 0);
  EXPECT_EQ(over.refused_by_grpc + stalled.refused_by_grpc, 0);
  EXPECT_TRUE(peak.otherwise.empty() && peak_again.otherwise.empty() && over.otherwise.empty() &&
              after.otherwise.empty());
  EXPECT_LE(most_mb - before_mb, kGrowthMaxMb);
  EXPECT_EQ(after.answered, kAfterwards);
  EXPECT_EQ(after.refused, 0);
  EXPECT_EQ(installation_.Loyaltyd("verify").code, 0);
  if (HasFailure()) return;
  Write({.id = on_mariadb() ? "I13-overload-mariadb" : "I13-overload-sqlite",
         .promise = "Too much load is told at once and costs nobody else anything",
         .test = fmt::format(
             "ten times the calls a second that a database which takes {} ms a batch can take, for {:.0f} s; "
             "then the same with {} ms",
             kBatchTakes.count(), Seconds(), kTimesSlower * kBatchTakes.count()),
         .figure = fmt::format("goodput {:.2f} x peak ({:.0f}/s), p99 of what was accepted {:.2f} x, p99 of a refusal "
                               "{:.0f} ms, {} refused, all with RetryInfo; memory {} MB before, {} MB at most",
                               over.per_second() / capacity, capacity, p99(over) / peak_p99,
                               LoadResult::Quantile(over.refused_ms, 0.99), over.refused, before_mb, most_mb),
         .command = "./dev test --label chaos -R chaos_overload"});
}

// 600 kB, about the largest receipt that is allowed.
v1::ScanRequest LargeScanOf(std::uint64_t n) {
  v1::ScanRequest scan = ScanOf(n);
  constexpr int kLines = 500;
  for (int i = 0; i < kLines; ++i) {
    auto& line = *scan.mutable_receipt()->add_lines();
    line.set_line_id(fmt::format("{:064}", i));
    line.set_sku(std::string(64, 's'));
    for (int category = 0; category < 16; ++category) line.add_category_ids(fmt::format("{:064}", category));
    line.set_amount_minor(i == 0 ? 1'000 : 0);
  }
  return scan;
}

// As many calls at once as a lane has places, each with a receipt of 600 kB, while the database all but stands still:
// what waits is limited by its bytes too, and the rest is told so.
TEST_P(Overload, LargeRequestsAreNotAllHeld) {
  constexpr int kCallers = 640;
  constexpr std::int64_t kLargeGrowthMaxMb = 400;  // all of them are 2,100
  ASSERT_GT(LargeScanOf(0).ByteSizeLong(), 580'000U);
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (int i = 0; i < 16; ++i) channels.push_back(Connect(server_.address()));
  LoadPlan plan{.channels = channels, .key = installation_.admin_key(), .seconds = 0.5, .request = ScanOf};
  (void)RunLoad(plan);
  database_.SlowDown(kTimesSlower * kBatchTakes);
  const std::vector<pid_t> pids{server_.process().pid()};
  const auto before_mb = UsageMeter(pids).Stop().memory_peak_mb;
  const UsageMeter meter(pids);
  plan.callers = kCallers;
  plan.seconds = 6;
  plan.deadline = 20;
  plan.request = LargeScanOf;
  const LoadResult over = RunLoad(plan);
  const auto most_mb = meter.Stop().memory_peak_mb;
  std::cout << kCallers << " callers of 600 kB: " << over.Text()
            << fmt::format("; memory {} MB, at most {} MB", before_mb, most_mb) << std::endl;
  EXPECT_LE(most_mb - before_mb, kLargeGrowthMaxMb);
  EXPECT_GT(over.refused, kCallers - 64) << "27 requests fit";
  EXPECT_EQ(over.refused_without_retry_info, 0);
  database_.SlowDown(milliseconds(0));
  // As long as gRPC keeps what came, it gives up connections to have memory.
  AwaitAnAnswer(channels);
  ExpectNothingIsKept();
  plan.callers = 4;
  plan.seconds = 1;
  const LoadResult after = RunLoad(plan);
  EXPECT_GT(after.answered, 0) << "one that fits is recorded";
  EXPECT_TRUE(after.otherwise.empty()) << after.Text();
  ExpectNothingIsKept();
  EXPECT_EQ(installation_.Loyaltyd("verify").code, 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, Overload, kBothEngines, EngineName);

}  // namespace
}  // namespace loyalty::test
