#include "tests/reference/rfm_check.h"

#include <fmt/format.h>
#include <google/protobuf/struct.pb.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "retention/cohort.h"
#include "retention/gaps.h"
#include "retention/rfm.h"
#include "retention/segment.h"
#include "tests/reference/files.h"
#include "tests/reference/shop.h"

namespace loyalty::reference {
namespace {

using google::protobuf::Struct;
using retention::Day;
using retention::MemberSummary;
using retention::Month;
using retention::RfmRank;

// A comparison that remembers the first difference and how much it compared.
class Comparison {
 public:
  explicit Comparison(std::string name) : name_(std::move(name)) {}

  void Compare(const std::string& what, const std::string& computed, const std::string& expected) {
    ++compared_;
    if (computed == expected) return;
    ++different_;
    if (first_.empty()) first_ = fmt::format("{} is {}, expected {}", what, computed, expected);
  }
  void Compare(const std::string& what, std::int64_t computed, std::int64_t expected) {
    Compare(what, std::to_string(computed), std::to_string(expected));
  }
  // As many decimals as the reference was rounded to.
  void Compare(const std::string& what, double computed, double expected, int decimals) {
    Compare(what, fmt::format("{:.{}f}", computed, decimals), fmt::format("{:.{}f}", expected, decimals));
  }
  void Fail(const std::string& why) {
    ++different_;
    if (first_.empty()) first_ = why;
  }

  void Report(const std::string& of_what, std::ostream& out, int& failures) const {
    if (different_ == 0 && compared_ > 0) {
      out << fmt::format("{}: {}, {} values equal\n", name_, of_what, compared_);
      return;
    }
    ++failures;
    out << fmt::format("{}: FAILED, {} of {} values differ; {}\n", name_, different_, compared_,
                       first_.empty() ? "nothing to compare" : first_);
  }

