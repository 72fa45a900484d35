#include "clients/timestamps.h"

#include <chrono>

#include "google/protobuf/descriptor.h"

namespace loyalty::client {

Instant Now() {
  using std::chrono::microseconds;
  return std::chrono::duration_cast<microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

void SetTime(Instant at, google::protobuf::Timestamp& time) {
  const Instant below_second = (at % kSecond + kSecond) % kSecond;  // never negative, also before 1970
  time.set_seconds((at - below_second) / kSecond);
  time.set_nanos(static_cast<std::int32_t>(below_second * 1000));
}

Instant InstantOf(const google::protobuf::Timestamp& time) { return time.seconds() * kSecond + time.nanos() / 1000; }

void SetNotAfter(Instant at, google::protobuf::Message& request) {
  const auto* field = request.GetDescriptor()->FindFieldByName("not_after");
  if (field == nullptr) return;
  google::protobuf::Timestamp time;
  SetTime(at, time);
  request.GetReflection()->MutableMessage(&request, field)->CopyFrom(time);
}

}  // namespace loyalty::client
