// One data set of the reference with the fits of ours.
#pragma once

#include <google/protobuf/struct.pb.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "retention/collapse.h"
#include "retention/fit.h"
#include "retention/gamma_gamma.h"
#include "retention/model.h"
#include "retention/predict.h"
#include "tests/reference/files.h"
#include "tests/reference/shop.h"

namespace loyalty::reference {

constexpr double kWeek = 7;

// How near predictions have to be when the data does not tell the parameters that they were made with.
constexpr double kBoundaryPredictions = 1e-3;

struct Fits {
  retention::Fit bg;
  retention::Fit mbg;
  std::vector<retention::Fit> erlang;  // k = 1, 2, 3
  retention::Fit best;
  retention::SpendFit spend;
};

// `set` and `reference` must outlive it.
struct Case {
  const DataSet& set;
  const google::protobuf::Struct& reference;
  std::vector<Customer> customers;
  retention::CollapsedRows rows;
  std::vector<double> days;    // in the holdout
  std::vector<double> active;  // 1 when there was one
  double holdout_days;
  Fits fits;

  double Number(const std::string& path) const { return NumberAt(reference, path); }

  std::vector<double> Each(const std::function<double(const Customer&)>& of) const {
    std::vector<double> values;
    for (const Customer& customer : customers) values.push_back(of(customer));
    return values;
  }
  std::vector<double> Expected(const retention::Model& model) const {
    return Each([&](const Customer& c) { return retention::ExpectedPurchases(model, c.history, holdout_days); });
  }
  std::vector<double> Buys(const retention::Model& model) const {
    return Each([&](const Customer& c) { return retention::ProbabilityToBuy(model, c.history, holdout_days); });
  }
  std::vector<double> Alive(const retention::Model& model) const {
    return Each([&](const Customer& c) { return retention::ProbabilityAlive(model, c.history); });
  }
};

// Reads the receipts and fits every model. Throws std::runtime_error.
Case MakeCase(const std::filesystem::path& data, const DataSet& set, const google::protobuf::Struct& reference);

}  // namespace loyalty::reference
