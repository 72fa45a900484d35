#include "services/queue/pin_workers.h"

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

namespace loyalty {

PinWorkers::PinWorkers(bool threaded) {
  if (threaded) thread_ = std::make_unique<boost::asio::thread_pool>(1);
}

PinWorkers::~PinWorkers() {
  if (thread_) thread_->join();
}

std::shared_ptr<PinWorkers::Place> PinWorkers::Enter(std::int64_t principal) {
  if (!room_.Enter(principal, 0, {kPinsMax})) return nullptr;
  return std::make_shared<Place>(*this, principal);
}

void PinWorkers::Place::Run(std::function<void()> work) {
  if (workers_.thread_) {
    boost::asio::post(*workers_.thread_, std::move(work));
  } else {
    work();
  }
}

}  // namespace loyalty
