// Sessions of operators at terminals: one begins when a PIN was right (PinTry), and ends.
#pragma once

#include <string>

#include "services/commands/operators.h"
#include "services/commands/place.h"

namespace loyalty {

struct SignOn {
  Place place;
  std::string terminal;  // its name
  std::int64_t operator_id = 0;
  std::string stored_pin;  // that was found right; another one since: no session begins
  std::string hash;        // of the session's token
  KeyId secret = 0;        // that the token was made with
};

struct SignOnDecision {
  Outcome outcome;
  std::string terminal;
  storage::OperatorRow row;
  Instant expire_time = 0;
  KeyId secret = 0;
};

void NeedsOf(const SignOn& command, const WorkingSet& set, const Rules& rules, Needs& needs);
Subjects SubjectsOf(const SignOn& command, const WorkingSet& set);
// Errors: kOperatorUnknownOrPinWrong (it was disabled, or has another PIN or store, meanwhile).
Result<SignOnDecision> Decide(Context& context, const SignOn& command);
ResultMessage ResultOf(const SignOnDecision& decision);

struct SignOff {
  Place place;
  std::int64_t operator_id = 0;
};

struct SignOffDecision {
  Outcome outcome;
  bool ended = false;
};

void NeedsOf(const SignOff& command, const WorkingSet& set, const Rules& rules, Needs& needs);
Subjects SubjectsOf(const SignOff& command, const WorkingSet& set);
Result<SignOffDecision> Decide(Context& context, const SignOff& command);
ResultMessage ResultOf(const SignOffDecision& decision);

}  // namespace loyalty
