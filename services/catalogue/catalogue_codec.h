// The catalogue between wire, table and rules.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/catalogue.h"
#include "loyalty/v1/campaign_service.pb.h"

namespace loyalty {

// Checks every range of campaign_service.proto and converts. Errors: kInvalidArgument with the path of the first field
// that breaks its rule, in the order of the fields.
Result<CatalogueVersion> ToCatalogueVersion(const v1::Catalogue& catalogue, std::int64_t version,
                                            Instant effective_time);

// The same rules in one spelling: sets sorted, rewards and segments by name, defaults of what a sale earns, of the
// proof that spends, of limits and of the limits of a backtest written out.
v1::Catalogue CanonicalCatalogue(const v1::Catalogue& catalogue);

// Canonical proto JSON, as stored; and back. Errors of the latter: kInternal (a newer server wrote it).
std::string CatalogueText(const v1::Catalogue& canonical);
Result<v1::Catalogue> ParseCatalogue(std::string_view text);

// One field that differs: what callers are told, and which field it is, whatever the names in between, for instance
// `rewards.cost_points`.
struct CatalogueDifference {
  std::string field;
  v1::CatalogueChange change;
};

// One item for each field that differs between two canonical catalogues; empty when they are equal.
std::vector<CatalogueDifference> DiffCatalogues(const v1::Catalogue& before, const v1::Catalogue& after);

}  // namespace loyalty
