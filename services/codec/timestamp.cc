#include "services/codec/timestamp.h"

#include <algorithm>

namespace loyalty {

Instant ToInstant(const google::protobuf::Timestamp& timestamp) {
  constexpr std::int64_t kFirst = -62'135'596'800;  // 0001-01-01
  constexpr std::int64_t kLast = 253'402'300'799;   // 9999-12-31
  return std::clamp(timestamp.seconds(), kFirst, kLast) * kSecond +
         std::clamp(timestamp.nanos(), 0, 999'999'999) / 1'000;
}

google::protobuf::Timestamp ToTimestamp(Instant at) {
  google::protobuf::Timestamp timestamp;
  std::int64_t seconds = at / kSecond;
  std::int64_t rest = at % kSecond;
  if (rest < 0) {
    rest += kSecond;
    --seconds;
  }
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(static_cast<std::int32_t>(rest * 1'000));
  return timestamp;
}

}  // namespace loyalty
