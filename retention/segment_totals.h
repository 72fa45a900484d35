// What the members of each RFM segment come to.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "retention/rfm.h"
#include "retention/segment.h"

namespace loyalty::retention {

inline constexpr std::size_t kSegments = 11;

struct SegmentTotal {
  std::int64_t members = 0;
  std::int64_t spend_minor = 0;

  friend bool operator==(const SegmentTotal&, const SegmentTotal&) = default;
};
using SegmentTotals = std::array<SegmentTotal, kSegments>;

constexpr RfmSegment SegmentAt(std::size_t index) { return static_cast<RfmSegment>(index + 1); }

// A sum of money that leaves 64 bits stays at their end.
std::int64_t SaturatingSum(std::int64_t a, std::int64_t b);

// By SegmentAt. A sum of money that leaves 64 bits stays at their end.
SegmentTotals TotalsOf(std::span<const RfmValues> customers, const RfmCutPoints& cut_points);

}  // namespace loyalty::retention
