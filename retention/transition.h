// The standing of a member as it is kept, and how it moves: by receipts, by time, by a new measure.
#pragma once

#include <vector>

#include "retention/judge.h"

namespace loyalty::retention {

// Why a member moved. Stored by number.
enum class Cause : std::uint8_t {
  kReceipt = 1,
  kTimer = 2,   // nothing happened for long enough
  kRefit = 3,   // measured anew: new cut points, another model, other rules. No behaviour of the member
  kManual = 4,  // enrolled by hand
  kMerge = 5,   // became one with another member
};

// What is kept of a member. standing.stage kNone: not classified yet.
struct LifecycleState {
  Standing standing;
  LifecycleRule rule = LifecycleRule::kNone;  // that led to the standing
  Day since_day = 0;                          // of the standing
  // The standing does not change before this day, unless something happens: a bound that is never late, so that whoever
  // looks at the members whose day has come finds everybody. 0: look at once.
  Day due_day = 0;
  bool retained = false;  // has been in RETAIN

  friend bool operator==(const LifecycleState&, const LifecycleState&) = default;
};

struct Transition {
  Standing from;
  Standing to;
  Day day = 0;
  Cause cause = Cause::kReceipt;
  LifecycleRule rule = LifecycleRule::kNone;

  Direction direction() const { return DirectionOf(from.stage, to.stage); }
  friend bool operator==(const Transition&, const Transition&) = default;
};

// Brings a classified state to `day` with one transition for each change on its own day, however late this is called.
// facts.retained is taken from the state. Without effect before due_day, so that it may be called again.
void AdvanceTo(const Judge& judge, Facts facts, Day day, LifecycleState& state, std::vector<Transition>& out);

// Classifies anew on `day`, after AdvanceTo the same day. `bought`: the last purchase day is a later one than when the
// state was last classified, which ends a lapse. One transition when the standing changed; else nothing but due_day can
// change, and that only when it would be too late. A first classification is a transition from kNone.
void Reclassify(const Judge& judge, Facts facts, Day day, Cause cause, bool bought, LifecycleState& state,
                std::vector<Transition>& out);

}  // namespace loyalty::retention
