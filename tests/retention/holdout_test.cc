#include "retention/holdout.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <string>

#include "retention/distribution.h"

namespace loyalty::retention {
namespace {

constexpr std::uint32_t kTenPercent = 100'000;

struct Vector {
  std::string salt;
  std::string member_id;
  std::uint64_t hash;
  bool in_ten_percent;
};

// Computed with another implementation of SHA-256.
TEST(Holdout, HashVectors) {
  for (const Vector& vector : {Vector{"global-2026", "0001", 16209922905676035606U, false},
                               {"global-2026", "0002", 1020782227808697236U, true},
                               {"global-2026", "4711", 3427099694426282662U, false},
                               {"campaign:42", "0001", 7582191918338020159U, false},
                               {"campaign:42", "4711", 4326171016477600713U, false},
                               {"", "", 16693726192583184368U, false}}) {
    const std::uint64_t hash = HoldoutHash(vector.salt, vector.member_id);
    EXPECT_EQ(hash, vector.hash) << vector.salt << " " << vector.member_id;
    EXPECT_EQ(IsHeldOut(hash, kTenPercent), vector.in_ten_percent);
  }
}

TEST(Holdout, ShareIsComparedExactly) {
  constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();
  EXPECT_FALSE(IsHeldOut(0, 0));
  EXPECT_TRUE(IsHeldOut(0, 1));
  // floor(2^64 / 10) = 1844674407370955161
  EXPECT_TRUE(IsHeldOut(1844674407370955160U, kTenPercent));
  EXPECT_FALSE(IsHeldOut(1844674407370955161U, kTenPercent));
  EXPECT_TRUE(IsHeldOut((std::uint64_t{1} << 63) - 1, 500'000));
  EXPECT_FALSE(IsHeldOut(std::uint64_t{1} << 63, 500'000));
  EXPECT_FALSE(IsHeldOut(kLast, 999'999));
  EXPECT_TRUE(IsHeldOut(kLast, 1'000'000));
  EXPECT_TRUE(IsHeldOut(kLast, std::numeric_limits<std::uint32_t>::max()));
}

TEST(Holdout, MembersAreSpreadEvenlyAndSaltsAreIndependent) {
  constexpr int kMembers = 100'000;
  std::array<int, 100> bins{};
  int in_both = 0;
  for (int i = 0; i < kMembers; ++i) {
    const std::string id = std::to_string(i);
    const std::uint64_t hash = HoldoutHash("global-2026", id);
    ++bins[static_cast<std::size_t>((static_cast<unsigned __int128>(hash) * bins.size()) >> 64)];
    if (IsHeldOut(hash, kTenPercent) && IsHeldOut(HoldoutHash("campaign:42", id), kTenPercent)) ++in_both;
  }
  const double expected = static_cast<double>(kMembers) / bins.size();
  double chi_square = 0;
  for (const int count : bins) chi_square += (count - expected) * (count - expected) / expected;
  EXPECT_GT(ChiSquareTail(chi_square, 99), 0.001);
  EXPECT_NEAR(in_both, 1000, 100);  // 1 %, three standard deviations
}

}  // namespace
}  // namespace loyalty::retention
