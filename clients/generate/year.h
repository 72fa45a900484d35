// The year of a retailer, day by day: who comes, with which card, to which till, and what is brought back later.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "clients/generate/basket.h"
#include "clients/generate/member.h"

namespace loyalty::client {

// Day 0 of every year is 2025-01-01, a Wednesday: the same seed is the same file for ever.
inline constexpr std::string_view kFirstDay = "2025-01-01";
inline constexpr int kFirstWeekday = 2;  // from Monday = 0

// A receipt on its way into the file.
struct GeneratedReceipt {
  std::string card;  // empty: nobody showed one
  std::int64_t receipt_no = 0;
  int day = 0;     // from 0
  int second = 0;  // of the day
  int store = 0, terminal = 0;
  bool is_return = false;
  std::int64_t original_no = 0;  // of a return
  int original_day = 0;
  std::int64_t points_paid = 0;  // part of the total, in minor units
  std::vector<BasketLine> lines;

  std::int64_t total() const;
};

class Year {
 public:
  explicit Year(const Population& population);

  int stores() const { return stores_; }

  // All receipts of the next day in order of time, one call for each; false when the year is over. Memory depends on
  // the number of members and on what a day holds, not on the length of the year.
  bool NextDay(const std::function<void(const GeneratedReceipt&)>& take);

  const std::vector<Member>& members() const { return members_; }

 private:
  struct Calendar {
    int weekday = 0, day_of_year = 0;
    bool deal_week = false;
  };
  Calendar Today() const;
  void Visit(std::int64_t number, Member& member, const Calendar& today);
  void SellToStrangers(const Calendar& today);
  GeneratedReceipt Slip(Dice& dice, int store) const;
  void MaybeBringBack(const GeneratedReceipt& sale, Dice& dice);

  Population population_;
  std::vector<Member> members_;
  int stores_;
  int day_ = 0;
  std::vector<std::int64_t> last_no_;                     // by terminal of every store
  std::vector<GeneratedReceipt> today_;                   // sales and returns of the day, in no order
  std::map<int, std::vector<GeneratedReceipt>> returns_;  // by the day on which they come
};

// Card `which` (from 0) of a member: 13 digits with an EAN-13 check digit, in the range of the program's cards.
std::string CardNumber(std::int64_t member, int which);

}  // namespace loyalty::client
