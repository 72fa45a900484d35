// Reads of all members in ranges of ids, some of them ahead of the work on those before, by threads with connections of
// their own.
#pragma once

#include <array>
#include <chrono>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <utility>

#include "services/jobs/job_context.h"
#include "storage/lifecycle_reads.h"
#include "storage/planted.h"

namespace loyalty {

template <typename Chunk>
struct ReadsInRanges {
  // The range behind an id: storage::NextMembers.
  storage::IdRange (*next)(storage::Session& session, std::int64_t after, std::int64_t rows);
  // Called by two threads at a time.
  std::function<Chunk(storage::Session& session, const storage::IdRange& range)> read;
  // Called by the job's thread, in the order of the ranges. False: stop.
  std::function<bool(Chunk& chunk, const storage::IdRange& range)> take;
};

// Reads the ranges behind `after`, giving way to tills for what the threads have worked. False: `take` said stop.
// Throws storage::Failure of the reads.
template <typename Chunk>
bool ReadAhead(JobContext& context, std::int64_t after, const ReadsInRanges<Chunk>& reads) {
  using Clock = std::chrono::steady_clock;
  struct Read {
    Chunk chunk;
    Clock::duration worked;
  };
  struct Ahead {
    storage::IdRange range;
    storage::Session* session;
    std::future<Read> read;  // waits for its thread when it goes
  };
  std::array<std::unique_ptr<storage::Session>, 2> sessions;
  std::deque<Ahead> ahead;
  const auto begin = [&](storage::Session& session) {
    if (after == storage::kLastId) return;
    const storage::IdRange range = reads.next(context.session(), after, storage::kRangeRows);
    after = range.last;
    ahead.push_back({range, &session, std::async(std::launch::async, [&read = reads.read, &session, range] {
                       storage::CountUnlocked(storage::Place::kReadAhead);
                       const auto since = Clock::now();
                       Chunk chunk = read(session, range);
                       return Read{std::move(chunk), Clock::now() - since};
                     })});
  };
  for (auto& session : sessions) {
    session = std::make_unique<storage::Session>(context.session().url());
    session->KeepFewPages();
    begin(*session);
  }
  while (!ahead.empty()) {
    Ahead first = std::move(ahead.front());
    ahead.pop_front();
    Read read = first.read.get();
    context.GiveWay(read.worked);
    begin(*first.session);
    if (!reads.take(read.chunk, first.range)) return false;
  }
  return true;
}

}  // namespace loyalty
