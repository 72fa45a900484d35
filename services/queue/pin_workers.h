// The thread that looks at PINs: each takes 16 MiB and time on purpose, which neither a lane nor a thread of gRPC
// may lose, and of which only so many may wait.
#pragma once

#include <functional>
#include <memory>

#include "services/queue/room.h"

namespace boost::asio {
class thread_pool;
}

namespace loyalty {

// Beyond it whoever comes is refused: the last of them would wait for five seconds. Nobody has more than four times
// what is left to the others (WaitingRoom).
inline constexpr std::size_t kPinsMax = 100;

// Thread safe.
class PinWorkers {
 public:
  // One of the places; it is given back when nobody holds it any more.
  class Place {
   public:
    Place(PinWorkers& workers, std::int64_t principal) : workers_(workers), principal_(principal) {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() { workers_.room_.Leave(principal_, 0); }

    // Runs it on the thread, when those before it are done.
    void Run(std::function<void()> work);

   private:
    PinWorkers& workers_;
    std::int64_t principal_;
  };

  // `threaded` false (fuzzers): Run runs it at once.
  explicit PinWorkers(bool threaded = true);
  // What waits still runs.
  ~PinWorkers();

  // Taken before a try is counted, so that no counted one is refused. nullptr: there is none.
  std::shared_ptr<Place> Enter(std::int64_t principal);

 private:
  WaitingRoom room_;
  std::unique_ptr<boost::asio::thread_pool> thread_;
};

}  // namespace loyalty
