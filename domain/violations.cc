#include "domain/violations.h"

#include <utility>

namespace loyalty {

void Violations::Add(std::string field, std::string why) {
  if (other_) return;
  const std::size_t bytes = field.size() + why.size();
  const bool is_first = error_.violations.empty();
  if (!is_first && (error_.violations.size() == kToldMax || told_bytes_ + bytes > kToldBytesMax)) {
    ++untold_;
    return;
  }
  told_bytes_ += bytes;
  if (is_first) error_.metadata["field"] = field;
  if (error_.violations.size() < kSaidMax)
    error_.message.append(is_first ? "" : "; ").append(field).append(": ").append(why);
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
  const std::size_t told = error_.violations.size();
  const std::size_t more = untold_ + (other_ || told < kSaidMax ? 0 : told - kSaidMax);
  if (more > 0) error.message.append("; and ").append(std::to_string(more)).append(" more");
  return error;
}

}  // namespace loyalty
