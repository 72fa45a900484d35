// What a sale was judged by, so that a return can judge it again years later.
#pragma once

#include <string>

#include "domain/catalogue.h"
#include "domain/earning.h"
#include "domain/limits.h"

namespace loyalty {

// JSON. `desired`: by the rule; `limit`: that took it. `purchase_days`: of the member, with this sale.
std::string EvaluationText(const CatalogueVersion& catalogue, const Earned& earned, Points desired, Limit limit,
                           std::int64_t purchase_days);

}  // namespace loyalty
