// Sales, returns and cancellations in every order in which they can arrive.
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "retention/returns.h"
#include "tests/retention/stored_member.h"
#include "tests/support/property.h"

namespace loyalty::retention {
namespace {

using test::Sale;
using Member = test::StoredMember;

// A receipt and what becomes of it, in the order in which that happens.
struct Life {
  Sale sale;
  std::vector<Reversal> reversals;

  bool counts() const { return reversals.empty() || !reversals.back().whole; }
  // The receipt as if what was reversed had never been on it.
  Sale Left() const {
    Sale left = sale;
    for (const Reversal& reversal : reversals) {
      left.amount -= reversal.amount;
      left.discount -= reversal.discount;
    }
    return left;
  }
};

// Kept, cancelled at once, brought back in part, or in parts until nothing is left.
std::vector<Life> AnyLives() {
  std::vector<Life> lives;
  for (const Sale& sale : *test::AnySales()) {
    Life life{sale, {}};
    for (int parts = *rc::gen::inRange(0, 3); parts > 0; --parts)
      life.reversals.push_back(
          {.amount = *rc::gen::inRange<std::int64_t>(-500, 2'000), .discount = *rc::gen::inRange<std::int64_t>(0, 90)});
    const Sale left = life.Left();
    if (*rc::gen::arbitrary<bool>()) life.reversals.push_back({left.amount, left.discount, true});
    lives.push_back(life);
  }
  return lives;
}

std::vector<Sale> WhatIsLeft(const std::vector<Life>& lives) {
  std::vector<Sale> left;
  for (const Life& life : lives)
    if (life.counts()) left.push_back(life.Left());
  return left;
}

// Sales and reversals in any order in which they can arrive: a reversal after its sale and the one before.
template <typename Step>
void InAnyOrder(const std::vector<Life>& lives, Step&& step) {
  std::vector<std::pair<const Life*, std::size_t>> waiting;  // and how many of its steps are done
  for (const Life& life : lives) waiting.emplace_back(&life, 0);
  while (!waiting.empty()) {
    const auto next = waiting.begin() + *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(waiting));
    auto& [life, done] = *next;
    step(life->sale, done == 0 ? nullptr : &life->reversals[done - 1]);
    if (done++ == life->reversals.size()) waiting.erase(next);
  }
}

// As storage does it, but for the neighbours, which are as `neighbours_of` says.
template <typename NeighboursOf>
Member Arrived(const std::vector<Life>& lives, NeighboursOf&& neighbours_of) {
  Member member;
  InAnyOrder(lives, [&](const Sale& sale, const Reversal* reversal) {
    if (reversal == nullptr) return member.Add(sale);
    MemberDay& stored = member.days.at(sale.day);
    RC_ASSERT(CanReverse(member.summary, stored, *reversal));
    const bool needed = NeedsNeighbourDays(member.summary, stored, *reversal);
    Reverse(member.summary, stored, needed ? neighbours_of(member, sale.day) : NeighbourDays{}, *reversal);
    RC_ASSERT(member.summary == member.FromScratch());
  });
  return member;
}

void ExpectWhatIsLeft(const std::vector<Life>& lives, const Member& member) {
  Member never_reversed;
  for (const Sale& sale : WhatIsLeft(lives)) never_reversed.Add(sale);
  RC_ASSERT(member.summary == test::Define(WhatIsLeft(lives)));
  for (const auto& [day, row] : member.days)
    RC_ASSERT(row == never_reversed.Stored(day).value_or(MemberDay{.day = day}));
}

TEST(Returns, AnyOrderOfArrivalEndsInTheBitsOfWhatIsLeft) {
  test::Check(
      [] {
        const auto lives = AnyLives();
        ExpectWhatIsLeft(lives, Arrived(lives, [](const Member& m, Day day) { return m.NeighbourDaysOf(day); }));
      },
      10);
}

// The property above would notice if a day went without its neighbours, or with their days and not their money.
TEST(Returns, ThePropertyFailsWithWrongNeighbours) {
  EXPECT_TRUE(test::Refutes([] {
    const auto lives = AnyLives();
    ExpectWhatIsLeft(lives, Arrived(lives, [](const Member& m, Day) {
                       return NeighbourDays{m.days.begin()->second, m.days.rbegin()->second};
                     }));
  }));
  EXPECT_TRUE(test::Refutes([] {
    const auto lives = AnyLives();
    ExpectWhatIsLeft(lives, Arrived(lives, [](const Member& m, Day day) {
                       auto neighbours = m.NeighbourDaysOf(day);
                       if (neighbours.before) neighbours.before->amount = 0;
                       if (neighbours.after) neighbours.after->amount = 0;
                       return neighbours;
                     }));
  }));
}

TEST(Returns, NeighboursMatterExactlyWhereTheyAreAskedFor) {
  test::Check(
      [] {
        const auto lives = AnyLives();
        const Member member = Arrived(lives, [](const Member& m, Day day) { return m.NeighbourDaysOf(day); });
        constexpr std::int64_t kNobodys = -1'000'000'000;  // money of no day that is generated
        for (const Sale& sale : WhatIsLeft(lives)) {
          const Reversal whole{sale.amount, sale.discount, true};
          const auto reversed = [&](const NeighbourDays& neighbours) {
            auto summary = member.summary;
            auto row = member.days.at(sale.day);
            Reverse(summary, row, neighbours, whole);
            return summary;
          };
          const bool needed = NeedsNeighbourDays(member.summary, member.days.at(sale.day), whole);
          const auto right = reversed(member.NeighbourDaysOf(sale.day));
          const auto wrong = reversed({MemberDay{sale.day - 1'000, kNobodys}, MemberDay{sale.day + 3'000, kNobodys}});
          RC_ASSERT((right == wrong) == !needed);
          if (!needed) RC_ASSERT(reversed({}) == right);
        }
      },
      5);
}

}  // namespace
}  // namespace loyalty::retention
