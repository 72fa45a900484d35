#include "clients/retention/experiment.h"

#include <array>
#include <optional>
#include <string_view>

#include "clients/input_file.h"
#include "clients/text.h"
#include "domain/money.h"

namespace loyalty::client {
namespace {

enum Column : std::uint8_t { kArm, kConverted, kSpend, kVisit, kPreSpend };
constexpr std::array<std::string_view, 5> kNames{"arm", "converted", "spend", "visit", "pre_spend"};
constexpr std::size_t kRequired = kSpend + 1;
constexpr char kSeeHelp[] = "see: loyalty-admin retention lift --help";

class Rows {
 public:
  Rows(const std::string& file, int digits, Experiment& experiment)
      : file_(file), digits_(digits), experiment_(experiment) {}

  Outcome TakeHeader(const CsvRecord& header) {
    columns_ = header.fields.size();
    for (std::size_t place = 0; place < columns_; ++place)
      for (std::size_t name = 0; name < kNames.size(); ++name) {
        if (Trim(header.fields[place]) != kNames[name]) continue;
        if (places_[name])
          return UsageFailure(At(header) + "column '" + std::string(kNames[name]) + "' occurs twice in the header");
        places_[name] = place;
      }
    std::string missing;
    for (std::size_t name = 0; name < kRequired; ++name)
      if (!places_[name]) missing.append(missing.empty() ? "" : ", ").append(kNames[name]);
    if (!missing.empty())
      return UsageFailure(At(header) + "the first line is no header of an experiment: missing " + missing, kSeeHelp);
    experiment_.has_visit = places_[kVisit].has_value();
    experiment_.has_spend_before = places_[kPreSpend].has_value();
    return {};
  }

  Outcome TakeRow(const CsvRecord& row) {
    if (row.fields.size() != columns_)
      return Bad(row, std::to_string(row.fields.size()) + " fields, but " + std::to_string(columns_) +
                          " columns in the header");
    const std::string arm_name(Text(row, kArm));
    if (arm_name.empty()) return Bad(row, "arm: is empty");
    bool converted = false;
    bool visited = false;
    std::int64_t spend = 0;
    std::int64_t spend_before = 0;
    if (auto failed = ReadFlag(row, kConverted, converted)) return failed;
    if (auto failed = ReadMoney(row, kSpend, spend)) return failed;
    if (auto failed = ReadFlag(row, kVisit, visited)) return failed;
    if (auto failed = ReadMoney(row, kPreSpend, spend_before)) return failed;
    if (experiment_.members == retention::SpendSums::kMembersMax) return Bad(row, "more members than can be counted");
    if (experiment_.arms.size() == kArmsMax && !experiment_.arms.contains(arm_name))
      return Bad(row, "arm: more than " + std::to_string(kArmsMax) + " different ones");
    ExperimentArm& arm = experiment_.arms[arm_name];
    ++experiment_.members;
    ++arm.converted.members;
    arm.converted.buyers += converted ? 1 : 0;
    if (experiment_.has_visit) {
      ++arm.visited.members;
      arm.visited.buyers += visited ? 1 : 0;
    }
    arm.spend.Add(spend_before, spend);
    return {};
  }

  Outcome Bad(const CsvRecord& row, const std::string& why) const {
    return UsageFailure(At(row) + why, "correct the row or take it out; nothing was computed");
  }

 private:
  std::string At(const CsvRecord& row) const { return file_ + ": line " + std::to_string(row.line) + ": "; }
  std::string_view Text(const CsvRecord& row, Column column) const { return Trim(row.fields[*places_[column]]); }

  Outcome ReadFlag(const CsvRecord& row, Column column, bool& value) const {
    if (!places_[column]) return {};
    const auto text = Text(row, column);
    if (text != "0" && text != "1")
      return Bad(row, std::string(kNames[column]) + ": '" + std::string(text) + "' is neither 0 nor 1");
    value = text == "1";
    return {};
  }

  Outcome ReadMoney(const CsvRecord& row, Column column, std::int64_t& minor) const {
    if (!places_[column]) return {};
    const auto value = ParseDecimal(Text(row, column), digits_);
    if (!value) return Bad(row, std::string(kNames[column]) + ": " + value.error().message);
    minor = *value;
    return {};
  }

  const std::string& file_;
  const int digits_;
  Experiment& experiment_;
  std::array<std::optional<std::size_t>, kNames.size()> places_;
  std::size_t columns_ = 0;
};

}  // namespace

Outcome AddExperiment(CsvReader& csv, const std::string& file, int digits, Experiment& experiment) {
  Rows rows(file, digits, experiment);
  CsvRecord record;
  for (bool is_header = true;; is_header = false) {
    const auto found = csv.Next(record);
    if (!found) return LocalFailure(found.error().message);
    if (!*found && is_header) return UsageFailure(file + ": the file is empty", kSeeHelp);
    if (!*found) return {};
    if (!record.problem.empty()) return rows.Bad(record, record.problem);
    if (auto failed = is_header ? rows.TakeHeader(record) : rows.TakeRow(record)) return failed;
  }
}

Outcome ReadExperiment(const std::string& file, int digits, Experiment& experiment) {
  auto input = InputFile::Open(file);
  if (!input) return LocalFailure(input.error().message);
  CsvReader csv([&](char* buffer, std::size_t size) { return input->Read(buffer, size); });
  return AddExperiment(csv, file, digits, experiment);
}

}  // namespace loyalty::client
