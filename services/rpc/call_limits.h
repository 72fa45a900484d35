// How many calls may run at once.
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

  // A call begins, and End follows. `peer`: as gRPC names it, ipv4:ADDRESS:PORT. False: one too many, it does not count
  // and has no End.
  bool Begin(const std::string& peer);
  void End(const std::string& peer);

 private:
  void ForgetEmpty(const std::string& peer);

  std::mutex mutex_;
  std::unordered_map<std::string, int> calls_;  // by connection and by address; "" counts all
};

}  // namespace loyalty
