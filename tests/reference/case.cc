#include "tests/reference/case.h"

namespace loyalty::reference {
namespace {

Fits FitAll(const Case& c) {
  Fits fits;
  retention::FitOptions options{.kind = retention::ModelKind::kBgNbd, .days_per_unit = kWeek};
  fits.bg = retention::FitModel(c.rows, options);
  options.kind = retention::ModelKind::kMbgNbd;
  fits.mbg = retention::FitModel(c.rows, options);
  options.kind = retention::ModelKind::kMbgCnbd;
  for (std::int32_t k = 1; k <= 3; ++k) fits.erlang.push_back(retention::FitStages(c.rows, k, options));
  fits.best = retention::FitModel(c.rows, options);
  std::vector<retention::Spend> spends;
  for (const Customer& customer : c.customers) spends.push_back(customer.spend);
  fits.spend = retention::FitSpend(spends);
  return fits;
}

}  // namespace

Case MakeCase(const std::filesystem::path& data, const DataSet& set, const google::protobuf::Struct& reference) {
  Case c{.set = set,
         .reference = reference,
         .customers = Calibrate(ReadShop(data, set), set),
         .rows = {},
         .days = {},
         .active = {},
         .holdout_days = static_cast<double>(set.holdout_end - set.calibration_end),
         .fits = {}};
  retention::RowCollector collector;
  for (const Customer& customer : c.customers) {
    collector.Add(customer.history);
    c.days.push_back(static_cast<double>(customer.days_in_holdout));
    c.active.push_back(customer.days_in_holdout > 0 ? 1 : 0);
  }
  c.rows = collector.Take();
  c.fits = FitAll(c);
  return c;
}

}  // namespace loyalty::reference