 private:
  std::string name_;
  std::string first_;
  std::int64_t compared_ = 0;
  std::int64_t different_ = 0;
};

struct Buyer {
  std::string id;
  MemberSummary summary;
  std::vector<Day> days;
};

std::vector<Buyer> CustomersOf(const Shop& receipts) {
  std::vector<Buyer> customers;
  for (const auto& [card, days] : receipts) {
    Buyer customer{.id = card, .summary = retention::Summarise(days), .days = {}};
    for (const auto& day : days) customer.days.push_back(day.day);
    customers.push_back(std::move(customer));
  }
  return customers;
}

// What one way of ranking says of everybody.
struct Ranking {
  std::vector<retention::RfmScores> scores;
  std::vector<std::string> segments;
};

Ranking Rank(const std::vector<Buyer>& customers, Day as_of, RfmRank rank) {
  std::vector<retention::RfmValues> values;
  for (const Buyer& customer : customers) values.push_back(RfmValuesOf(customer.summary, as_of));
  const auto cut_points = retention::RfmCutPointsOf(values, rank);
  Ranking ranking;
  for (const auto& of_customer : values) {
    ranking.scores.push_back(ScoreRfm(of_customer, cut_points));
    ranking.segments.emplace_back(SegmentName(SegmentOf(ranking.scores.back())));
  }
  return ranking;
}

void CompareScores(Comparison& table, const Table& answers, std::size_t row, const std::string& rank,
                   const Ranking& ranking, std::size_t at) {
  const auto expected = [&](const std::string& column) { return std::string(answers.Text(row, column)); };
  const std::string id = expected("customer_id");
  const retention::RfmScores& scores = ranking.scores[at];
  table.Compare(id + " r_" + rank, std::to_string(scores.recency), expected("r_" + rank));
  table.Compare(id + " f_" + rank, std::to_string(scores.frequency), expected("f_" + rank));
  table.Compare(id + " m_" + rank, std::to_string(scores.monetary), expected("m_" + rank));
  table.Compare(id + " seg_" + rank, ranking.segments[at], expected("seg_" + rank));
}

void CheckCustomers(const std::filesystem::path& file, const std::vector<Buyer>& customers, Day as_of,
                    const Ranking& by_min, const Ranking& by_mid, std::ostream& out, int& failures) {
  Comparison table(file.filename().string());
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < customers.size(); ++i) places[customers[i].id] = i;
  std::set<std::string> answered;
  const Table answers(file);
  for (std::size_t row = 0; row < answers.size(); ++row) {
    const auto expected = [&](std::string_view column) { return std::string(answers.Text(row, column)); };
    const std::string id = expected("customer_id");
    const auto place = places.find(id);
    if (place == places.end()) {
      table.Fail("no receipts of customer " + id);
      continue;
    }
    answered.insert(id);
    const MemberSummary& summary = customers[place->second].summary;
    table.Compare(id + " first", summary.first_day, DayOf(expected("first")));
    table.Compare(id + " last", summary.last_day, DayOf(expected("last")));
    table.Compare(id + " F", std::to_string(summary.days), expected("F"));
    table.Compare(id + " M", summary.amount, std::llround(answers.Number(row, "M") * 100));
    table.Compare(id + " R", std::to_string(RfmValuesOf(summary, as_of).recency_days), expected("R_days"));
    CompareScores(table, answers, row, "min", by_min, place->second);
    CompareScores(table, answers, row, "mid", by_mid, place->second);
  }
  table.Compare("customers", static_cast<std::int64_t>(answered.size()), static_cast<std::int64_t>(customers.size()));
  table.Report(fmt::format("{} customers", answered.size()), out, failures);
}

const Struct& Field(const Struct& parent, const std::string& name) {
  const auto field = parent.fields().find(name);
  return field == parent.fields().end() ? Struct::default_instance() : field->second.struct_value();
}

double Number(const Struct& parent, const std::string& name) {
  const auto field = parent.fields().find(name);
  return field == parent.fields().end() ? std::nan("") : field->second.number_value();
}

void CheckSegments(const std::string& name, const Struct& expected, const std::vector<Buyer>& customers,
                   const Ranking& ranking, std::ostream& out, int& failures) {
  Comparison table(name);
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> sums;  // customers, spend
  for (std::size_t i = 0; i < customers.size(); ++i) {
    auto& [count, spend] = sums[ranking.segments[i]];
    ++count;
    spend += customers[i].summary.amount;
  }
  table.Compare("segments", static_cast<std::int64_t>(sums.size()), expected.fields_size());
  for (const auto& [segment, sum] : sums) {
    table.Compare(segment, sum.first, std::llround(Number(Field(expected, segment), "n")));
    table.Compare(segment + " spend", sum.second, std::llround(100 * Number(Field(expected, segment), "spend")));
  }
  table.Report(fmt::format("{} segments", sums.size()), out, failures);
}

void CheckCohorts(const std::string& name, const Struct& expected, const std::vector<Buyer>& customers, Day as_of,
                  std::ostream& out, int& failures) {
  Comparison table(name);
  Day first = as_of;
  for (const Buyer& customer : customers) first = std::min(first, customer.summary.first_day);
  retention::CohortTable cohorts(retention::MonthOf(first), retention::MonthOf(as_of));
  for (const Buyer& customer : customers) cohorts.Add(customer.days);

  const Struct& rows = Field(expected, "cohort_active_customers");
  int cohort_rows = 0;
  for (Month cohort = cohorts.first(); cohort <= cohorts.last(); ++cohort) {
    const std::string of_cohort = retention::MonthName(cohort);
    const auto row = rows.fields().find(of_cohort);
    if (row == rows.fields().end()) {  // the reference leaves out months in which nobody came
      table.Compare(of_cohort, cohorts.Members(cohort, 0), 0);
      continue;
    }
    ++cohort_rows;
    const auto& values = row->second.list_value().values();
    table.Compare(of_cohort + " months", values.size(), cohorts.last() - cohorts.first() + 1);
    for (int later = 0; later < values.size(); ++later)
      table.Compare(fmt::format("{} + {}", of_cohort, later), cohorts.Members(cohort, later),
                    std::llround(values[later].number_value()));
  }
  table.Compare("cohorts", cohort_rows, rows.fields_size());

  const Struct& retained = Field(expected, "month_over_month_retention");
  table.Compare("months of retention", cohorts.last() - cohorts.first(), retained.fields_size());
  for (Month month = cohorts.first() + 1; month <= cohorts.last(); ++month) {
    const double share = static_cast<double>(cohorts.Stayed(month)) / static_cast<double>(cohorts.Active(month - 1));
    const std::string of_month = retention::MonthName(month);
    table.Compare("retention " + of_month, share, Number(retained, of_month), 5);
  }
  table.Report(fmt::format("{} cohorts, {} months", cohort_rows, cohorts.last() - cohorts.first() + 1), out, failures);
}

void CheckFigures(const std::string& name, const Struct& expected, const std::vector<Buyer>& customers, Day as_of,
                  std::ostream& out, int& failures) {
  Comparison table(name);
  const auto n = static_cast<std::int64_t>(customers.size());
  std::int64_t repeaters = 0;
  std::int64_t days = 0;
  std::int64_t amount = 0;
  retention::Gaps gaps;
  for (const Buyer& customer : customers) {
    repeaters += customer.summary.days > 1 ? 1 : 0;
    days += customer.summary.days;
    amount += customer.summary.amount;
    gaps.Add(customer.days);
  }
  table.Compare("n", n, std::llround(Number(expected, "n")));
  const auto as_of_text = expected.fields().find("asof");
  table.Compare("asof", as_of, as_of_text == expected.fields().end() ? 0 : DayOf(as_of_text->second.string_value()));
  table.Compare("repeat rate", static_cast<double>(repeaters) / static_cast<double>(n),
                Number(expected, "repeat_purchase_rate"), 5);
  table.Compare("mean ticket", static_cast<double>(amount) / 100 / static_cast<double>(days),
                Number(expected, "avg_ticket_per_purchase_day"), 4);
  table.Compare("mean gap", gaps.Mean().value_or(0), Number(expected, "interpurchase_mean_days"), 4);
  for (const auto& [share, value] : Field(expected, "interpurchase_days").fields())
    table.Compare("gap " + share, gaps.Quantile(std::stod(share)).value_or(0), value.number_value(), 4);
  table.Report(fmt::format("{} gaps", gaps.count()), out, failures);
}

}  // namespace

