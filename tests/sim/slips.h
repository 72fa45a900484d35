// What is printed at the tills: slips with lines, taxes and payments, their numbers, dates and clocks.
#pragma once

#include <array>
#include <vector>

#include "domain/receipt.h"
#include "services/catalogue/snapshot.h"
#include "tests/sim/chance.h"
#include "tests/sim/program.h"

namespace loyalty::sim {

class Slips {
 public:
  explicit Slips(Chance& chance) : chance_(chance) {}

  // What somebody wants to buy: 0 to 4 lines and their total.
  Receipt Basket();
  // The slip of a basket: the next number of the terminal, which begins anew with each of its days, its time and, of
  // most tills, its date. Now and then an old number, and now and then a number of the fiscal unit.
  void Close(Receipt& receipt, std::int64_t terminal_id, Instant now);
  // The same slip sent again later: by a till that reads its clock anew, perhaps on the other side of the day's cut.
  void SendAgain(Receipt& receipt, std::int64_t terminal_id, Instant now);

  // What the clock of a till says.
  Instant TillTime(const Shop& shop, Instant now);
  // What the program knows of the terminal's numberings. Now and then one begins anew, of which it hears a little
  // later.
  const std::vector<EpochStart>& EpochsOf(std::int64_t terminal_id, Instant now);

 private:
  struct Till {
    std::vector<EpochStart> epochs;
    std::int64_t day = 0;  // of which its numbers are
    std::int64_t last_no = 0;
  };

  Line AnyLine(int number);

  Chance& chance_;
  std::array<Till, kTerminals> tills_;
  std::int64_t signatures_ = 0;
};

}  // namespace loyalty::sim
