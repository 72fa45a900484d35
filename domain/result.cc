#include "domain/result.h"

namespace loyalty {

Error InvalidField(std::string field, std::string why) {
  return Error{Reason::kInvalidArgument, field + ": " + why, {{"field", field}}};
}

}  // namespace loyalty
