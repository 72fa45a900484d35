// The lifecycle of a customer as plain data: 5 stages, 14 segments, 6 lost stages, and the rules that a shop can set.
// After the customer lifecycle model of Exponea (now Bloomreach); its names are ours.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "retention/segment.h"

namespace loyalty::retention {

// Stored by number: never renumber.
enum class Stage : std::uint8_t {
  kNone = 0,  // not classified yet
  kAcquire = 1,
  kConvert = 2,
  kDevelop = 3,
  kRetain = 4,
  kReactivate = 5,
};
inline constexpr std::size_t kStages = 5;

// The eleven segments of RFM with their numbers, and three of members who have not bought. Stored by number.
enum class Segment : std::uint8_t {
  kNone = 0,
  kChampions = static_cast<int>(RfmSegment::kChampions),
  kLoyal = static_cast<int>(RfmSegment::kLoyal),
  kPotentialLoyalist = static_cast<int>(RfmSegment::kPotentialLoyalist),
  kNewCustomers = static_cast<int>(RfmSegment::kNewCustomers),
  kPromising = static_cast<int>(RfmSegment::kPromising),
  kNeedAttention = static_cast<int>(RfmSegment::kNeedAttention),
  kAboutToSleep = static_cast<int>(RfmSegment::kAboutToSleep),
  kAtRisk = static_cast<int>(RfmSegment::kAtRisk),
  kCannotLoseThem = static_cast<int>(RfmSegment::kCannotLoseThem),
  kHibernating = static_cast<int>(RfmSegment::kHibernating),
  kLost = static_cast<int>(RfmSegment::kLost),
  kProspect = 12,           // a card that nobody has given a name
  kRegistered = 13,         // enrolled, has not bought yet
  kDormantRegistrant = 14,  // enrolled for longer than LifecycleRules::dormant_after_days, and has not bought
};
inline constexpr std::size_t kLifecycleSegments = 14;

constexpr Segment ToSegment(RfmSegment segment) { return static_cast<Segment>(segment); }

// How far a lost customer had come. Stored by number: L1 to L6.
enum class LostStage : std::uint8_t {
  kNone = 0,
  kNeverBought = 1,    // a dormant registrant
  kOneTimeBuyer = 2,   // bought on one day only
  kEarlyRepeater = 3,  // fewer repeat purchase days than LifecycleRules::regular_repeats
  kRegular = 4,        // at least as many
  kLoyal = 5,          // had been in RETAIN
  kWrittenOff = 6,     // will hardly buy again, or has been silent for too long
};

// What decided the stage. Stored by number.
enum class LifecycleRule : std::uint8_t {
  kNone = 0,
  kNotBought = 1,  // no purchase yet
  kSegment = 2,    // the stage of the RFM segment
  kOverdue = 3,    // lapsed: longer silent than nearly all gaps of such a customer
  kAlive = 4,      // lapsed: probably gone for good
  kCeiling = 5,    // lapsed: silent for longer than the shop allows anybody
  kKept = 6,       // lapsed earlier, and has not bought since
  kSeason = 7,     // spared: a customer of one season, which has not passed again
};

// Ranges as in campaign_service.proto; shares in basis points.
struct LifecycleRules {
  int dormant_after_days = 30;
  // Lapsed: overdue F >= overdue, or P(alive) < alive; without a model, days since the last purchase in own mean gaps
  // >= overdue_ratio. Never before the floor, always from the ceiling on; both in days since the last purchase.
  int overdue = 9'000;
  int alive = 2'000;
  int overdue_ratio_percent = 200;
  int lapse_floor_days = 14;
  int lapse_ceiling_days = 400;
  int regular_repeats = 3;
  // Written off: P(buy within the own cycle) < written_off, or silent for this many days.
  int written_off = 200;
  int written_off_days = 730;
  int season_share = 8'000;
  // By segment - 1; none is kNone.
  std::array<Stage, kLifecycleSegments> stages = {
      Stage::kRetain,     Stage::kRetain,     Stage::kDevelop,    Stage::kConvert,    Stage::kConvert,
      Stage::kDevelop,    Stage::kReactivate, Stage::kReactivate, Stage::kReactivate, Stage::kReactivate,
      Stage::kReactivate, Stage::kAcquire,    Stage::kAcquire,    Stage::kAcquire};

  Stage StageOf(Segment segment) const { return stages[static_cast<std::size_t>(segment) - 1]; }
  friend bool operator==(const LifecycleRules&, const LifecycleRules&) = default;
};

// Where a member stands.
struct Standing {
  Stage stage = Stage::kNone;
  Segment segment = Segment::kNone;
  LostStage lost = LostStage::kNone;

  friend bool operator==(const Standing&, const Standing&) = default;
};

// REACTIVATE < ACQUIRE < CONVERT < DEVELOP < RETAIN.
enum class Direction : std::int8_t { kBackward = -1, kSame = 0, kForward = 1 };

// kSame within a stage, and from or to kNone.
Direction DirectionOf(Stage from, Stage to);

// As in the API and in JSON: "REACTIVATE", "AT_RISK", "L4"; empty for kNone.
std::string_view StageName(Stage stage);
std::string_view LifecycleSegmentName(Segment segment);
std::string_view LostStageName(LostStage lost);

}  // namespace loyalty::retention
