// Random decisions of a mutator: the same for a seed, on every machine.
#pragma once

#include <cstdint>

namespace loyalty::fuzz {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}

  std::uint64_t Bits() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  // 0 to end - 1.
  std::size_t Below(std::size_t end) { return static_cast<std::size_t>(Bits() % end); }
  bool OneIn(std::size_t n) { return Below(n) == 0; }
  template <typename List>
  const auto& OneOf(const List& list) {
    return list[Below(std::size(list))];
  }

 private:
  std::uint64_t state_;
};

}  // namespace loyalty::fuzz
