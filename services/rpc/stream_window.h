// How many requests of a stream are in work, in which order their answers go out, and when the stream ends: no
// transport in it.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <utility>

#include "storage/planted.h"

namespace loyalty {

// Thread safe. It decides under its lock, and whoever asked does what it says without one. Two things are one thread's
// at a time, and whoever is handed one also has what an earlier owner did with it: the reading side, which begins with
// whoever reads the first request and is given up by MayRead and by Close, and the writing side, which begins with a
// Turn that says `write` and ends with its Written.
template <typename Answer>
class StreamWindow {
 public:
  enum class Then : std::uint8_t {
    kNothing,
    kReadOn,  // the reading side is the caller's
    kFinish,  // comes once, and nothing comes after it: the window may be gone before this turn is read
  };
  // What is to be done, in this order.
  struct Turn {
    const Answer* write = nullptr;  // stays until Written; nothing: no answer waits, or another one is being written
    Then then = Then::kNothing;
  };

  // `most`: requests in work at once, at least 1.
  explicit StreamWindow(int most) : most_(most) {}

  // A request was read: it is in work until its answer is written. By the reading side, like the next two.
  void Begin() {
    const std::lock_guard lock(mutex_);
    ++in_work_;
  }

  // Whether the next request may be read. False: the window is full, the reading side is given up.
  bool MayRead() {
    const std::lock_guard lock(mutex_);
    paused_ = in_work_ >= most_;
    return !paused_;
  }

  // No request comes any more.
  Turn Close() {
    return Change([this] { closed_ = true; });
  }

  // Whether nothing of the stream is on its way beside the request that was read last.
  bool IsAlone() {
    const std::lock_guard lock(mutex_);
    return in_work_ <= 1;
  }

  // The answer of a request that is in work; they are written in the order in which they come here.
  Turn Put(Answer answer) {
    storage::CountUnlocked(storage::Place::kStreamWindow);
    return Change([this, &answer] { answers_.push_back(std::move(answer)); });
  }

  // The answer that was to be written is. `ok` false: nobody listens any more, and what waits or comes is dropped.
  Turn Written(bool ok) {
    return Change([this, ok] {
      writing_ = false;
      broken_ = broken_ || !ok;
      answers_.pop_front();
      --in_work_;
    });
  }

 private:
  template <typename Body>
  Turn Change(Body body) {
    const std::lock_guard lock(mutex_);
    const int before = in_work_;
    body();
    Turn turn{NextAnswer()};
    // While reading is paused nothing finishes: there is a request that has not been handed on.
    if (paused_ && in_work_ < before) {
      paused_ = false;
      turn.then = Then::kReadOn;
    } else if (closed_ && in_work_ == 0 && !finished_) {
      finished_ = true;
      turn.then = Then::kFinish;
    }
    return turn;
  }

  const Answer* NextAnswer() {
    if (writing_) return nullptr;
    if (broken_) {
      in_work_ -= static_cast<int>(answers_.size());
      answers_.clear();
    }
    if (answers_.empty()) return nullptr;
    writing_ = true;
    return &answers_.front();
  }

  const int most_;
  std::mutex mutex_;            // guards everything below
  std::deque<Answer> answers_;  // the front one is being written while writing_
  int in_work_ = 0;             // read, and the answer not yet written
  bool paused_ = false;         // nobody has the reading side
  bool writing_ = false;
  bool closed_ = false;
  bool broken_ = false;
  bool finished_ = false;
};

}  // namespace loyalty
