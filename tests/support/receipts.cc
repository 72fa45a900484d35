#include "tests/support/receipts.h"

#include <utility>

namespace loyalty {

std::ostream& operator<<(std::ostream& os, const Line& line) {
  os << "{'" << line.line_id << "' kind " << static_cast<int>(line.kind) << " sku '" << line.sku << "' quantity "
     << line.quantity << " amount " << line.amount << " discount " << line.discount << " tax " << line.tax_rate
     << (line.tax_net ? " net " : " gross ") << line.tax_amount;
  for (const auto& category : line.categories) os << " category '" << category << "'";
  return os << " flags " << line.flags << "}";
}

std::ostream& operator<<(std::ostream& os, const Payment& payment) {
  return os << "{paid " << payment.amount << " kind " << static_cast<int>(payment.kind) << "}";
}

std::ostream& operator<<(std::ostream& os, const Receipt& receipt) {
  os << "receipt '" << receipt.receipt_no << "' " << receipt.currency << " total " << receipt.total;
  for (const Line& line : receipt.lines) os << "\n  " << line;
  for (const Payment& payment : receipt.payments) os << "\n  " << payment;
  return os;
}

}  // namespace loyalty

namespace loyalty::test {

Line Goods(Minor amount, int tax_rate) {
  Line line = LineOf(LineKind::kGoods, amount);
  line.tax_rate = tax_rate * 100;
  return line;
}

Line LineOf(LineKind kind, Minor amount) {
  Line line;
  line.kind = kind;
  line.quantity = kMillion;
  line.amount = amount;
  return line;
}

Receipt Sale(std::vector<Line> lines) {
  Receipt receipt;
  receipt.receipt_no = "4711";
  receipt.currency = "EUR";
  receipt.lines = std::move(lines);
  for (std::size_t i = 0; i < receipt.lines.size(); ++i) {
    if (receipt.lines[i].line_id.empty()) receipt.lines[i].line_id = std::to_string(i + 1);
    receipt.total += receipt.lines[i].amount;
  }
  return receipt;
}

rc::Gen<Receipt> AnyReceipt() {
  using rc::gen::element;
  using rc::gen::inRange;
  using rc::gen::set;
  const auto line = rc::gen::build<Line>(
      set(&Line::kind, rc::gen::weightedOneOf<LineKind>(
                           {{6, rc::gen::just(LineKind::kGoods)},
                            {2, element(LineKind::kDeposit, LineKind::kDepositReturn, LineKind::kGiftCardSale,
                                        LineKind::kFee, LineKind::kTip, LineKind::kDonation, LineKind::kRounding)}})),
      set(&Line::sku, element<std::string>("", "4000417025005", "a")),
      set(&Line::categories,
          rc::gen::container<std::vector<std::string>>(element<std::string>("food", "tobacco", "books"))),
      set(&Line::quantity, inRange<std::int64_t>(-2'000'000, 5'000'000)),
      set(&Line::amount, inRange<Minor>(-3000, 20000)), set(&Line::discount, inRange<Minor>(0, 500)),
      set(&Line::tax_rate, element(0, 70'000, 190'000, 10'000'000)), set(&Line::tax_net, rc::gen::arbitrary<bool>()),
      set(&Line::tax_amount,
          rc::gen::weightedOneOf<Minor>({{2, rc::gen::just<Minor>(0)}, {1, inRange<Minor>(-50, 900)}})),
      set(&Line::flags,
          rc::gen::weightedElement<unsigned>({{4, 0U}, {1, kNoDiscount | kNoRedemption}, {1, kNoEarning}})));
  const auto payment = rc::gen::build<Payment>(
      set(&Payment::kind, element(PaymentKind::kOther, PaymentKind::kPoints, PaymentKind::kGiftCard)),
      set(&Payment::amount, inRange<Minor>(0, 3000)));
  const auto few = [](auto items, std::size_t most) {
    return rc::gen::mapcat(inRange<std::size_t>(0, most + 1), [items](std::size_t count) {
      return rc::gen::container<std::vector<std::decay_t<decltype(*items)>>>(count, items);
    });
  };
  return rc::gen::map(rc::gen::pair(few(line, 12), few(payment, 2)),
                      [](const std::pair<std::vector<Line>, std::vector<Payment>>& parts) {
                        Receipt receipt = Sale(parts.first);
                        for (Line& item : receipt.lines)
                          if (item.categories.size() > kCategoriesMax) item.categories.resize(kCategoriesMax);
                        receipt.payments = parts.second;
                        return receipt;
                      });
}

}  // namespace loyalty::test
