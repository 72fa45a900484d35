// Members classified by the measure in force, in steps of the write path.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "services/jobs/job_context.h"

namespace loyalty {

// Where a classification stands.
struct ClassifyProgress {
  std::int64_t run_id = 0;  // of the measure; 0: it is not decided on yet
  bool everybody = false;   // else those whose day has come
  std::int64_t after = 0;   // of everybody: the last member that is done
};
// As it is kept with the job.
std::string TextOf(const ClassifyProgress& progress);
ClassifyProgress ProgressOf(const std::string& text);

// Goes through members from where `progress` says; answers how many the job has done. Nothing: stop, see
// JobContext::ended. Throws storage::Failure. A repeat is safe.
std::optional<std::int64_t> RunPass(JobContext& context, const ClassifyProgress& progress);

}  // namespace loyalty
