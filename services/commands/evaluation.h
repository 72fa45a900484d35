// What a sale was judged by, so that a return can judge it again years later.
#pragma once

#include <string>

#include "domain/catalogue.h"
#include "domain/earning.h"

namespace loyalty {

// JSON. `purchase_days`: of the member, with this sale.
std::string EvaluationText(const CatalogueVersion& catalogue, const Earned& earned, std::int64_t purchase_days);

}  // namespace loyalty
