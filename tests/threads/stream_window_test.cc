#include "services/rpc/stream_window.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "tests/threads/callers.h"

namespace loyalty {
namespace {

using test::kCallers;
using Window = StreamWindow<int>;

constexpr int kStreams = 60;
constexpr int kRequests = 2'000;
constexpr int kWindow = 16;

// Requests that were read and have no answer yet.
class Work {
 public:
  void Put(int request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    wake_.notify_one();
  }
  void Stop() {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }
  // Nothing: stopped.
  std::optional<int> Take() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return stopping_ || !requests_.empty(); });
    if (requests_.empty()) return std::nullopt;
    const int request = requests_.front();
    requests_.pop_front();
    return request;
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<int> requests_;
  bool stopping_ = false;
};

// A stream whose transport takes no time. What its two sides have is plain: the window says whose it is.
class FastStream {
 public:
  // Somebody listens to the first `listens` answers.
  FastStream(Work& work, std::size_t listens) : work_(work), listens_(listens) {}

  // With the reading side.
  void ReadOn() {
    while (window_.MayRead()) {
      if (read_ == kRequests) return Do(window_.Close());
      window_.Begin();
      const int request = read_++;
      if (listens_ == kRequests) {
        EXPECT_LE(read_ - written_count_.load(std::memory_order_relaxed), kWindow);
      }
      work_.Put(request);
    }
  }

  void Answer(int request) { Do(window_.Put(request)); }

  // When all threads are gone: what was written, in this order, and how often the stream finished.
  const std::vector<int>& written() const { return written_; }
  int finished() const { return finished_; }

 private:
  void Do(Window::Turn turn) {
    for (;; turn = window_.Written(written_.size() <= listens_)) {
      const bool writes = turn.write != nullptr;
      if (writes) {
        written_.push_back(*turn.write);
        written_count_.fetch_add(1, std::memory_order_relaxed);
      }
      switch (turn.then) {
        case Window::Then::kNothing: break;
        case Window::Then::kReadOn: ReadOn(); break;
        case Window::Then::kFinish: ++finished_; work_.Stop();
      }
      if (!writes) return;
    }
  }

  Work& work_;
  const std::size_t listens_;
  Window window_{kWindow};
  // Of the reading side.
  int read_ = 0;
  // Of the writing side.
  std::vector<int> written_;
  std::atomic<int> written_count_{0};  // relaxed: it orders nothing
  int finished_ = 0;
};

// All requests in, answered by eight lanes; what each of them has answered.
std::vector<std::vector<int>> AnswerAll(FastStream& stream, Work& work) {
  std::vector<std::vector<int>> answered(kCallers);
  test::AllAtOnce(
      [&](int lane) {
        if (lane == kCallers) return stream.ReadOn();
        while (const auto request = work.Take()) {
          answered[static_cast<std::size_t>(lane)].push_back(*request);
          stream.Answer(*request);
        }
      },
      kCallers + 1);
  return answered;
}

TEST(StreamWindowThreads, EachRequestIsAnsweredOnceAndThoseOfALaneInTheirOrder) {
  for (int round = 0; round < kStreams; ++round) {
    Work work;
    FastStream stream(work, kRequests);
    const auto answered = AnswerAll(stream, work);
    ASSERT_EQ(stream.finished(), 1);
    ASSERT_EQ(stream.written().size(), kRequests);
    std::vector<std::size_t> place(kRequests, kRequests);
    for (std::size_t i = 0; i < stream.written().size(); ++i)
      place.at(static_cast<std::size_t>(stream.written()[i])) = i;
    ASSERT_EQ(std::count(place.begin(), place.end(), kRequests), 0) << "a request was not answered";
    for (const auto& of_lane : answered)
      ASSERT_TRUE(std::is_sorted(of_lane.begin(), of_lane.end(), [&](int left, int right) {
        return place[static_cast<std::size_t>(left)] < place[static_cast<std::size_t>(right)];
      })) << "the answers of a lane are not in its order";
  }
}

TEST(StreamWindowThreads, WhereNobodyListensAnyMoreTheStreamEndsAllTheSame) {
  for (int round = 0; round < kStreams; ++round) {
    Work work;
    FastStream stream(work, static_cast<std::size_t>(round) * 7);
    std::size_t answered = 0;
    for (const auto& of_lane : AnswerAll(stream, work)) answered += of_lane.size();
    ASSERT_EQ(answered, kRequests);
    ASSERT_EQ(stream.finished(), 1);
    ASSERT_EQ(stream.written().size(), static_cast<std::size_t>(round) * 7 + 1);
  }
}

}  // namespace
}  // namespace loyalty
