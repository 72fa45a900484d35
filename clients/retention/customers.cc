#include "clients/retention/customers.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "clients/input_file.h"
#include "clients/progress.h"
#include "clients/table.h"
#include "domain/money.h"
#include "domain/receipt.h"

namespace loyalty::client {
namespace {

using retention::MemberDay;

constexpr std::string_view kReturn = "RETURN_NOT_SUPPORTED";  // of CsvReceipt::reason

// As far as GoodsOf looks at it.
Receipt ForStatistics(const v1::Receipt& sent) {
  Receipt receipt;
  receipt.total = sent.total_minor();
  receipt.lines.reserve(static_cast<std::size_t>(sent.lines_size()));
  for (const auto& from : sent.lines()) {
    Line& line = receipt.lines.emplace_back();
    line.kind = static_cast<LineKind>(from.kind());  // the same numbers
    line.amount = from.amount_minor();
    line.discount = from.discount_minor();
  }
  return receipt;
}

// Files are mostly in order of time: the day is the last one, or comes after it.
MemberDay& RowOf(std::vector<MemberDay>& days, Day day) {
  const auto at = std::lower_bound(days.begin(), days.end(), day,
                                   [](const MemberDay& other, Day value) { return other.day < value; });
  if (at != days.end() && at->day == day) return *at;
  return *days.insert(at, {.day = day});
}

class Collector {
 public:
  Collector(const std::string& file, const ReceiptWindow& window, Customers& customers)
      : file_(file), window_(window), customers_(customers) {}

  Outcome Add(const CsvReceipt& receipt) {
    if (receipt.reason == kReturn) {
      ++customers_.returns;
      return {};
    }
    if (!receipt.reason.empty())
      return UsageFailure(file_ + ": " + receipt.message, "correct the row or take it out; nothing was computed");
    const auto& content = receipt.request.receipt();
    const std::string& card = receipt.request.identifier().card();
    const auto goods = GoodsOf(ForStatistics(content));
    if (card.empty()) {
      ++customers_.without_card;
    } else if (receipt.day > window_.until || (window_.from && receipt.day < *window_.from)) {
      ++customers_.outside;
    } else if (!goods.purchase) {
      ++customers_.no_goods;
    } else {
      return Count(receipt, card, content.currency_code(), goods);
    }
    return {};
  }

 private:
  Outcome Count(const CsvReceipt& receipt, const std::string& card, const std::string& currency,
                const GoodsMoney& goods) {
    const std::string place = file_ + ": line " + std::to_string(receipt.rows.front().line) + ": ";
    if (customers_.currency.empty()) customers_.currency = currency;
    if (customers_.currency != currency)
      return UsageFailure(place + "currency is " + currency + ", but " + customers_.currency + " in the rows before",
                          "money of two currencies cannot be summed: give one file for each");
    // No sum over a part of the receipts can then leave 64 bits.
    const auto goods_sum = CheckedAdd(money_, std::abs(goods.amount));
    const auto sum = goods_sum ? CheckedAdd(*goods_sum, std::abs(goods.discount)) : goods_sum;
    if (!sum) return UsageFailure(place + "the receipts so far add up to more money than can be counted");
    money_ = *sum;
    MemberDay& day = RowOf(customers_.by_card[card], receipt.day);
    day.amount += goods.amount;
    day.discount += goods.discount;
    ++day.receipts;
    ++customers_.receipts;
    return {};
  }

  const std::string& file_;
  const ReceiptWindow& window_;
  Customers& customers_;
  std::int64_t money_ = 0;
};

std::string NothingCounts(const Customers& customers, const ReceiptWindow& window) {
  return "no sale with a card " + (window.from ? "from " + FormatDay(*window.from) + " " : std::string()) + "until " +
         FormatDay(window.until) + " (outside these days: " + Grouped(customers.outside) +
         ", without a card: " + Grouped(customers.without_card) + ", returns: " + Grouped(customers.returns) +
         ", without goods: " + Grouped(customers.no_goods) + ")";
}

}  // namespace

Outcome AddCustomers(ReceiptReader& reader, const std::string& file, const ReceiptWindow& window, Customers& customers,
                     std::atomic<std::int64_t>& read) {
  Collector collector(file, window, customers);
  for (;;) {
    const auto receipt = reader.Next();
    if (!receipt) return LocalFailure(receipt.error().message);
    if (!receipt->has_value()) return {};
    if (auto failed = collector.Add(**receipt)) return failed;
    ++read;
  }
}

Outcome ReadCustomers(const std::string& file, const ReceiptWindow& window, Customers& customers) {
  auto input = InputFile::Open(file);
  if (!input) return LocalFailure(input.error().message);
  std::atomic<std::int64_t> position = 0;
  auto reader = ReceiptReader::Open(
      [&](char* buffer, std::size_t size) {
        auto got = input->Read(buffer, size);
        position = input->position();
        return got;
      },
      StoreZones(), 0);
  if (!reader) {
    if (reader.error().reason != Reason::kInvalidArgument) return LocalFailure(reader.error().message);
    return UsageFailure(file + ": line 1: " + reader.error().message, "see: loyalty-till replay --help");
  }
  std::atomic<std::int64_t> read = 0;
  {
    const Progress progress("receipts", [&] {
      const double size = static_cast<double>(std::max<std::int64_t>(1, input->size()));
      return ProgressState{read, static_cast<double>(position) / size};
    });
    if (auto failed = AddCustomers(*reader, file, window, customers, read)) return failed;
  }
  if (customers.by_card.empty())
    return UsageFailure(file + ": " + NothingCounts(customers, window), "look at the days and at the column card");
  return {};
}

std::vector<CustomerAtDay> CustomersAt(const Customers& customers, Day day) {
  std::vector<CustomerAtDay> result;
  result.reserve(customers.by_card.size());
  for (const auto& [card, days] : customers.by_card) {
    const auto end = std::upper_bound(days.begin(), days.end(), day,
                                      [](Day value, const MemberDay& other) { return value < other.day; });
    const auto summary = retention::Summarise({days.begin(), end});
    if (const auto history = retention::HistoryOf(summary, day)) result.push_back({card, summary, *history});
  }
  return result;
}

}  // namespace loyalty::client
