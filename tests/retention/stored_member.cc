#include "tests/retention/stored_member.h"

#include <array>
#include <chrono>
#include <iterator>
#include <set>

namespace loyalty::retention {

std::ostream& operator<<(std::ostream& os, const MemberSummary& s) {
  os << "quarters";
  for (std::size_t i = 0; i < s.quarter_amount.size(); ++i)
    os << ' ' << s.quarter_amount[i] << '/' << s.quarter_years[i];
  return os << " first " << s.first_day << " last " << s.last_day << " days " << s.days << " receipts " << s.receipts
            << " amount " << s.amount << " discount " << s.discount << " first_day_amount " << s.first_day_amount
            << " last_day_amount " << s.last_day_amount << " squared " << s.sum_gap_squared << " ln " << s.sum_ln_gap;
}

}  // namespace loyalty::retention

namespace loyalty::test {

using retention::Day;
using retention::DayNeighbours;
using retention::MemberDay;
using retention::MemberSummary;
using retention::NeighbourDays;
using retention::Reversal;

std::ostream& operator<<(std::ostream& os, const Sale& sale) {
  return os << "day " << sale.day << ": " << sale.amount << " (-" << sale.discount << ")";
}

rc::Gen<std::vector<Sale>> AnySales() {
  using rc::gen::set;
  const auto sale =
      rc::gen::build<Sale>(set(&Sale::day, rc::gen::weightedOneOf<Day>({{8, rc::gen::inRange<Day>(20'000, 20'040)},
                                                                        {2, rc::gen::inRange<Day>(19'000, 21'000)},
                                                                        {1, rc::gen::inRange<Day>(-25'000, 60'000)}})),
                           set(&Sale::amount, rc::gen::inRange<std::int64_t>(-5'000, 20'000)),
                           set(&Sale::discount, rc::gen::inRange<std::int64_t>(0, 900)));
  return rc::gen::container<std::vector<Sale>>(sale);
}

std::optional<MemberDay> StoredMember::Stored(Day day) const {
  const auto row = days.find(day);
  return row == days.end() ? std::nullopt : std::optional(row->second);
}

NeighbourDays StoredMember::NeighbourDaysOf(Day day) const {
  NeighbourDays neighbours;
  for (const auto& [other, row] : days) {
    if (row.receipts == 0) continue;
    if (other < day) neighbours.before = row;
    if (other > day && !neighbours.after) neighbours.after = row;
  }
  return neighbours;
}

DayNeighbours StoredMember::NeighboursOf(Day day) const {
  const auto [before, after] = NeighbourDaysOf(day);
  return {.before = before ? std::optional(before->day) : std::nullopt,
          .after = after ? std::optional(after->day) : std::nullopt};
}

void StoredMember::Add(const Sale& sale) {
  auto stored = Stored(sale.day);
  const bool needed = NeedsNeighbours(summary, stored, sale.day);
  AddReceipt(summary, stored, needed ? NeighboursOf(sale.day) : DayNeighbours{}, sale.day, sale.amount, sale.discount);
  days[sale.day] = *stored;
}

void StoredMember::Reverse(Day day, const Reversal& reversal) {
  MemberDay& stored = days.at(day);
  const bool needed = NeedsNeighbourDays(summary, stored, reversal);
  retention::Reverse(summary, stored, needed ? NeighbourDaysOf(day) : NeighbourDays{}, reversal);
}

MemberSummary StoredMember::FromScratch() const {
  std::vector<MemberDay> rows;
  for (const auto& [day, row] : days) rows.push_back(row);
  return retention::Summarise(rows);
}

MemberSummary Define(const std::vector<Sale>& sales) {
  MemberSummary summary;
  std::map<Day, std::int64_t> amounts;
  for (const Sale& sale : sales) {
    amounts[sale.day] += sale.amount;
    ++summary.receipts;
    summary.amount += sale.amount;
    summary.discount += sale.discount;
  }
  if (amounts.empty()) return summary;
  summary.days = static_cast<std::int64_t>(amounts.size());
  summary.first_day = amounts.begin()->first;
  summary.last_day = amounts.rbegin()->first;
  summary.first_day_amount = amounts.begin()->second;
  summary.last_day_amount = amounts.rbegin()->second;
  for (auto day = std::next(amounts.begin()); day != amounts.end(); ++day) {
    const std::int64_t gap = day->first - std::prev(day)->first;
    summary.sum_gap_squared += gap * gap;
    summary.sum_ln_gap += retention::LnGap(gap);
  }
  std::array<std::set<int>, 4> years;
  for (const auto& [day, amount] : amounts) {
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
    const std::size_t quarter = (static_cast<unsigned>(date.month()) - 1) / 3;
    summary.quarter_amount[quarter] += amount;
    years[quarter].insert(static_cast<int>(date.year()));
  }
  for (std::size_t i = 0; i < years.size(); ++i) summary.quarter_years[i] = static_cast<std::int64_t>(years[i].size());
  return summary;
}

}  // namespace loyalty::test
