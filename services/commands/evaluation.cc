#include "services/commands/evaluation.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace loyalty {

namespace json = boost::json;

std::string EvaluationText(const CatalogueVersion& catalogue, const Earned& earned, std::int64_t purchase_days) {
  const json::object base{
      {"rule", "base"}, {"basis", earned.basis}, {"desired", earned.points}, {"awarded", earned.points}};
  return json::serialize(
      json::object{{"catalogue", catalogue.version}, {"purchaseDays", purchase_days}, {"rules", json::array{base}}});
}

}  // namespace loyalty
