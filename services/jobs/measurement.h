// What all members are measured by anew: cut points and, where no fit is stored, models of what they have bought.
#pragma once

#include <optional>

#include "loyalty/v1/retention_service.pb.h"
#include "services/jobs/job_context.h"

namespace loyalty {

// Reads everybody's statistics and makes a measure of them. Nothing: stop, see JobContext::ended. Throws
// storage::Failure. Memory: about 40 bytes a member, 8 where a fit is stored.
std::optional<v1::MeasureRun> MakeMeasure(JobContext& context);

// True when what the measure in force was made of has changed since.
bool IsOutdated(JobContext& context, const LifecycleMeasure& measure);

}  // namespace loyalty
