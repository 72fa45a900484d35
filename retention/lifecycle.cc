#include "retention/lifecycle.h"

namespace loyalty::retention {
namespace {

int RankOf(Stage stage) { return stage == Stage::kReactivate ? 0 : static_cast<int>(stage); }

}  // namespace

Direction DirectionOf(Stage from, Stage to) {
  if (from == to || from == Stage::kNone || to == Stage::kNone) return Direction::kSame;
  return RankOf(from) < RankOf(to) ? Direction::kForward : Direction::kBackward;
}

std::string_view StageName(Stage stage) {
  switch (stage) {
    case Stage::kNone: return "";
    case Stage::kAcquire: return "ACQUIRE";
    case Stage::kConvert: return "CONVERT";
    case Stage::kDevelop: return "DEVELOP";
    case Stage::kRetain: return "RETAIN";
    case Stage::kReactivate: return "REACTIVATE";
  }
  return "";
}

std::string_view LifecycleSegmentName(Segment segment) {
  switch (segment) {
    case Segment::kNone: return "";
    case Segment::kChampions: return "CHAMPIONS";
    case Segment::kLoyal: return "LOYAL";
    case Segment::kPotentialLoyalist: return "POTENTIAL_LOYALIST";
    case Segment::kNewCustomers: return "NEW_CUSTOMERS";
    case Segment::kPromising: return "PROMISING";
    case Segment::kNeedAttention: return "NEED_ATTENTION";
    case Segment::kAboutToSleep: return "ABOUT_TO_SLEEP";
    case Segment::kAtRisk: return "AT_RISK";
    case Segment::kCannotLoseThem: return "CANNOT_LOSE_THEM";
    case Segment::kHibernating: return "HIBERNATING";
    case Segment::kLost: return "LOST";
    case Segment::kProspect: return "PROSPECT";
    case Segment::kRegistered: return "REGISTERED";
    case Segment::kDormantRegistrant: return "DORMANT_REGISTRANT";
  }
  return "";
}

std::string_view LostStageName(LostStage lost) {
  constexpr std::array<std::string_view, 7> kNames = {"", "L1", "L2", "L3", "L4", "L5", "L6"};
  return static_cast<std::size_t>(lost) < kNames.size() ? kNames[static_cast<std::size_t>(lost)] : "";
}

}  // namespace loyalty::retention
