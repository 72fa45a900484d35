// The catalogue of tests.
#pragma once

#include <cstdint>
#include <string>

namespace loyalty::test {

// Differences from: one point a euro, available at once, for ever, none for category tobacco; a point is worth a cent;
// rewards/coffee costs 50 and is worth 2.50. No limits, which a catalogue has by default.
struct CatalogueOptions {
  std::int64_t points = 1, per_amount_minor = 100;
  bool net = false;  // earn on amounts without tax
  int activation_delay_days = 0;
  int validity_days = 0, validity_months = 0;  // one of them; 0: for ever
  int burn_step = 1;                           // points that burn together, a cent each
  std::int64_t approval_from_points = 0;       // 0: none are approved
  std::int64_t code_from = 500;                // points of a day that a printed number spends at a till
  // 0: no limit. In the order of the catalogue.
  std::int64_t points_per_receipt = 0, receipts_per_day = 0, points_per_day = 0;
  std::int64_t redemptions_per_day = 0, redeemed_per_day = 0, redeemed_per_terminal_day = 0;
  std::int64_t redeemed_per_store_day = 0, redeemed_per_operator_day = 0;
};

// As it is stored.
std::string CatalogueContent(const CatalogueOptions& options = {});

}  // namespace loyalty::test
