// The catalogue of tests.
#pragma once

#include <string>

namespace loyalty::test {

// Differences from: one point a euro, available at once, for ever, none for category tobacco; a point is worth a cent;
// rewards/coffee costs 50 and is worth 2.50.
struct CatalogueOptions {
  int activation_delay_days = 0;
  int validity_days = 0;
  int burn_step = 1;  // points that burn together, a cent each
};

// As it is stored.
std::string CatalogueContent(const CatalogueOptions& options = {});

}  // namespace loyalty::test
