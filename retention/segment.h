// The eleven RFM segments: each of the 125 codes of three scores belongs to exactly one.
#pragma once

#include <cstdint>
#include <string_view>

#include "retention/rfm.h"

namespace loyalty::retention {

// Stored by number: never renumber.
enum class RfmSegment : std::uint8_t {
  kChampions = 1,
  kLoyal = 2,
  kPotentialLoyalist = 3,
  kNewCustomers = 4,
  kPromising = 5,
  kNeedAttention = 6,
  kAboutToSleep = 7,
  kAtRisk = 8,
  kCannotLoseThem = 9,
  kHibernating = 10,
  kLost = 11,
};

// The segment of scores from 1 to 5 each. The map is the published one of the Squeezely and Spotler RFM documentation.
RfmSegment SegmentOf(const RfmScores& scores);

// The English name, as in "Potential Loyalist"; empty for a number that is no segment.
std::string_view SegmentName(RfmSegment segment);

}  // namespace loyalty::retention
