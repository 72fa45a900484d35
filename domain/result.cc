#include "domain/result.h"

namespace loyalty {

Error InvalidField(std::string field, std::string why) {
  Error error{Reason::kInvalidArgument, field + ": " + why, {{"field", field}}};
  error.violations.push_back({std::move(field), std::move(why)});
  return error;
}

}  // namespace loyalty
