// A PIN that is to be looked at, counted before anybody looks: whoever asks at how many servers at once, no more than
// five are looked at until one was right. The fifth locks the operator beforehand, and unlocks it if it is right.
#pragma once

#include <string>

#include "services/commands/operators.h"

namespace loyalty {

struct PinTry {
  enum class Step : std::uint8_t {
    kTake,   // counts one; its result is what is stored of the PIN (StringValue), empty where there is no such operator
    kRight,  // the PIN was right: nothing is counted any more; its result is the operator (v1::Operator)
  };

  Step step = Step::kTake;
  std::int64_t operator_id = 0;
  std::int64_t store_id = 0;  // whose terminal asks
  std::string stored_pin;     // kRight: what it was compared with
};

struct PinTryDecision {
  Outcome outcome;
  bool found = false;
  PinTry::Step step = PinTry::Step::kTake;
  storage::OperatorRow row;  // where it was found
};

void NeedsOf(const PinTry& command, const WorkingSet& set, const Rules& rules, Needs& needs);
Subjects SubjectsOf(const PinTry& command, const WorkingSet& set);
// Errors: kOperatorLocked (metadata locked_until_time); kRight also kOperatorUnknownOrPinWrong: it was disabled, or has
// another PIN, since its try was counted.
Result<PinTryDecision> Decide(Context& context, const PinTry& command);
ResultMessage ResultOf(const PinTryDecision& decision);

// What is answered to whoever does not prove to be an operator of the store, whyever.
Error OperatorUnknownOrPinWrong();

}  // namespace loyalty
