// What the demo has done. It leaves room on a screen of 80 x 24 for what is said after it.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "clients/replay.h"
#include "domain/time.h"

namespace loyalty::client {

struct DemoReport {
  ReplaySummary replay;
  std::size_t stores = 0;
  std::size_t terminals = 0;
  std::size_t members = 0;
  Day first_day = 0;  // after the move
  Day last_day = 0;
  int shift_days = 0;
  std::string currency;
  std::int64_t points_burnt = 0;
  std::int64_t points_outstanding = 0;  // available, pending and held of all members
  std::int64_t redemptions = 0;
  std::int64_t redemptions_refused = 0;
  std::int64_t rewards = 0;  // part of redemptions
  std::int64_t baskets = 0;  // part of redemptions
  std::int64_t value_minor = 0;

  struct StoreFigures {
    std::int64_t receipts = 0;
    std::int64_t points = 0;
  };
  std::map<std::string, StoreFigures> by_store;  // by id

  // Members by number of purchase days: 0, 1, 2, 3-5, 6-10, 11-20, 21 and more.
  static constexpr std::size_t kClasses = 7;
  std::array<std::int64_t, kClasses> by_purchase_days{};
};

// The class of a number of purchase days.
std::size_t PurchaseDayClass(std::int64_t days);

// At most 17 lines, of 80 columns unless names are long.
std::string RenderReport(const DemoReport& report, bool colour);

}  // namespace loyalty::client
