// Real receipts as purchase days of customers, and what a model fitted at the end of the calibration period may know of
// them. Sale rows only, gross amounts; a day counts when anything was sold on it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "retention/gamma_gamma.h"
#include "retention/history.h"
#include "retention/summary.h"

namespace loyalty::reference {

struct DataSet {
  std::string name;      // its key in reference.json
  std::string receipts;  // file
  retention::Day calibration_end;
  retention::Day holdout_end;
  bool skip_free_sales;  // rows of 0.00 are no purchase
};

// The three data sets of the reference.
std::vector<DataSet> AllDataSets();

// Days since 1970-01-01 of "2026-01-31", what follows is not read. Throws std::runtime_error.
retention::Day DayOf(std::string_view date);

// Purchase days by card; amounts in minor units.
using Shop = std::map<std::string, std::vector<retention::MemberDay>, std::less<>>;

// Lines of one receipt count once, by its total. Throws std::runtime_error.
Shop ReadShop(const std::filesystem::path& data, const DataSet& set);

struct Customer {
  std::string card;
  retention::History history;  // on calibration_end
  retention::Spend spend;      // of repeat purchases, in units of money
  double spend_total = 0;
  double ln_gap_weeks = 0;  // sum of ln(gap in weeks)
  std::int64_t days_in_holdout = 0;
  double spend_in_holdout = 0;
};

// Those who bought by calibration_end, in order of cards.
std::vector<Customer> Calibrate(const Shop& shop, const DataSet& set);

}  // namespace loyalty::reference
