#include "tests/reference/shop.h"

#include <chrono>
#include <cmath>
#include <set>
#include <stdexcept>
#include <utility>

#include "tests/reference/files.h"

namespace loyalty::reference {

using retention::Day;
using retention::MemberDay;

std::vector<DataSet> AllDataSets() {
  return {
      {"cdnow_sample", "receipts_cdnow.csv.gz", DayOf("1997-09-30"), DayOf("1998-06-30"), false},
      {"online_retail", "receipts_online_retail.csv.gz", DayOf("2011-06-30"), DayOf("2011-12-09"), true},
      {"completejourney_sample", "receipts_completejourney.csv.gz", DayOf("2017-06-30"), DayOf("2017-12-31"), false}};
}

Day DayOf(std::string_view date) {
  if (date.size() < 10 || date[4] != '-' || date[7] != '-') throw std::runtime_error("no date: " + std::string(date));
  const auto number = [&](std::size_t at, std::size_t size) { return std::stoi(std::string(date.substr(at, size))); };
  const std::chrono::year_month_day day{std::chrono::year(number(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                        std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  return static_cast<Day>(std::chrono::sys_days(day).time_since_epoch().count());
}

Shop ReadShop(const std::filesystem::path& data, const DataSet& set) {
  const Table table(data / set.receipts);
  const bool has_lines = table.Has("line_id");
  std::map<std::string, std::map<Day, MemberDay>, std::less<>> days;
  std::set<std::pair<std::string_view, std::string_view>> receipts;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const std::string_view card = table.Text(row, "card");
    if (card.empty() || table.Text(row, "kind") != "sale") continue;
    if (has_lines && !receipts.emplace(card, table.Text(row, "receipt_no")).second) continue;
    const std::int64_t amount = std::llround(table.Number(row, "total") * 100);
    if (amount == 0 && set.skip_free_sales) continue;
    const Day day = DayOf(table.Text(row, "business_time"));
    MemberDay& of_day = days[std::string(card)][day];
    of_day.day = day;
    of_day.amount += amount;
    ++of_day.receipts;
  }
  Shop shop;
  for (const auto& [card, by_day] : days)
    for (const auto& [day, of_day] : by_day) shop[card].push_back(of_day);
  return shop;
}

std::vector<Customer> Calibrate(const Shop& shop, const DataSet& set) {
  std::vector<Customer> customers;
  for (const auto& [card, days] : shop) {
    std::vector<MemberDay> known;
    Customer customer{.card = card};
    for (const MemberDay& day : days) {
      if (day.day <= set.calibration_end) {
        known.push_back(day);
      } else if (day.day <= set.holdout_end) {
        ++customer.days_in_holdout;
        customer.spend_in_holdout += static_cast<double>(day.amount) / 100;
      }
    }
    const retention::MemberSummary summary = retention::Summarise(known);
    const auto history = retention::HistoryOf(summary, set.calibration_end);
    if (!history) continue;
    customer.history = *history;
    customer.spend = {history->repeats, static_cast<double>(summary.amount - summary.first_day_amount) / 100};
    customer.spend_total = static_cast<double>(summary.amount) / 100;
    customer.ln_gap_weeks = std::ldexp(static_cast<double>(summary.sum_ln_gap), -32) - history->repeats * std::log(7.0);
    customers.push_back(std::move(customer));
  }
  return customers;
}

}  // namespace loyalty::reference
