#include "domain/violations.h"

#include <utility>

namespace loyalty {

void Violations::Add(std::string field, std::string why) {
  if (other_) return;
  if (error_.violations.size() == kToldMax) {
    ++untold_;
    return;
  }
  if (error_.violations.empty()) error_.metadata["field"] = field;
  error_.message.append(error_.message.empty() ? "" : "; ").append(field).append(": ").append(why);
  error_.violations.push_back({std::move(field), std::move(why)});
}

void Violations::Take(const Error& error) {
  if (error.reason == Reason::kInvalidArgument && !error.violations.empty()) {
    for (const Violation& violation : error.violations) Add(violation.field, violation.why);
  } else if (!other_) {
    other_ = true;
    error_ = error;
  }
}

Status Violations::Done() const {
  if (empty()) return Ok{};
  Error error = error_;
  if (untold_ > 0) error.message.append("; and ").append(std::to_string(untold_)).append(" more");
  return error;
}

}  // namespace loyalty
