// How many calls may run at once, and how much memory their requests may take.
#pragma once

#include <mutex>
#include <string>
#include <unordered_map>

namespace loyalty {

// gRPC's own limit of the streams of a connection holds only for clients that confirm it: who never does may begin any
// number of calls and leave their answers untaken, 15 kB each. Thread safe.
class CallLimits {
 public:
  // Tills have up to 64 calls under way at once.
  static constexpr int kPerConnectionMax = 128;
  // An address may be a store, or a proxy in front of all of them: it gets half, never all.
  static constexpr int kPerAddressMax = 2'048;
  static constexpr int kMax = 4'096;
  // Memory of large requests, from when they were read until their calls end. A message may have a megabyte, so that
  // all of these calls together could take some gigabytes.
  static constexpr std::size_t kBytesPerConnectionMax = 8 << 20;
  static constexpr std::size_t kBytesPerAddressMax = 32 << 20;
  static constexpr std::size_t kBytesMax = 64 << 20;

  // A call begins, and End follows. `peer`: as gRPC names it, ipv4:ADDRESS:PORT. False: one too many, it does not count
  // and has no End.
  bool Begin(const std::string& peer);
  void End(const std::string& peer);

  // A call that has begun keeps a request of so much memory, and Release follows. False: it does not fit, it does not
  // count and has no Release.
  bool Hold(const std::string& peer, std::size_t bytes);
  void Release(const std::string& peer, std::size_t bytes);
  // Of all that is held.
  std::size_t bytes() const;

 private:
  struct Share {
    int calls = 0;
    std::size_t bytes = 0;
  };

  void ForgetEmpty(const std::string& peer);

  mutable std::mutex mutex_;
  std::unordered_map<std::string, Share> shares_;  // of a connection and of an address; "": of all
};

}  // namespace loyalty
