// What a slip comes to, reckoned the slow and obvious way.
#pragma once

#include <string>
#include <vector>

#include "domain/receipt.h"
#include "tests/sim/program.h"

namespace loyalty::sim {

// Money of a redemption on a line, as the till was told.
struct Share {
  std::string line_id;
  int tax_rate = 0;
  Minor amount = 0;
};
using Shares = std::vector<Share>;

// What points may pay of a basket at most, and how so much of it is spread over its lines.
Minor PayableOf(const Receipt& basket);
Shares SpreadOver(const Receipt& basket, Minor amount);

// What a slip earns under a rule. `shares`: of each payment; empty where it names no redemption that was spread.
Points EarnedOn(const Receipt& receipt, const std::vector<Shares>& shares, const Rule& rule);

// All that two slips must have in common to be the same one, but for member and time.
std::string ContentOf(const Receipt& receipt);

}  // namespace loyalty::sim
