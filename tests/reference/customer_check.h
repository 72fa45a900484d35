// Each customer's quantities, given the reference parameters: nothing here depends on a fit of ours.
#pragma once

#include <google/protobuf/struct.pb.h>

#include <filesystem>
#include <vector>

#include "retention/gamma_gamma.h"
#include "retention/model.h"
#include "tests/reference/report.h"
#include "tests/reference/shop.h"

namespace loyalty::reference {

// The parameters of one data set's part of reference.json.
struct ReferenceModels {
  retention::Model bg;
  retention::Model mbg;
  std::vector<retention::Model> erlang;  // k = 1, 2, 3
  retention::Model best_erlang;
  retention::SpendModel spend;
};
ReferenceModels ReadModels(const google::protobuf::Struct& reference);

// customers_SET.csv.gz, to 1e-6 relative.
void CheckCustomers(const std::filesystem::path& data, const DataSet& set, const std::vector<Customer>& customers,
                    const ReferenceModels& models, Report& report);

// golden20_cdnow.csv likewise.
void CheckGoldenCustomers(const std::filesystem::path& data, const DataSet& set, const std::vector<Customer>& customers,
                          const ReferenceModels& models, Report& report);

}  // namespace loyalty::reference
