// Measures between wire and memory.
#pragma once

#include <memory>
#include <string>

#include "domain/result.h"
#include "loyalty/v1/retention_service.pb.h"
#include "services/catalogue/measure.h"

namespace loyalty {

// Errors: kInternal (a newer server wrote it).
Result<std::shared_ptr<const LifecycleMeasure>> ToMeasure(std::int64_t run_id, const v1::MeasureRun& run);
// From the text of a run as it is stored. Errors: as above.
Result<std::shared_ptr<const LifecycleMeasure>> ParseMeasure(std::int64_t run_id, const std::string& text);

}  // namespace loyalty
