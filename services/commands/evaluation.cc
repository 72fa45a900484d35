#include "services/commands/evaluation.h"

#include "domain/json_writer.h"

namespace loyalty {

std::string EvaluationText(const CatalogueVersion& catalogue, const Earned& earned, Points desired, Limit limit,
                           std::int64_t purchase_days) {
  JsonWriter json;
  json.BeginObject(JsonLayout::kDense);
  json.Add("catalogue", catalogue.version).Add("purchaseDays", purchase_days);
  json.Name("rules").BeginList();
  json.BeginObject();
  json.Add("rule", "base").Add("basis", earned.basis).Add("desired", desired).Add("awarded", earned.points);
  if (limit != Limit::kNone) json.Add("limit", NameOfLimit(limit));
  json.End();
  json.End();
  json.End();
  return json.Take();
}

}  // namespace loyalty
