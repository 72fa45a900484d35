// The catalogue of tests.
#pragma once

#include <cstdint>
#include <string>

namespace loyalty::test {

// Differences from: one point a euro, available at once, for ever, none for category tobacco; a point is worth a cent;
// rewards/coffee costs 50 and is worth 2.50.
struct CatalogueOptions {
  std::int64_t points = 1, per_amount_minor = 100;
  bool net = false;  // earn on amounts without tax
  int activation_delay_days = 0;
  int validity_days = 0, validity_months = 0;  // one of them; 0: for ever
  int burn_step = 1;                           // points that burn together, a cent each
  std::int64_t approval_from_points = 0;       // 0: none are approved
};

// As it is stored.
std::string CatalogueContent(const CatalogueOptions& options = {});

}  // namespace loyalty::test
