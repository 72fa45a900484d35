// The customers of a receipts file: by card, the days on which they bought.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clients/failure.h"
#include "clients/receipt_reader.h"
#include "domain/time.h"
#include "retention/history.h"
#include "retention/summary.h"

namespace loyalty::client {

// Which receipts of the file are looked at, both days included.
struct ReceiptWindow {
  std::optional<Day> from = {};
  Day until = 0;
};

struct Customers {
  // Purchase days in ascending order, at least one. A purchase is what the server's statistics count as one: a sale
  // with goods on it, its money that of the goods after discounts (GoodsOf in domain/receipt.h).
  std::map<std::string, std::vector<retention::MemberDay>, std::less<>> by_card;
  std::string currency;  // of all receipts that count; empty without one
  std::int64_t receipts = 0;
  // Receipts that do not count, by the first reason that applies.
  std::int64_t returns = 0;
  std::int64_t without_card = 0;
  std::int64_t outside = 0;   // of the window
  std::int64_t no_goods = 0;  // bottles brought back, a gift card sold
};

// Adds all receipts of a reader. `read` counts them on the way, for progress. A receipt that stands twice in the file
// counts twice. Failures: kUsage (a receipt that is wrong, another currency, more money than 64 bits hold; names file
// and line), kLocalIo. After a failure `customers` is of no use.
Outcome AddCustomers(ReceiptReader& reader, const std::string& file, const ReceiptWindow& window, Customers& customers,
                     std::atomic<std::int64_t>& read);

// The same for a file, plain or gzip, with progress on stderr; kUsage too when no receipt of it counts.
Outcome ReadCustomers(const std::string& file, const ReceiptWindow& window, Customers& customers);

// A customer at the end of a day.
struct CustomerAtDay {
  std::string_view card;
  retention::MemberSummary summary;
  retention::History history;
};

// Those who had bought by `day`, in the order of their cards, as of its end; receipts after it are not looked at. The
// cards are those of `customers`, which must outlive them.
std::vector<CustomerAtDay> CustomersAt(const Customers& customers, Day day);

}  // namespace loyalty::client
