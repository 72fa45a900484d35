#include "tests/retention/stored_member.h"

#include <iterator>

namespace loyalty::retention {

std::ostream& operator<<(std::ostream& os, const MemberSummary& s) {
  return os << "first " << s.first_day << " last " << s.last_day << " days " << s.days << " receipts " << s.receipts
            << " amount " << s.amount << " discount " << s.discount << " first_day_amount " << s.first_day_amount
            << " last_day_amount " << s.last_day_amount << " squared " << s.sum_gap_squared << " ln " << s.sum_ln_gap;
}

}  // namespace loyalty::retention

namespace loyalty::test {

using retention::Day;
using retention::DayNeighbours;
using retention::MemberDay;
using retention::MemberSummary;

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

DayNeighbours StoredMember::NeighboursOf(Day day) const {
  DayNeighbours neighbours;
  const auto after = days.upper_bound(day);
  const auto at = days.lower_bound(day);
  if (after != days.end()) neighbours.after = after->first;
  if (at != days.begin()) neighbours.before = std::prev(at)->first;
  return neighbours;
}

void StoredMember::Add(const Sale& sale) {
  auto stored = Stored(sale.day);
  const bool needed = NeedsNeighbours(summary, stored, sale.day);
  AddReceipt(summary, stored, needed ? NeighboursOf(sale.day) : DayNeighbours{}, sale.day, sale.amount, sale.discount);
  days[sale.day] = *stored;
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
  return summary;
}

}  // namespace loyalty::test
