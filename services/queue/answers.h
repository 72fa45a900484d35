// Gives answers, which takes as long as what a lane does for the commands: a thread of its own and the lane share those
// of a batch, and the lane goes on when all are taken. If it went on at once it would commit what few commands have
// come by then, and on SQLite lose more by small batches than it wins
// (docs/adr/0011-a-second-thread-helps-to-answer.md).
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace loyalty {

// Thread safe, but for Start and Stop.
class Answers {
 public:
  using Tell = std::function<void()>;

  // Begins the thread.
  void Start();
  // Takes what tells an answer: called once, by the thread or by whoever helps. What it throws goes to the log.
  void Put(Tell tell);
  // Gives answers until none waits.
  void Help();
  // Gives what it has, then ends. What is put later is not given.
  void Stop();

 private:
  void Run();
  // Empty: none waits; when `wait`, none will.
  Tell TakeOne(bool wait);

  std::mutex mutex_;  // guards the next three
  std::condition_variable wake_;
  std::deque<Tell> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace loyalty
