// What waits is limited twice: by its number and by its bytes.
#pragma once

#include <atomic>
#include <cstddef>

namespace loyalty {

// Thread safe. Whoever enters leaves with the same bytes. Of several who come at the same time all may be turned away
// where some would have fitted.
class Room {
 public:
  struct Limit {
    std::size_t places;
    std::size_t bytes;
  };

  // A place and room for the bytes, or neither.
  bool Enter(std::size_t bytes, const Limit& limit) {
    const bool has_place = places_.fetch_add(1) < limit.places;
    const bool has_bytes = bytes_.fetch_add(bytes) + bytes <= limit.bytes;
    if (!has_place || !has_bytes) Leave(bytes);
    return has_place && has_bytes;
  }
  void Leave(std::size_t bytes) {
    --places_;
    bytes_ -= bytes;
  }

  std::size_t places() const { return places_; }
  std::size_t bytes() const { return bytes_; }

 private:
  std::atomic<std::size_t> places_{0};
  std::atomic<std::size_t> bytes_{0};
};

}  // namespace loyalty
