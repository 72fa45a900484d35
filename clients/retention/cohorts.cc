#include "clients/retention/cohorts.h"

#include <algorithm>
#include <vector>

#include "clients/retention/figures.h"
#include "clients/retention/json_writer.h"
#include "clients/table.h"

namespace loyalty::client {

using retention::CohortTable;
using retention::Month;

namespace {

constexpr Month kColumnsMax = 12;  // later months do not fit a screen; JSON has them all

std::string RetentionText(const CohortTable& table, Month month) {
  const auto before = table.Active(month - 1);
  if (before == 0) return "-";
  return Percent(static_cast<double>(table.Stayed(month)) / static_cast<double>(before), 1);
}

}  // namespace

Outcome TabulateCohorts(const Customers& customers, const ReceiptWindow& window, CohortReport& report) {
  Day first = window.until;
  for (const auto& [card, days] : customers.by_card) first = std::min(first, days.front().day);
  const Month from = retention::MonthOf(first);
  const Month until = retention::MonthOf(window.until);
  if (until - from >= kCohortMonthsMax)
    return UsageFailure("from " + FormatDay(first) + " to " + FormatDay(window.until) + " are more than " +
                            std::to_string(kCohortMonthsMax) + " months",
                        "give a later --from");
  report.window = window;
  report.table = CohortTable(from, until);
  std::vector<retention::Day> purchase_days;
  for (const auto& [card, days] : customers.by_card) {
    purchase_days.clear();
    for (const auto& day : days) purchase_days.push_back(day.day);
    report.table.Add(purchase_days);
  }
  return {};
}

std::string RenderCohorts(const CohortReport& report, bool colour) {
  const CohortTable& table = report.table;
  const Month later_max = std::min(kColumnsMax, table.last() - table.first());
  std::vector<Column> columns{{"first bought"}};
  for (Month later = 0; later <= later_max; ++later)
    columns.push_back({later == 0 ? "members" : "+" + std::to_string(later), Align::kRight});
  Table cohorts(columns);
  Table months({{"month"},
                {"bought", Align::kRight},
                {"also the month before", Align::kRight},
                {"of those of the month before", Align::kRight}});
  for (Month month = table.first(); month <= table.last(); ++month) {
    std::vector<std::string> cells{retention::MonthName(month)};
    for (Month later = 0; later <= later_max; ++later)
      cells.push_back(month + later > table.last() ? "" : Grouped(table.Members(month, later)));
    if (table.Members(month, 0) > 0) cohorts.AddRow(std::move(cells));
    const bool is_first = month == table.first();
    months.AddRow({retention::MonthName(month), Grouped(table.Active(month)),
                   is_first ? "-" : Grouped(table.Stayed(month)), is_first ? "-" : RetentionText(table, month)});
  }
  std::string text = "Members by the month they first bought in, and how many of them bought so many months later\n\n";
  text += cohorts.Render(colour);
  if (table.last() - table.first() > kColumnsMax) text += "Later months: --output json\n";
  return text + "\n" + months.Render(colour);
}

std::string CohortsJson(const CohortReport& report) {
  const CohortTable& table = report.table;
  JsonWriter json;
  json.BeginObject();
  json.Add("until", FormatDay(report.window.until));
  json.Name("cohorts").BeginList();
  for (Month month = table.first(); month <= table.last(); ++month) {
    json.BeginObject(JsonLayout::kInline);
    json.Add("month", retention::MonthName(month)).Name("members").BeginList();
    for (Month later = 0; month + later <= table.last(); ++later) json.Value(table.Members(month, later));
    json.End();
    json.End();
  }
  json.End();
  json.Name("months").BeginList();
  for (Month month = table.first(); month <= table.last(); ++month) {
    json.BeginObject(JsonLayout::kInline);
    json.Add("month", retention::MonthName(month)).Add("active", table.Active(month));
    json.Add("stayed", table.Stayed(month));
    json.End();
  }
  json.End();
  json.End();
  return json.Take();
}

}  // namespace loyalty::client
