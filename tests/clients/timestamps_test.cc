#include "clients/timestamps.h"

#include <gtest/gtest.h>

#include "loyalty/v1/admin_service.pb.h"
#include "loyalty/v1/terminal_service.pb.h"

namespace loyalty::client {
namespace {

TEST(Timestamps, AnInstantComesBackAsItWas) {
  for (const Instant at :
       {Instant{0}, Instant{1}, 1'700'000'000 * kSecond + 123'456, -kSecond, -kSecond - 1, Instant{-1}}) {
    google::protobuf::Timestamp time;
    SetTime(at, time);
    EXPECT_GE(time.nanos(), 0) << at;
    EXPECT_EQ(InstantOf(time), at);
  }
}

TEST(NotAfter, IsSetWhereARequestHasIt) {
  v1::ScanRequest scan;
  SetNotAfter(5 * kSecond, scan);
  EXPECT_EQ(scan.not_after().seconds(), 5);
  SetNotAfter(7 * kSecond, scan);
  EXPECT_EQ(scan.not_after().seconds(), 7) << "a command that runs again is good for as long as a new one";
  v1::CreateStoreRequest store;
  SetNotAfter(5 * kSecond, store);
  EXPECT_EQ(store.ByteSizeLong(), 0U);
}

}  // namespace
}  // namespace loyalty::client
