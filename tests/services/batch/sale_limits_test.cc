// Above a limit a sale is recorded and earns nothing: exactly, however commands fall into batches.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/support/batch_world.h"
#include "tests/support/property.h"
#include "tests/support/receipts.h"

namespace loyalty {
namespace {

using storage::AlertRow;
using storage::AlertState;
using storage::Engine;
using test::BatchWorld;

class SaleLimitsTest : public ::testing::TestWithParam<Engine> {
 protected:
  // Points of each, in their order.
  static std::vector<Points> PointsOf(const std::vector<Result<Answer>>& answers) {
    std::vector<Points> points;
    for (const auto& answer : answers) points.push_back(test::ScanOf(answer).sale().points_earned());
    return points;
  }
  // The limit that a sale was told of; empty: none.
  static std::string LimitIn(const v1::ScanResult& result) {
    for (const auto& rejected : result.rejected())
      if (rejected.what_case() == v1::Rejection::kLimit) {
        EXPECT_EQ(rejected.reason(), v1::ERROR_REASON_LIMIT_EXCEEDED);
        return rejected.limit();
      }
    return "";
  }
  static std::vector<AlertRow> Alerts(BatchWorld& world) {
    return storage::ReadRows<AlertRow>(world.session(), " ORDER BY id");
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, SaleLimitsTest, test::kBothEngines, test::EngineName);

// X1.
TEST_P(SaleLimitsTest, TheEleventhAndTwelfthSaleOfADayAreRecordedAndEarnNothing) {
  for (const bool at_once : {false, true}) {
    BatchWorld world(GetParam(), {.receipts_per_day = 10});
    std::vector<Command> sales;
    for (int i = 0; i < 12; ++i) sales.push_back(world.Scan(1, 1'000));
    std::vector<Result<Answer>> answers;
    if (at_once) answers = world.Run(sales);
    for (const Command& sale : sales)
      if (!at_once) answers.push_back(world.Run(sale));
    for (int i = 0; i < 12; ++i) {
      const auto result = test::ScanOf(answers[static_cast<std::size_t>(i)]);
      EXPECT_EQ(result.sale().points_earned(), i < 10 ? 10 : 0) << i;
      EXPECT_EQ(result.sale().effects(0).points_desired(), 10);
      EXPECT_EQ(result.sale().effects(0).points_awarded(), i < 10 ? 10 : 0);
      EXPECT_EQ(LimitIn(result), i < 10 ? "" : "earning_receipts_per_member_day");
      EXPECT_EQ(result.sale().entries_size(), 1) << "the member's log has every sale";
    }
    EXPECT_EQ(world.database().Number("SELECT COUNT(*) FROM receipts"), 12);
    EXPECT_EQ(world.database().Number("SELECT receipts FROM members"), 12) << "statistics count them";
    EXPECT_EQ(world.BalanceOf(1).available, 100);
    const auto alerts = Alerts(world);
    ASSERT_EQ(alerts.size(), 1U);
    EXPECT_EQ(alerts[0].count, 2);
    EXPECT_EQ(alerts[0].limit, static_cast<int>(Limit::kEarningReceiptsPerMemberDay));
    EXPECT_EQ(alerts[0].member_id, world.MemberOf(1));
    EXPECT_EQ(alerts[0].place_id, 1);
    EXPECT_EQ(alerts[0].store_id, test::kNorth);
    EXPECT_EQ(alerts[0].state, AlertState::kOpen);
  }
}

// What a till of today can do: a receipt of 9,000,000,000,000.00.
TEST_P(SaleLimitsTest, AReceiptOfNineTrillionEarnsNothing) {
  BatchWorld world(GetParam(), {.points_per_receipt = 100'000});
  world.Must(world.Scan(1, 100));
  const auto result = test::ScanOf(world.Run(world.Scan(1, 900'000'000'000'000)));
  EXPECT_EQ(result.sale().points_earned(), 0);
  EXPECT_EQ(LimitIn(result), "points_per_receipt");
  EXPECT_EQ(world.BalanceOf(1).available, 1);
  EXPECT_EQ(Alerts(world).size(), 1U);
  EXPECT_EQ(test::ScanOf(world.Run(world.Scan(1, 10'000'000))).sale().points_earned(), 100'000) << "as many as it may";
  // Of a card that nobody has seen, too.
  EXPECT_EQ(LimitIn(test::ScanOf(world.Run(world.Scan(2, 900'000'000'000'000)))), "points_per_receipt");
  EXPECT_EQ(Alerts(world).size(), 2U);
  // Without a member nobody earns, and nobody is to be looked at.
  EXPECT_EQ(LimitIn(test::ScanOf(world.Run(world.Scan(1'000'001, 900'000'000'000'000)))), "");
  EXPECT_EQ(Alerts(world).size(), 2U);
}

TEST_P(SaleLimitsTest, WhatIsLeftOfADayIsNotSharedOut) {
  BatchWorld world(GetParam(), {.points_per_day = 50});
  EXPECT_THAT(
      PointsOf(world.Run({world.Scan(1, 3'000), world.Scan(1, 2'100), world.Scan(1, 2'000), world.Scan(1, 100)})),
      ::testing::ElementsAre(30, 0, 20, 0));
  EXPECT_EQ(Alerts(world).at(0).count, 2);
  EXPECT_EQ(test::ScanOf(world.Run(world.Scan(2, 5'000))).sale().points_earned(), 50) << "each member has its own";
  world.now += kDayLength;
  EXPECT_EQ(test::ScanOf(world.Run(world.Scan(1, 5'000))).sale().points_earned(), 50) << "and each day";
}

TEST_P(SaleLimitsTest, ARepeatIsTheSameAnswerAndIsCountedOnce) {
  BatchWorld world(GetParam(), {.receipts_per_day = 1});
  world.Must(world.Scan(1, 1'000));
  const Command sale = world.Scan(1, 1'000);
  const std::string first = world.Must(sale).bytes;
  EXPECT_EQ(world.Must(sale).bytes, first);
  EXPECT_EQ(world.Must(world.Again(sale)).bytes, first) << "by its number";
  EXPECT_EQ(Alerts(world).at(0).count, 1);
}

TEST_P(SaleLimitsTest, AQuoteSaysTheSameAndRaisesNoAlert) {
  BatchWorld world(GetParam(), {.receipts_per_day = 1});
  world.Must(world.Scan(1, 1'000));
  const auto answer = world.Quote(world.Scan(1, 1'000));
  ASSERT_TRUE(answer);
  const auto& result = dynamic_cast<const v1::ScanResult&>(*answer->result);
  EXPECT_EQ(result.sale().points_earned(), 0);
  EXPECT_EQ(LimitIn(result), "earning_receipts_per_member_day");
  EXPECT_TRUE(Alerts(world).empty());
}

TEST_P(SaleLimitsTest, ALimitThatIsNotSetLoadsNothing) {
  BatchWorld plain(GetParam()), limited(GetParam(), {.receipts_per_day = 10});
  const auto count = [](BatchWorld& world) {
    world.Must(world.Scan(1, 1'000));
    int statements = 0;
    world.session().set_hook([&statements](auto) { ++statements; });
    world.Must(world.Scan(1, 1'000));
    world.session().set_hook(nullptr);
    return statements;
  };
  EXPECT_LT(count(plain), count(limited));
  BatchWorld bounded(GetParam(), {.points_per_receipt = 100'000});
  EXPECT_EQ(count(plain), count(bounded)) << "a receipt that cannot reach it asks nobody";
}

TEST_P(SaleLimitsTest, AnAlertThatWasResolvedIsOpenedAgain) {
  BatchWorld world(GetParam(), {.receipts_per_day = 1});
  world.Run({world.Scan(1, 1'000), world.Scan(1, 1'000)});
  world.Edit<AlertRow>(Alerts(world).at(0).key(), [](AlertRow& row) {
    row.state = AlertState::kResolved;
    row.note = "seen";
  });
  world.Must(world.Scan(1, 1'000));
  EXPECT_EQ(Alerts(world).at(0).state, AlertState::kOpen);
  EXPECT_EQ(Alerts(world).at(0).note, "");
  EXPECT_EQ(Alerts(world).at(0).count, 2);
}

// What is naive: a list of all sales, looked through for each. Nothing of it is ours but the numbers.
struct NaiveSale {
  int card;
  int days_ago;
  std::int64_t points;
};
std::int64_t NaivePoints(const std::vector<NaiveSale>& before, const NaiveSale& sale, int receipts_max,
                         std::int64_t day_max, std::int64_t receipt_max) {
  int receipts = 0;
  std::int64_t points = 0;
  for (const NaiveSale& other : before)
    if (other.card == sale.card && other.days_ago == sale.days_ago && other.points > 0) {
      ++receipts;
      points += other.points;
    }
  const bool passes = sale.points > receipt_max || receipts >= receipts_max || points + sale.points > day_max;
  return passes ? 0 : sale.points;
}

TEST_P(SaleLimitsTest, EverySaleEarnsWhatAListOfAllSalesSays) {
  BatchWorld world(GetParam(), {.points_per_receipt = 40, .receipts_per_day = 4, .points_per_day = 100});
  int first_card = 0;
  test::Check(
      [&] {
        first_card += 3;
        const int count = *rc::gen::inRange(1, 25);
        std::vector<NaiveSale> done;
        std::vector<NaiveSale> asked;
        std::vector<Command> batch;
        for (int i = 0; i < count; ++i) {
          const NaiveSale sale{first_card + *rc::gen::inRange(0, 3), *rc::gen::inRange(0, 3), *rc::gen::inRange(0, 60)};
          Command command = world.Scan(sale.card, sale.points * 100);
          std::get<Scan>(command.payload).receipt->business_time = world.now - sale.days_ago * kDayLength;
          asked.push_back(sale);
          batch.push_back(std::move(command));
          if (i + 1 < count && *rc::gen::inRange(0, 3) > 0) continue;
          const auto answers = world.Run(std::exchange(batch, {}));
          for (std::size_t n = 0; n < answers.size(); ++n) {
            RC_ASSERT(static_cast<bool>(answers[n]));
            NaiveSale one = asked[n];
            one.points = NaivePoints(done, asked[n], 4, 100, 40);
            RC_ASSERT(test::ScanOf(answers[n]).sale().points_earned() == one.points);
            done.push_back(one);
          }
          asked.clear();
        }
      },
      1);
}

}  // namespace
}  // namespace loyalty
