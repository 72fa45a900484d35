#include "clients/retention/cohorts.h"

#include <algorithm>

#include "clients/retention/figures.h"
#include "clients/table.h"
#include "domain/json_writer.h"

namespace loyalty::client {

using retention::Month;

namespace {

constexpr std::size_t kColumnsMax = 12;  // later months do not fit a screen; JSON has them all

std::string StayedShare(const CohortMonth& before, const CohortMonth& month) {
  if (before.active == 0) return "-";
  return Percent(static_cast<double>(month.stayed) / static_cast<double>(before.active), 1);
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
  retention::CohortTable table(from, until);
  std::vector<retention::Day> purchase_days;
  for (const auto& [card, days] : customers.by_card) {
    purchase_days.clear();
    for (const auto& day : days) purchase_days.push_back(day.day);
    table.Add(purchase_days);
  }
  report = {.window = window, .months = {}};
  for (Month month = from; month <= until; ++month) {
    CohortMonth& row = report.months.emplace_back();
    row.month = retention::MonthName(month);
    for (Month later = 0; month + later <= until; ++later) row.members.push_back(table.Members(month, later));
    row.active = table.Active(month);
    row.stayed = table.Stayed(month);
  }
  return {};
}

std::string RenderCohorts(const CohortReport& report, bool colour) {
  const std::size_t columns_later = report.months.empty() ? 0 : std::min(kColumnsMax, report.months.size() - 1);
  std::vector<Column> columns{{"first bought"}};
  for (std::size_t later = 0; later <= columns_later; ++later)
    columns.push_back({later == 0 ? "members" : "+" + std::to_string(later), Align::kRight});
  Table cohorts(columns);
  Table months({{"month"},
                {"bought", Align::kRight},
                {"also the month before", Align::kRight},
                {"of those of the month before", Align::kRight}});
  for (std::size_t i = 0; i < report.months.size(); ++i) {
    const CohortMonth& row = report.months[i];
    std::vector<std::string> cells{row.month};
    for (std::size_t later = 0; later <= columns_later; ++later)
      cells.push_back(later < row.members.size() ? Grouped(row.members[later]) : "");
    if (!row.members.empty() && row.members.front() > 0) cohorts.AddRow(std::move(cells));
    months.AddRow({row.month, Grouped(row.active), i == 0 ? "-" : Grouped(row.stayed),
                   i == 0 ? "-" : StayedShare(report.months[i - 1], row)});
  }
  std::string text = "Members by the month they first bought in, and how many of them bought so many months later\n\n";
  text += cohorts.Render(colour);
  if (columns_later + 1 < report.months.size()) text += "Later months: --output json\n";
  return text + "\n" + months.Render(colour);
}

std::string CohortsJson(const CohortReport& report) {
  JsonWriter json;
  json.BeginObject();
  json.Add("until", FormatDay(report.window.until));
  json.Name("cohorts").BeginList();
  for (const CohortMonth& row : report.months) {
    json.BeginObject(JsonLayout::kInline);
    json.Add("month", row.month).Name("members").BeginList();
    for (const std::int64_t members : row.members) json.Value(members);
    json.End();
    json.End();
  }
  json.End();
  json.Name("months").BeginList();
  for (const CohortMonth& row : report.months) {
    json.BeginObject(JsonLayout::kInline);
    json.Add("month", row.month).Add("active", row.active).Add("stayed", row.stayed);
    json.End();
  }
  json.End();
  json.End();
  return json.TakeLine();
}

}  // namespace loyalty::client
