// What waits is limited twice, by its number and by its bytes, and nobody can have all of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>
#include <unordered_map>

namespace loyalty {

// Thread safe. Whoever enters leaves with the same bytes.
//
// A holder may have kTimesFree / kParts of what is free then (the "dynamic threshold" of switches: Choudhury and
// Hahne, 1998). So one alone has up to kTimesFree parts of kTimesFree + kParts, and several share alike without being
// counted: what they had when they were fewer, they do not get again when they have left it. Who has nothing finds
// room.
template <typename Holder, std::size_t kTimesFree, std::size_t kParts = 1>
class Room {
 public:
  struct Limit {
    std::size_t places;
    std::size_t bytes = std::numeric_limits<std::size_t>::max() / kTimesFree;
  };

  // A place and room for the bytes, or neither. `whole`: what there is; `most`: how much of it may be taken after this.
  bool Enter(const Holder& holder, std::size_t bytes, const Limit& most, const Limit& whole) {
    const std::lock_guard lock(mutex_);
    if (all_.places >= most.places || bytes > most.bytes || all_.bytes > most.bytes - bytes) return false;
    Limit& own = shares_.try_emplace(holder, Limit{0, 0}).first->second;
    const bool may = kParts * own.places <= kTimesFree * (whole.places - all_.places) &&
                     kParts * own.bytes <= kTimesFree * (whole.bytes - all_.bytes);
    if (may) {
      Add(own, bytes);
      Add(all_, bytes);
    } else if (own.places == 0) {
      shares_.erase(holder);
    }
    return may;
  }
  bool Enter(const Holder& holder, std::size_t bytes, const Limit& whole) { return Enter(holder, bytes, whole, whole); }
  void Leave(const Holder& holder, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    const auto own = shares_.find(holder);
    Take(own->second, bytes);
    Take(all_, bytes);
    if (own->second.places == 0) shares_.erase(own);
  }

  std::size_t places() const { return all().places; }
  std::size_t bytes() const { return all().bytes; }

 private:
  static void Add(Limit& share, std::size_t bytes) {
    ++share.places;
    share.bytes += bytes;
  }
  static void Take(Limit& share, std::size_t bytes) {
    --share.places;
    share.bytes -= bytes;
  }
  Limit all() const {
    const std::lock_guard lock(mutex_);
    return all_;
  }

  mutable std::mutex mutex_;  // guards what follows
  Limit all_{0, 0};
  std::unordered_map<Holder, Limit> shares_;  // of those who have something
};

// Of what principals wait for: one of them leaves a fifth to the others.
using WaitingRoom = Room<std::int64_t, 4>;

}  // namespace loyalty
