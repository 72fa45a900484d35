#include "retention/segment.h"

#include <array>

#include "retention/check.h"

namespace loyalty::retention {
namespace {

struct Codes {
  RfmSegment segment;
  std::string_view codes;  // recency, frequency, monetary
};

constexpr std::array kCodes = {
    Codes{RfmSegment::kChampions, "555 554 544 545 454 455 445"},
    Codes{RfmSegment::kLoyal, "543 444 435 355 354 345 344 335"},
    Codes{RfmSegment::kPotentialLoyalist,
          "553 551 552 541 542 533 532 531 452 451 442 441 431 453 433 432 423 353 352 351 342 341 333 323"},
    Codes{RfmSegment::kNewCustomers, "512 511 422 421 412 411 311"},
    Codes{RfmSegment::kPromising, "525 524 523 522 521 515 514 513 425 424 413 414 415 315 314 313"},
    Codes{RfmSegment::kNeedAttention, "535 534 443 434 343 334 325 324"},
    Codes{RfmSegment::kAboutToSleep, "331 321 312 221 213 231 241 251"},
    Codes{RfmSegment::kAtRisk,
          "255 254 245 244 253 252 243 242 235 234 225 224 153 152 145 143 142 135 134 133 125 124"},
    Codes{RfmSegment::kCannotLoseThem, "155 154 144 214 215 115 114 113"},
    Codes{RfmSegment::kHibernating, "332 322 233 232 223 222 132 123 122 212 211"},
    Codes{RfmSegment::kLost, "111 112 121 131 141 151"},
};

constexpr RfmSegment kNone = RfmSegment{0};

constexpr std::size_t Index(int recency, int frequency, int monetary) {
  return static_cast<std::size_t>(25 * (recency - 1) + 5 * (frequency - 1) + (monetary - 1));
}

struct Map {
  std::array<RfmSegment, 125> segments{};
  bool overlaps = false;
};

constexpr Map MakeMap() {
  Map map;
  for (const Codes& line : kCodes) {
    for (std::size_t at = 0; at < line.codes.size(); at += 4) {
      const auto index = Index(line.codes[at] - '0', line.codes[at + 1] - '0', line.codes[at + 2] - '0');
      if (map.segments[index] != kNone) map.overlaps = true;
      map.segments[index] = line.segment;
    }
  }
  return map;
}

constexpr bool IsComplete(const Map& map) {
  for (const RfmSegment segment : map.segments)
    if (segment == kNone) return false;
  return true;
}

constexpr Map kMap = MakeMap();
static_assert(IsComplete(kMap) && !kMap.overlaps, "each code of RFM belongs to exactly one segment");

constexpr bool IsScore(int score) { return score >= 1 && score <= 5; }

}  // namespace

RfmSegment SegmentOf(const RfmScores& scores) {
  Check(IsScore(scores.recency) && IsScore(scores.frequency) && IsScore(scores.monetary), "a score is 1 to 5");
  return kMap.segments[Index(scores.recency, scores.frequency, scores.monetary)];
}

std::string_view SegmentName(RfmSegment segment) {
  switch (segment) {
    case RfmSegment::kChampions: return "Champions";
    case RfmSegment::kLoyal: return "Loyal";
    case RfmSegment::kPotentialLoyalist: return "Potential Loyalist";
    case RfmSegment::kNewCustomers: return "New Customers";
    case RfmSegment::kPromising: return "Promising";
    case RfmSegment::kNeedAttention: return "Need Attention";
    case RfmSegment::kAboutToSleep: return "About To Sleep";
    case RfmSegment::kAtRisk: return "At Risk";
    case RfmSegment::kCannotLoseThem: return "Cannot Lose Them";
    case RfmSegment::kHibernating: return "Hibernating";
    case RfmSegment::kLost: return "Lost";
  }
  return {};
}

}  // namespace loyalty::retention
