// How many calls may run at once, and how much memory their requests may take.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "services/queue/room.h"

namespace loyalty {

// Where a call comes from.
struct CallSource {
  std::string connection;      // as the transport names it
  std::string network;         // of the caller's address (NetworkOf)
  std::int64_t principal = 0;  // 0: it has no valid key
};

// gRPC's own limit of the streams of a connection holds only for clients that confirm it: who never does may begin any
// number of calls and leave their answers untaken, 15 kB each. Thread safe.
//
// Whoever has no valid key is counted apart, and takes no place of somebody who has one. There nobody may have more
// than is left to the others (Room), and a principal a third of it, a quarter of all: a stream costs 40 kB over TLS.
class CallLimits {
 public:
  // Tills have up to 64 calls under way at once.
  static constexpr int kPerConnectionMax = 128;
  // An address may be a store, or a proxy in front of all of them (unless it is known as one: --trusted-proxy): it gets
  // half, never all; and of that a key half.
  static constexpr int kPerAddressMax = 2'048;
  static constexpr int kMax = 4'096;
  // Without a key there are health checks, and refusals that are not yet taken. A network has 33 of these, and forty of
  // them leave some.
  static constexpr int kKeylessMax = 512;
  // Memory of large requests, from when they were read until their calls end. A message may have a megabyte, so that
  // all of these calls together could take some gigabytes.
  static constexpr std::size_t kBytesPerConnectionMax = 8 << 20;
  static constexpr std::size_t kBytesPerAddressMax = 32 << 20;
  static constexpr std::size_t kBytesMax = 64 << 20;

  // A call begins, and End follows. False: one too many, it does not count and has no End.
  bool Begin(const CallSource& source);
  void End(const CallSource& source);

  // A call that has begun keeps a request of so much memory, and Release follows. False: it does not fit, it does not
  // count and has no Release.
  bool Hold(const CallSource& source, std::size_t bytes);
  void Release(const CallSource& source, std::size_t bytes);
  // Of all that is held.
  std::size_t bytes() const { return held_.bytes(); }

 private:
  struct Connection {
    int calls = 0;
    std::size_t bytes = 0;
  };
  struct Address {
    Room<std::int64_t, 1> calls;  // by principal
    std::size_t bytes = 0;
  };

  // Forgets those who have nothing.
  void Forget(const CallSource& source);

  std::mutex mutex_;  // guards the next two
  std::unordered_map<std::string, Connection> connections_;
  std::unordered_map<std::string, Address> addresses_;  // by network; of calls with a key
  Room<std::int64_t, 1, 3> calls_;                      // by principal
  Room<std::int64_t, 1> held_;                          // large requests, by principal
  Room<std::string, 1, 15> keyless_;                    // by network
};

}  // namespace loyalty
