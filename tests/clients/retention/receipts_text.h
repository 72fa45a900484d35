// Small receipts files for the tests of reports.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

#include "clients/retention/customers.h"
#include "tests/clients/text_source.h"

namespace loyalty::client {

inline constexpr char kReceiptsHeader[] = "card,receipt_no,business_time,store,terminal,currency,kind,total\n";

// One sale of a card.
inline std::string SaleRow(const std::string& card, const std::string& time, const std::string& total) {
  return card + ",1," + time + ",S,T,EUR,sale," + total + "\n";
}

inline ReceiptWindow WindowUntil(const char* until) { return {.from = {}, .until = *ParseDay(until)}; }

// The failure, or nothing.
inline Outcome AddText(const std::string& text, const ReceiptWindow& window, Customers& customers) {
  auto reader = ReceiptReader::Open(TextSource(text), StoreZones(), 0);
  EXPECT_TRUE(reader.has_value());
  std::atomic<std::int64_t> read = 0;
  return AddCustomers(*reader, "r.csv", window, customers, read);
}

inline Customers CustomersOf(const std::string& text, const ReceiptWindow& window) {
  Customers customers;
  const auto failed = AddText(text, window, customers);
  EXPECT_FALSE(failed.has_value()) << failed->what;
  return customers;
}

// Two years from 2025-01-01 of customers who buy at rates of their own and leave with probability 0.2 after a purchase.
// Drawn without the library's distributions, which differ between compilers.
inline std::string ShopText(int customers, unsigned seed) {
  std::mt19937 random(seed);
  const auto uniform = [&] { return (static_cast<double>(random()) + 0.5) / 4294967296.0; };
  std::string text = kReceiptsHeader;
  for (int i = 0; i < customers; ++i) {
    const double mean_gap = 10 + 90 * uniform() * uniform();
    const double basket = 10 + 40 * uniform();
    const Day end = *ParseDay("2026-12-31");
    double day = *ParseDay("2025-01-01") + 364 * uniform();
    do {
      text += SaleRow("C" + std::to_string(i), FormatDay(static_cast<Day>(day)),
                      std::to_string(static_cast<int>(basket * (0.5 + uniform()))) + ".50");
      day += 1 - mean_gap * std::log(uniform());
    } while (uniform() > 0.2 && day <= end);
  }
  return text;
}

}  // namespace loyalty::client
