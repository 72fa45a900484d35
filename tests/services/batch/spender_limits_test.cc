// Limits of what is spent at a terminal, in a store and by an operator: one way of counting for all three.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/batch_world.h"
#include "tests/support/property.h"

namespace loyalty {
namespace {

using storage::AlertRow;
using storage::Engine;
using test::BatchWorld;
using test::CatalogueOptions;
using test::kNorth;
using test::kSouth;
using ::testing::ElementsAre;

class SpenderLimitsTest : public ::testing::TestWithParam<Engine> {
 protected:
  static std::unique_ptr<BatchWorld> WorldOf(const CatalogueOptions& options) {
    auto world = std::make_unique<BatchWorld>(GetParam(), options);
    world->Must(world->Scan(1, 10'000'000));
    return world;
  }
  // By an operator, at a terminal: 1 and 2 are in the north, 3 in the south; 0 is a service desk of the north.
  static Command By(BatchWorld& world, const std::string& who, Points points, std::int64_t terminal = 1) {
    Command command = world.Redeem(1, points);
    auto& redeem = std::get<Redeem>(command.payload);
    redeem.place.terminal_id = terminal;
    redeem.place.store_id = terminal == 3 ? kSouth : kNorth;
    redeem.at_till.said = who;
    return command;
  }
  // "OK", or the limit that was passed.
  static std::string LimitOf(const Result<Answer>& answer) {
    if (answer) return "OK";
    const auto at = answer.error().metadata.find("limit");
    return at == answer.error().metadata.end() ? std::string(ReasonName(answer.error().reason)) : at->second;
  }
  static std::vector<std::string> LimitsOf(const std::vector<Result<Answer>>& answers) {
    std::vector<std::string> limits;
    for (const auto& answer : answers) limits.push_back(LimitOf(answer));
    return limits;
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, SpenderLimitsTest, test::kBothEngines, test::EngineName);

constexpr const char* kTerminal = "redeemed_points_per_terminal_day";
constexpr const char* kStore = "redeemed_points_per_store_day";
constexpr const char* kOperator = "redeemed_points_per_operator_day";

TEST_P(SpenderLimitsTest, EachIsNamedAndRaisesAnAlertAboutWhomItCounts) {
  const auto world =
      WorldOf({.redeemed_per_terminal_day = 900, .redeemed_per_store_day = 1'000, .redeemed_per_operator_day = 600});
  EXPECT_EQ(LimitOf(world->Run(By(*world, "7", 600))), "OK");
  EXPECT_EQ(LimitOf(world->Run(By(*world, "7", 1))), kOperator);
  EXPECT_EQ(LimitOf(world->Quote(By(*world, "7", 1))), kOperator);
  EXPECT_EQ(LimitOf(world->Run(By(*world, "8", 301))), kTerminal);
  EXPECT_EQ(LimitOf(world->Run(By(*world, "8", 401, 2))), kStore);
  EXPECT_EQ(LimitOf(world->Run(By(*world, "8", 401, 0))), kStore) << "a desk has no terminal";
  EXPECT_EQ(LimitOf(world->Run(By(*world, "", 400, 0))), "OK") << "nobody is named";
  EXPECT_EQ(LimitOf(world->Run(By(*world, "7", 600, 3))), "OK") << "the 7 of another store is somebody else";
  EXPECT_EQ(LimitOf(world->Run(By(*world, "7 ", 300, 3))), "OK") << "so is who has a space behind";
  const auto alerts = storage::ReadRows<AlertRow>(world->session(), " ORDER BY id");
  ASSERT_EQ(alerts.size(), 3U);
  EXPECT_EQ(alerts[0].key(), AlertRow::Key(0, 0, kNorth, "7", 9, alerts[0].day));
  EXPECT_EQ(alerts[1].key(), AlertRow::Key(0, 1, 0, "", 6, alerts[0].day));
  EXPECT_EQ(alerts[2].key(), AlertRow::Key(0, 0, kNorth, "", 8, alerts[0].day));
  EXPECT_EQ(alerts[2].count, 2);
  world->now += kDayLength;
  EXPECT_EQ(LimitOf(world->Run(By(*world, "7", 600))), "OK") << "the next day";
}

TEST_P(SpenderLimitsTest, OfManyInOneBatchAsManyPassAsThereIsRoomFor) {
  const auto world = WorldOf({.redeemed_per_store_day = 500, .redeemed_per_operator_day = 300});
  std::vector<Command> batch;
  for (int i = 0; i < 5; ++i) batch.push_back(By(*world, "7", 100, 1 + i % 2));
  for (int i = 0; i < 4; ++i) batch.push_back(By(*world, "8", 100));
  EXPECT_THAT(LimitsOf(world->Run(batch)),
              ElementsAre("OK", "OK", "OK", kOperator, kOperator, "OK", "OK", kStore, kStore));
}

TEST_P(SpenderLimitsTest, WhatIsCancelledMakesRoomInTheSameBatch) {
  const auto world = WorldOf({.redeemed_per_terminal_day = 100, .redeemed_per_operator_day = 100});
  const auto first = test::RedeemOf(world->Run(By(*world, "7", 100))).redemption();
  EXPECT_EQ(LimitOf(world->Run(By(*world, "7", 1))), kTerminal);
  EXPECT_THAT(LimitsOf(world->Run({world->Cancel(first), By(*world, "7", 60), By(*world, "7", 41)})),
              ElementsAre("OK", "OK", kTerminal));
  const auto second = test::RedeemOf(world->Run(By(*world, "7", 40))).redemption();
  world->now += kDayLength;
  EXPECT_EQ(LimitOf(world->Run(By(*world, "7", 100))), "OK");
  EXPECT_THAT(LimitsOf(world->Run({world->Cancel(second), By(*world, "7", 1)})), ElementsAre("OK", kTerminal))
      << "what is given back of yesterday makes no room today";
}

TEST_P(SpenderLimitsTest, WhatNoLimitAsksForIsNotRead) {
  const auto count = [](BatchWorld& world, const std::string& who, std::int64_t terminal) {
    world.Must(By(world, who, 1, terminal));
    int statements = 0;
    world.session().set_hook([&statements](auto) { ++statements; });
    world.Must(By(world, who, 1, terminal));
    world.session().set_hook(nullptr);
    return statements;
  };
  const auto plain = WorldOf({});
  const auto by_operator = WorldOf({.redeemed_per_operator_day = 1'000});
  const int without = count(*plain, "7", 1);
  EXPECT_LT(without, count(*by_operator, "7", 1));
  EXPECT_EQ(without, count(*by_operator, "", 1)) << "nobody is named";
  const auto of_terminal = WorldOf({.redeemed_per_terminal_day = 1'000});
  EXPECT_EQ(without, count(*of_terminal, "7", 0)) << "at none";
}

// What is naive: a list of what was spent, looked through for each redemption.
TEST_P(SpenderLimitsTest, EveryRedemptionIsAnsweredAsAListOfAllSays) {
  const auto world =
      WorldOf({.redeemed_per_terminal_day = 150, .redeemed_per_store_day = 200, .redeemed_per_operator_day = 100});
  struct Spent {
    std::int64_t terminal;
    std::string who;
    Points points;
    bool cancelled;
    std::string name;
  };
  const auto store = [](std::int64_t terminal) { return terminal == 3 ? kSouth : kNorth; };
  test::Check([&] {
    world->now += kDayLength;
    std::vector<Spent> spent;
    const auto expected = [&](const Spent& one) -> std::string {
      Points at_terminal = one.points, in_store = one.points, by_operator = one.points;
      for (const Spent& other : spent) {
        if (other.cancelled || store(other.terminal) != store(one.terminal)) continue;
        in_store += other.points;
        if (other.terminal == one.terminal) at_terminal += other.points;
        if (other.who == one.who) by_operator += other.points;
      }
      if (one.terminal != 0 && at_terminal > 150) return kTerminal;
      if (in_store > 200) return kStore;
      return !one.who.empty() && by_operator > 100 ? kOperator : "OK";
    };
    const int steps = *rc::gen::inRange(1, 10);
    for (int i = 0; i < steps; ++i) {
      std::vector<Command> batch;
      std::vector<std::string> outcomes;
      std::vector<std::size_t> made;
      for (Spent& one : spent) {
        if (one.cancelled || one.terminal == 3 || *rc::gen::inRange(0, 4) != 0) continue;
        batch.push_back(world->Cancel(one.name));
        outcomes.emplace_back("OK");
        one.cancelled = true;
      }
      const int more = *rc::gen::inRange(1, 5);
      for (int n = 0; n < more; ++n) {
        const Spent one{*rc::gen::inRange<std::int64_t>(0, 4), *rc::gen::element<std::string>("", "7", "8"),
                        *rc::gen::inRange<Points>(1, 70), false, ""};
        batch.push_back(By(*world, one.who, one.points, one.terminal));
        outcomes.push_back(expected(one));
        if (outcomes.back() != "OK") continue;
        made.push_back(batch.size() - 1);
        spent.push_back(one);
      }
      const auto answers = world->Run(batch);
      RC_ASSERT(LimitsOf(answers) == outcomes);
      for (std::size_t n = 0; n < made.size(); ++n)
        spent[spent.size() - made.size() + n].name = test::RedeemOf(answers[made[n]]).redemption();
    }
  });
}

}  // namespace
}  // namespace loyalty
