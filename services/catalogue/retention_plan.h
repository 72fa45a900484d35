// What a catalogue says of retention: rules of the lifecycle, who is worth a contact, who is held out, when to work.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "retention/lifecycle.h"

namespace loyalty {

struct RetentionPlan {
  retention::LifecycleRules rules;
  std::array<std::string, retention::kLifecycleSegments> suggestions;  // by segment - 1; empty: the built-in text
  int margin = 3'000;                                                  // basis points
  std::int64_t contact_cost_minor = 100;
  int offer_days = 30;
  std::string holdout_salt;   // empty: nobody is held out
  int holdout_share = 0;      // basis points
  int classify_minute = 180;  // of the day; -1: never
  int fit_weekday = 1;        // 1 Monday; 0: never
  int fit_minute = 120;
};

}  // namespace loyalty