void CheckRfm(const std::filesystem::path& data, std::ostream& out, int& failures) {
  const Struct reference = ReadJson(data / "reference" / "rfm_cohort_reference.json");
  for (const DataSet& set : AllDataSets()) {
    const std::vector<Buyer> customers = CustomersOf(ReadShop(data, set));
    // As of the last day on which anybody bought.
    Day as_of = customers.front().summary.last_day;
    for (const Buyer& customer : customers) as_of = std::max(as_of, customer.summary.last_day);
    const Ranking by_min = Rank(customers, as_of, RfmRank::kMin);
    const Ranking by_mid = Rank(customers, as_of, RfmRank::kMid);
    CheckCustomers(data / "reference" / ("rfm_" + set.name + ".csv.gz"), customers, as_of, by_min, by_mid, out,
                   failures);
    const Struct& expected = Field(reference, set.name);
    const std::string name = "rfm_cohort_reference.json " + set.name;
    CheckSegments(name + " min", Field(expected, "min"), customers, by_min, out, failures);
    CheckSegments(name + " mid", Field(expected, "mid"), customers, by_mid, out, failures);
    CheckCohorts(name + " cohorts", expected, customers, as_of, out, failures);
    CheckFigures(name + " figures", expected, customers, as_of, out, failures);
  }
}

}  // namespace loyalty::reference
