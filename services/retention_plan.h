// What a catalogue says of retention: rules of the lifecycle, who is worth a contact, who is held out, when to work.
#pragma once

#include <array>
#include <string>

#include "domain/result.h"
#include "loyalty/v1/campaign_service.pb.h"
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

// Errors: kInvalidArgument with the path of the first field that breaks its rule.
Result<RetentionPlan> ToRetentionPlan(const v1::RetentionRules& rules);

// With every field set, as runs store them; the way back takes what ToRetentionPlan takes.
v1::LifecycleRules FromLifecycleRules(const retention::LifecycleRules& rules);

}  // namespace loyalty
