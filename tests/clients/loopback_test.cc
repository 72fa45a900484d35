#include "clients/loopback.h"

#include <gtest/gtest.h>

namespace loyalty::client {
namespace {

TEST(Loopback, IsKnownInEveryWayToWriteIt) {
  for (const char* server :
       {"localhost:50051", "LocalHost:1", "localhost", "127.0.0.1:50051", "127.8.9.10:1", "[::1]:50051", "::1",
        "[::ffff:127.0.0.1]:1", "dns:localhost:1", "dns:///127.0.0.1:1", "dns://192.0.2.1/localhost:1",
        "ipv4:127.0.0.1:1", "ipv6:[::1]:1", "unix:/run/loyaltyd.sock", "unix:///run/loyaltyd.sock", "unix-abstract:x"})
    EXPECT_TRUE(IsOnLoopback(server)) << server;
}

TEST(Loopback, IsNothingThatMerelyLooksLikeIt) {
  for (const char* server : {"", ":50051", "db.example:50051", "127.example.com:1", "localhost.example.com:1",
                             "128.0.0.1:1", "10.127.0.1:1", "[::2]:1", "[::ffff:10.0.0.1]:1", "dns:///db.example:1",
                             "dns://127.0.0.1/db.example:1", "dns://127.0.0.1", "ipv4:192.0.2.1:1"})
    EXPECT_FALSE(IsOnLoopback(server)) << server;
}

}  // namespace
}  // namespace loyalty::client
