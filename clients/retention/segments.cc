#include "clients/retention/segments.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "clients/output.h"
#include "clients/retention/figures.h"
#include "clients/table.h"
#include "domain/json_writer.h"

namespace loyalty::client {

using retention::RfmCutPoints;
using retention::SegmentAt;

namespace {

constexpr std::size_t kBarWidth = 30;

bool IsNobody(std::int64_t cut_point) {
  return cut_point == RfmCutPoints::kNobodyAtMost || cut_point == RfmCutPoints::kNobodyAtLeast;
}

void WriteCutPoints(std::string_view name, const std::array<std::int64_t, 4>& cut_points, JsonWriter& json) {
  json.Name(name).BeginList(JsonLayout::kInline);
  for (const std::int64_t cut_point : cut_points) IsNobody(cut_point) ? json.Null() : json.Value(cut_point);
  json.End();
}

std::string RenderCutPoints(const SegmentReport& report, bool colour) {
  const auto& cuts = report.cut_points;
  Table table({{"score"}, {"2", Align::kRight}, {"3", Align::kRight}, {"4", Align::kRight}, {"5", Align::kRight}});
  const auto add = [&](const char* title, const std::array<std::int64_t, 4>& cut_points, auto text) {
    std::vector<std::string> cells{title};
    for (const std::int64_t cut_point : cut_points) cells.push_back(IsNobody(cut_point) ? "nobody" : text(cut_point));
    table.AddRow(std::move(cells));
  };
  add("days since the last purchase, at most", cuts.recency_days_at_most, Grouped);
  add("purchase days, at least", cuts.purchase_days_at_least, Grouped);
  add("spend, at least", cuts.spend_minor_at_least,
      [&](std::int64_t minor) { return MoneyText(minor, report.currency); });
  return table.Render(colour);
}

}  // namespace

SegmentReport SegmentCustomers(const Customers& customers, Day until, const std::optional<RfmCutPoints>& given) {
  SegmentReport report{.until = until, .currency = customers.currency};
  std::vector<retention::RfmValues> values;
  for (const auto& customer : CustomersAt(customers, until)) {
    values.push_back(retention::RfmValuesOf(customer.summary, until));
    report.customers.push_back({.name = std::string(customer.card), .values = values.back()});
  }
  report.cut_points = given ? *given : retention::RfmCutPointsOf(values);
  report.totals = retention::TotalsOf(values, report.cut_points);
  for (auto& customer : report.customers) {
    customer.scores = retention::ScoreRfm(customer.values, report.cut_points);
    customer.segment = retention::SegmentOf(customer.scores);
  }
  return report;
}

std::string RenderSegments(const SegmentReport& report, bool colour) {
  std::int64_t most = 0;
  std::int64_t all = 0;
  std::int64_t spend = 0;
  for (const auto& of_segment : report.totals) {
    most = std::max(most, of_segment.members);
    all += of_segment.members;
    spend += of_segment.spend_minor;
  }
  Table table({{"segment"},
               {"members", Align::kRight},
               {"share", Align::kRight},
               {"spend", Align::kRight},
               {"share", Align::kRight},
               {"members"}});
  const auto share = [](std::int64_t part, std::int64_t whole) {
    return whole == 0 ? std::string("-") : Percent(static_cast<double>(part) / static_cast<double>(whole), 1);
  };
  for (std::size_t i = 0; i < report.totals.size(); ++i) {
    const auto& [members, spend_minor] = report.totals[i];
    table.AddRow({std::string(SegmentName(SegmentAt(i))), Grouped(members), share(members, all),
                  MoneyText(spend_minor, report.currency), share(spend_minor, spend),
                  Bar(static_cast<double>(members), static_cast<double>(most), kBarWidth)});
  }
  FactSheet facts;
  facts.Add("Until", FormatDay(report.until));
  facts.Add("Customers", Grouped(all) + " with " + MoneyText(spend, report.currency));
  if (!report.run.empty()) facts.Add("Stored as", report.run);
  return facts.Render() + "\n" + RenderCutPoints(report, colour) + "\n" + table.Render(colour);
}

std::string SegmentsJson(const SegmentReport& report) {
  JsonWriter json;
  json.BeginObject();
  json.Add("until", FormatDay(report.until)).Add("currency", report.currency);
  if (!report.run.empty()) json.Add("run", report.run);
  json.Name("cut_points").BeginObject();
  WriteCutPoints("recency_days_at_most", report.cut_points.recency_days_at_most, json);
  WriteCutPoints("purchase_days_at_least", report.cut_points.purchase_days_at_least, json);
  WriteCutPoints("spend_minor_at_least", report.cut_points.spend_minor_at_least, json);
  json.End();
  json.Name("segments").BeginList();
  for (std::size_t i = 0; i < report.totals.size(); ++i) {
    json.BeginObject(JsonLayout::kInline);
    json.Add("segment", SegmentName(SegmentAt(i))).Add("members", report.totals[i].members);
    json.Add("spend_minor", report.totals[i].spend_minor);
    json.End();
  }
  json.End();
  json.Name("customers").BeginList();
  for (const auto& customer : report.customers) {
    json.BeginObject(JsonLayout::kInline);
    json.Add(report.run.empty() ? "card" : "member", customer.name).Add("recency_days", customer.values.recency_days);
    json.Add("purchase_days", customer.values.purchase_days).Add("spend_minor", customer.values.spend_minor);
    json.Add("recency", customer.scores.recency).Add("frequency", customer.scores.frequency);
    json.Add("monetary", customer.scores.monetary).Add("segment", SegmentName(customer.segment));
    json.End();
  }
  json.End();
  json.End();
  return json.TakeLine();
}

}  // namespace loyalty::client
