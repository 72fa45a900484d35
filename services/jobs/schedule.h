// When the server starts jobs by itself.
#pragma once

#include <optional>
#include <string>

#include "domain/time.h"
#include "services/catalogue/retention_plan.h"

namespace loyalty {

// The last time at or before `now` at which the plan wants a classification, or a fit; nothing when it never does.
std::optional<Instant> LastClassification(const RetentionPlan& plan, Instant now, const absl::TimeZone& zone);
std::optional<Instant> LastFit(const RetentionPlan& plan, Instant now, const absl::TimeZone& zone);

}  // namespace loyalty
