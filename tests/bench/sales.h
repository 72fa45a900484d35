// Sales of a program over days, one after the other.
#pragma once

#include <cstdint>
#include <random>

#include "tests/bench/write_path.h"

namespace loyalty::test {

// As our clients make them: with the time in front (UUIDv7); as others may: random (UUIDv4).
enum class RequestIds : std::uint8_t { kByTime, kRandom };

class Sales {
 public:
  static constexpr int kTerminals = 40;

  // At terminals T1 to Tn of store S1, from now on. The first `members` sales are of one member each, those behind them
  // of any.
  Sales(const WritePath& path, std::int64_t members, RequestIds ids);

  struct Batch {
    std::vector<Command> commands;
    Instant now = 0;  // when they are written
  };
  Batch Next(std::int64_t count);

 private:
  Command NextOne();

  const WritePath& path_;
  std::int64_t members_;
  RequestIds ids_;
  std::mt19937_64 random_;
  std::uint64_t number_ = 0;
  Instant now_;
};

}  // namespace loyalty::test
