#include "tests/reference/model_check.h"

#include <google/protobuf/struct.pb.h>

#include "tests/reference/case.h"
#include "tests/reference/customer_check.h"
#include "tests/reference/files.h"
#include "tests/reference/fit_check.h"
#include "tests/reference/holdout_check.h"
#include "tests/reference/shop.h"

namespace loyalty::reference {

void CheckModels(const std::filesystem::path& data, Report& report) {
  const google::protobuf::Struct document = ReadJson(data / "reference" / "reference.json");
  for (const DataSet& set : AllDataSets()) {
    const google::protobuf::Struct& reference = At(document, set.name).struct_value();
    const Case c = MakeCase(data, set, reference);
    const ReferenceModels models = ReadModels(reference);
    report.Section(set.name + ": receipts");
    CheckShop(c, report);
    report.Section(set.name + ": every customer, given the reference parameters");
    CheckCustomers(data, set, c.customers, models, report);
    if (set.name == "cdnow_sample") {
      report.Section(set.name + ": golden customers, given the reference parameters");
      CheckGoldenCustomers(data, set, c.customers, models, report);
    }
    report.Section(set.name + ": fits");
    CheckFits(c, report);
    CheckPredictions(c, models, report);
    report.Section(set.name + ": holdout");
    CheckErrors(c, report);
    CheckRanking(c, report);
    CheckCalibration(c, report);
    CheckMoney(c, report);
  }
}

}  // namespace loyalty::reference
