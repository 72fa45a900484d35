// What a catalogue says of retention, between wire and memory.
#pragma once

#include "domain/result.h"
#include "loyalty/v1/campaign_service.pb.h"
#include "services/catalogue/retention_plan.h"

namespace loyalty {

// Errors: kInvalidArgument with the path of the first field that breaks its rule.
Result<RetentionPlan> ToRetentionPlan(const v1::RetentionRules& rules);

// With every field set, as runs store them; the way back takes what ToRetentionPlan takes.
v1::LifecycleRules FromLifecycleRules(const retention::LifecycleRules& rules);

}  // namespace loyalty
