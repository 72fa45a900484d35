#include "domain/earning.h"

#include <algorithm>
#include <map>

#include "domain/points_paid.h"

namespace loyalty {
namespace {

bool Earns(const Line& line, const EarningRule& rule) {
  if (line.Is(kNoEarning)) return false;
  if ((rule.earning_kinds >> static_cast<unsigned>(line.kind) & 1U) == 0) return false;
  return std::none_of(line.categories.begin(), line.categories.end(), [&rule](const std::string& category) {
    return std::binary_search(rule.excluded_categories.begin(), rule.excluded_categories.end(), category);
  });
}

// Amounts of one tax rate without what points have paid, with and without tax. Kept by rate, so that net amounts are
// rounded as a till prints them.
struct RateSum {
  Minor with_tax_inside = 0;  // gross amounts whose tax must be computed
  Minor without_tax = 0;      // net amounts whose tax must be computed
  Minor gross = 0;            // of lines that state their tax
  Minor net = 0;

  Status Add(const Line& line, Minor paid) {
    if (line.tax_amount == 0) {
      (line.tax_net ? without_tax : with_tax_inside) += line.amount;
      with_tax_inside -= paid;  // points pay with tax inside, whatever the line says
      return Ok{};
    }
    const Minor line_gross = line.tax_net ? line.amount + line.tax_amount : line.amount;
    const Minor line_net = line.tax_net ? line.amount : line.amount - line.tax_amount;
    gross += line_gross - paid;
    net += line_net;
    if (paid == 0) return Ok{};
    const auto paid_net = MulDiv(line_net, paid, line_gross, Rounding::kHalfEven);
    if (!paid_net) return paid_net.error();
    net -= *paid_net;
    return Ok{};
  }
};

}  // namespace

Result<Earned> EarnedBy(const Receipt& receipt, const std::vector<Minor>& paid_with_points, const EarningRule& rule,
                        std::string_view program_currency) {
  if (receipt.kind != ReceiptKind::kSale || receipt.currency != program_currency) return Earned{};
  const auto paid = [&paid_with_points](std::size_t i) {
    return paid_with_points.empty() ? 0 : paid_with_points.at(i);
  };
  std::map<int, RateSum> rates;
  if (receipt.lines.empty()) {
    const bool goods = (rule.earning_kinds >> static_cast<unsigned>(LineKind::kGoods) & 1U) != 0;
    if (goods) rates[0].with_tax_inside = receipt.total - paid(0);
  }
  for (std::size_t i = 0; i < receipt.lines.size(); ++i) {
    const Line& line = receipt.lines[i];
    if (!Earns(line, rule)) continue;
    if (const Status ok = rates[line.tax_rate].Add(line, paid(i)); !ok) return ok.error();
  }
  Minor gross = 0;
  Minor net = 0;
  for (const auto& [rate, sum] : rates) {
    const auto net_of_gross = MulDiv(sum.with_tax_inside, kMillion, kMillion + rate, Rounding::kHalfEven);
    const auto gross_of_net = MulDiv(sum.without_tax, kMillion + rate, kMillion, Rounding::kHalfEven);
    if (!net_of_gross) return net_of_gross.error();
    if (!gross_of_net) return gross_of_net.error();
    gross += sum.gross + sum.with_tax_inside + *gross_of_net;
    net += sum.net + sum.without_tax + *net_of_gross;
  }
  if (gross <= 0) return Earned{};
  const Minor basis = rule.net ? net : gross;
  const auto points = MulDiv(basis, rule.points, rule.per_amount, rule.rounding);
  if (!points) return points.error();
  if (*points > kPointsMax)
    return Error{Reason::kOverflow, "the receipt would earn more than the largest number of points", {}};
  return Earned{std::max<Points>(*points, 0), basis};
}

Result<Earned> EarnedBy(const Receipt& receipt, const EarningRule& rule, std::string_view program_currency) {
  return EarnedBy(receipt, PaidWithPoints(receipt), rule, program_currency);
}

LotTerms LifeOf(const EarningRule& rule, Instant business_time, Instant record_time, const absl::TimeZone& zone) {
  const Instant from = std::max(business_time, record_time - kLateMax);
  const Instant activation = from + rule.activation_delay_days * kDayLength;
  LotTerms life;
  // Without a delay points are there at once, also when the till's clock is ahead of ours.
  life.activate_time = rule.activation_delay_days == 0 ? std::min(activation, record_time) : activation;
  if (rule.validity_months == 0 && rule.validity_days == 0) return life;
  const Day first = DayOf(activation, zone);
  const Day last = rule.validity_months > 0 ? AddMonths(first, rule.validity_months) : first + rule.validity_days;
  life.expire_time = std::max({StartOfDay(last + 1, zone), record_time + kDayLength, life.activate_time + kDayLength});
  return life;
}

}  // namespace loyalty
