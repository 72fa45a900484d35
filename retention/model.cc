#include "retention/model.h"

#include <cmath>
#include <initializer_list>

namespace loyalty::retention {

Model InUnit(const Model& model, double days_per_unit) {
  Model converted = model;
  converted.alpha = AlphaDays(model) / days_per_unit;
  converted.days_per_unit = days_per_unit;
  return converted;
}

bool IsValid(const Model& model) {
  for (const double value : {model.r, model.alpha, model.a, model.b, model.days_per_unit})
    if (!std::isfinite(value) || value <= 0) return false;
  return model.k == 1 || (model.kind == ModelKind::kMbgCnbd && model.k >= 1 && model.k <= kStagesMax);
}

}  // namespace loyalty::retention
