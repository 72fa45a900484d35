#include "services/grpc/silent_streams.h"

#include <vector>

namespace loyalty {

SilentStreams::~SilentStreams() {
  looks_.Stop();
  for (const auto& [call, time] : opened_) grpc_call_unref(call);
}

void SilentStreams::Opened(grpc_call* call) {
  grpc_call_ref(call);
  const std::lock_guard lock(mutex_);
  opened_.emplace(call, clock_());
}

void SilentStreams::Heard(grpc_call* call) {
  {
    const std::lock_guard lock(mutex_);
    if (opened_.erase(call) == 0) return;
  }
  grpc_call_unref(call);
}

void SilentStreams::Look() {
  std::vector<grpc_call*> ended;
  {
    const std::lock_guard lock(mutex_);
    const Instant before = clock_() - kMax;
    for (auto stream = opened_.begin(); stream != opened_.end();) {
      if (stream->second > before) {
        ++stream;
        continue;
      }
      ended.push_back(stream->first);
      stream = opened_.erase(stream);
    }
  }
  // Without the lock: what ends a call may run its last reactions here, and they say Heard.
  for (grpc_call* call : ended) {
    grpc_call_cancel_with_status(call, GRPC_STATUS_DEADLINE_EXCEEDED,
                                 "nothing was said on this stream; open it when there is something to say", nullptr);
    grpc_call_unref(call);
  }
}

}  // namespace loyalty
