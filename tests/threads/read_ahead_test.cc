#include "services/jobs/read_ahead.h"

#include <gtest/gtest.h>

#include <vector>

#include "services/queue/job_bell.h"
#include "services/queue/pin_workers.h"
#include "services/queue/read_workers.h"
#include "services/queue/write_queue.h"
#include "tests/support/batch_world.h"
#include "tests/threads/callers.h"

namespace loyalty {
namespace {

using storage::IdRange;
using storage::Session;
using test::kCallers;
using test::kStart;

constexpr std::int64_t kRanges = 150;
constexpr std::int64_t kRows = 10;

class ReadAheadThreads : public ::testing::TestWithParam<storage::Engine> {
 protected:
  test::BatchWorld world_{GetParam()};
  SnapshotHolder snapshots_{world_.database().url(), [] { return kStart; }};
  WriteQueue queue_{
      world_.database().url(), snapshots_, test::TestKeys(), {.lanes = 1, .clock = [] { return kStart; }}};
  ReadWorkers reads_{world_.database().url(), [] { return kStart; }};
  PinWorkers pins_;
  JobBell bell_;
  const Deps deps_{snapshots_, queue_, reads_, pins_, bell_, test::TestKeys(), [] { return kStart; }};
};
INSTANTIATE_TEST_SUITE_P(Engines, ReadAheadThreads, test::kBothEngines, test::EngineName);

// Ranges of as many ids, whether there are members or not.
IdRange NextIds(Session&, std::int64_t after, std::int64_t) {
  const std::int64_t last = after + kRows;
  return {after, last >= kRanges * kRows ? storage::kLastId : last};
}

struct Chunk {
  std::int64_t after;
  std::int64_t members;
};

// Eight jobs, each with two threads that read ahead of it, while tills scan, to which jobs give way.
TEST_P(ReadAheadThreads, EachRangeIsTakenOnceAndInOrder) {
  std::vector<Command> scans;
  for (int i = 0; i < 200; ++i) scans.push_back(world_.Scan(1, 100));
  test::AllAtOnce(
      [&](int job) {
        if (job == kCallers) {
          for (const auto& scan : scans) EXPECT_EQ(test::Outcome(queue_.Execute(scan)), "OK");
          return;
        }
        Session session(world_.database().url());
        const std::atomic<bool> stopping{false};
        JobContext context(deps_, session, "holder", stopping);
        std::vector<std::int64_t> taken;
        std::int64_t members = 0;
        const bool all = ReadAhead<Chunk>(context, 0,
                                          {NextIds,
                                           [](Session& own, const IdRange& range) {
                                             Chunk chunk{range.after, 0};
                                             own.Read("SELECT COUNT(*) FROM members",
                                                      [&chunk](std::int64_t count) { chunk.members = count; });
                                             return chunk;
                                           },
                                           [&](const Chunk& chunk, const IdRange& range) {
                                             EXPECT_EQ(chunk.after, range.after);
                                             taken.push_back(chunk.after);
                                             members = std::max(members, chunk.members);
                                             return job != 0 || taken.size() < kRanges / 2;
                                           }});
        // One of them is stopped in the middle.
        EXPECT_EQ(all, job != 0);
        EXPECT_EQ(taken.size(), job != 0 ? kRanges : kRanges / 2);
        for (std::size_t i = 0; i < taken.size(); ++i) EXPECT_EQ(taken[i], static_cast<std::int64_t>(i) * kRows);
        EXPECT_LE(members, 1);
      },
      kCallers + 1);
}

}  // namespace
}  // namespace loyalty
