// All models at once, for all members of a program as of one day.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "retention/collapse.h"
#include "retention/fit.h"
#include "retention/gamma_gamma.h"
#include "retention/summary.h"

namespace loyalty::retention {

struct ModelSet {
  std::int64_t receipts = 0;
  double median_cycle_days = 0;  // 0: nobody came back
  Fit bg_nbd;
  Fit mbg_nbd;
  Fit mbg_cnbd;
  SpendFit spend;  // money in units of the currency
};

// The model to work with: MBG/CNBD-k, else MBG/NBD, where the fit advises it. BG/NBD is there to be compared with: it
// calls every one-time buyer alive. Nothing: the model of an earlier run, or recency and own rate (heuristic.h).
std::optional<ModelKind> ModelToUse(const ModelSet& set);

// Takes members one by one, 16 bytes each.
class ModelStudy {
 public:
  // `minor_per_unit`: minor units of money in a unit of the currency, 100 for EUR.
  ModelStudy(Day until, double minor_per_unit) : until_(until), minor_per_unit_(minor_per_unit) {}

  // One member by its purchase days in ascending order; those after `until` are not looked at.
  void Add(std::span<const MemberDay> days);

  // Fits what was added; empty afterwards. `k_max` and `days_per_unit` as in FitOptions. The order of the members
  // leaves no trace.
  ModelSet Take(std::int32_t k_max, double days_per_unit);

 private:
  Day until_;
  double minor_per_unit_;
  std::int64_t receipts_ = 0;
  RowCollector rows_;
  SpendCollector spends_;
};

}  // namespace loyalty::retention
