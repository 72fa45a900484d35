// Above a limit a redemption is refused, and leaves its alert and nothing else; what proves who spends.
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
using test::Outcome;
using test::Outcomes;
using ::testing::ElementsAre;

constexpr Points kPlenty = 100'000;

class RedemptionLimitsTest : public ::testing::TestWithParam<Engine> {
 protected:
  static std::unique_ptr<BatchWorld> WorldOf(const CatalogueOptions& options) {
    auto world = std::make_unique<BatchWorld>(GetParam(), options);
    world->Must(world->Scan(1, kPlenty * 100));
    return world;
  }
  // As a till's key asks.
  static Command AtTill(BatchWorld& world, int card, Points points) {
    Command command = world.Redeem(card, points);
    std::get<Redeem>(command.payload).place.at_till = true;
    return command;
  }
  static std::vector<AlertRow> Alerts(BatchWorld& world) {
    return storage::ReadRows<AlertRow>(world.session(), " ORDER BY id");
  }
  static std::string LimitOf(const Result<Answer>& answer) {
    if (answer) return "OK";
    const auto at = answer.error().metadata.find("limit");
    return at == answer.error().metadata.end() ? std::string(ReasonName(answer.error().reason)) : at->second;
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, RedemptionLimitsTest, test::kBothEngines, test::EngineName);

// What somebody with a photograph of a card can do at a till of today.
TEST_P(RedemptionLimitsTest, APrintedNumberDoesNotSpendFiveThousandPoints) {
  const auto world = WorldOf({});
  EXPECT_EQ(Outcome(world->Run(AtTill(*world, 1, 5'000))), "PROOF_NEEDED");
  EXPECT_EQ(Outcome(world->Quote(AtTill(*world, 1, 5'000))), "PROOF_NEEDED");
  EXPECT_EQ(world->BalanceOf(1).available, kPlenty);
  // Nor in small steps, in one batch or in several.
  EXPECT_THAT(Outcomes(world->Run({AtTill(*world, 1, 300), AtTill(*world, 1, 200), AtTill(*world, 1, 1)})),
              ElementsAre("OK", "OK", "PROOF_NEEDED"));
  EXPECT_EQ(Outcome(world->Run(AtTill(*world, 1, 1))), "PROOF_NEEDED");
  EXPECT_EQ(Outcome(world->Run(world->Redeem(1, 5'000))), "OK") << "the service desk";
  EXPECT_TRUE(Alerts(*world).empty()) << "it is a question, not a suspicion";
  world->now += kDayLength;
  EXPECT_EQ(Outcome(world->Run(AtTill(*world, 1, 500))), "OK") << "the next day";
}

TEST_P(RedemptionLimitsTest, APhoneNumberOrAnEmailAddressSpendsNothingAtATill) {
  const auto world = WorldOf({});
  const std::string member =
      "members/" + storage::PublicName(world->database().Number("SELECT public_id FROM members"));
  for (const auto& [kind, key] : {std::pair{IdentifierKind::kPhone, "phone:a"},
                                  {IdentifierKind::kEmail, "email:b"},
                                  {IdentifierKind::kToken, "token:c"}}) {
    const Identifier identifier{kind, key, "somebody's"};
    world->Must(world->Link(member, identifier));
    Command command = AtTill(*world, 1, 10);
    std::get<Redeem>(command.payload).identifier = identifier;
    EXPECT_EQ(Outcome(world->Run(command)), kind == IdentifierKind::kToken ? "OK" : "PROOF_NEEDED") << key;
    std::get<Redeem>(command.payload).place.at_till = false;
    EXPECT_EQ(Outcome(world->Run(world->Again(command))), "OK") << key;
  }
}

TEST_P(RedemptionLimitsTest, WhatWasCancelledMayBeSpentAgain) {
  const auto world = WorldOf({});
  const auto redemption = test::RedeemOf(world->Run(AtTill(*world, 1, 500))).redemption();
  EXPECT_EQ(Outcome(world->Run(AtTill(*world, 1, 500))), "PROOF_NEEDED");
  EXPECT_THAT(Outcomes(world->Run({world->Cancel(redemption), AtTill(*world, 1, 500), AtTill(*world, 1, 1)})),
              ElementsAre("OK", "OK", "PROOF_NEEDED"));
  // What is given back of yesterday makes no room today.
  const auto second = test::RedeemOf(world->Run(world->Redeem(1, 5'000))).redemption();
  world->now += kDayLength;
  EXPECT_EQ(Outcome(world->Run(AtTill(*world, 1, 500))), "OK");
  EXPECT_THAT(Outcomes(world->Run({world->Cancel(second), AtTill(*world, 1, 1)})), ElementsAre("OK", "PROOF_NEEDED"));
  EXPECT_EQ(Outcome(world->Run(AtTill(*world, 1, 1))), "PROOF_NEEDED");
}

TEST_P(RedemptionLimitsTest, EachLimitIsNamedAndLeavesOneAlertAndNothingElse) {
  const auto world = WorldOf({.redemptions_per_day = 3, .redeemed_per_day = 1'000, .redeemed_per_terminal_day = 1'200});
  world->Must(world->Scan(2, kPlenty * 100));
  world->Must(world->Redeem(1, 900));
  const auto rows = world->database().RowCounts();
  const auto balance = world->BalanceOf(1).available;
  const Command over = world->Redeem(1, 200);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(LimitOf(world->Run(over)), "redeemed_points_per_member_day");
  EXPECT_EQ(Alerts(*world).size(), 1U);
  EXPECT_EQ(Alerts(*world).at(0).count, 1) << "the same request again is the same attempt";
  EXPECT_EQ(LimitOf(world->Run(world->Again(over))), "redeemed_points_per_member_day");
  EXPECT_EQ(Alerts(*world).at(0).count, 2);
  auto after = world->database().RowCounts();
  EXPECT_EQ(after["alerts"], rows.at("alerts") + 1);
  after["alerts"] = rows.at("alerts");
  EXPECT_EQ(after, rows);
  EXPECT_EQ(world->BalanceOf(1).available, balance);
  EXPECT_EQ(LimitOf(world->Run(world->Redeem(2, 301))), "redeemed_points_per_terminal_day");
  EXPECT_EQ(Alerts(*world).at(1).member_id, 0) << "it is the terminal's";
  EXPECT_EQ(Alerts(*world).at(1).terminal_id, 1);
  EXPECT_THAT(Outcomes(world->Run({world->Redeem(2, 100), world->Redeem(2, 100), world->Redeem(2, 100)})),
              ElementsAre("OK", "OK", "OK"));
  EXPECT_EQ(LimitOf(world->Run(world->Redeem(2, 1))), "redemptions_per_member_day");
  EXPECT_EQ(LimitOf(world->Quote(world->Redeem(2, 1))), "redemptions_per_member_day");
  EXPECT_EQ(Alerts(*world).size(), 3U);
  world->now += kDayLength;
  EXPECT_EQ(LimitOf(world->Run(world->Redeem(2, 301))), "OK");
}

TEST_P(RedemptionLimitsTest, OthersOfTheBatchGoOn) {
  const auto world = WorldOf({.redemptions_per_day = 1});
  world->Must(world->Scan(2, 1'000));
  EXPECT_THAT(
      Outcomes(world->Run({world->Redeem(1, 10), world->Redeem(1, 10), world->Redeem(2, 5), world->Scan(1, 100)})),
      ElementsAre("OK", "LIMIT_EXCEEDED", "OK", "OK"));
  EXPECT_EQ(Alerts(*world).at(0).count, 1);
}

// What is naive: lists of what was spent, looked through for each redemption.
TEST_P(RedemptionLimitsTest, EveryRedemptionIsAnsweredAsAListOfAllSays) {
  const auto world = WorldOf({.redemptions_per_day = 4, .redeemed_per_day = 100});
  int card = 10;
  test::Check([&] {
    world->Must(world->Scan(++card, kPlenty * 100));
    struct Spent {
      Points points;
      bool cancelled;
      std::string name;
    };
    std::vector<Spent> spent;
    const int steps = *rc::gen::inRange(1, 15);
    for (int i = 0; i < steps; ++i) {
      std::vector<Command> batch;
      std::vector<std::string> expected;
      std::vector<std::size_t> made;
      const bool cancels = !spent.empty() && *rc::gen::inRange(0, 3) == 0;
      if (cancels) {
        const auto at = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(spent.size())));
        batch.push_back(world->Cancel(spent[at].name));
        expected.emplace_back(spent[at].cancelled ? "REDEMPTION_ALREADY_CANCELLED" : "OK");
        spent[at].cancelled = true;
      }
      const int more = *rc::gen::inRange(1, 4);
      for (int n = 0; n < more; ++n) {
        const Points points = *rc::gen::inRange(1, 60);
        Points sum = points;
        for (const Spent& one : spent) sum += one.cancelled ? 0 : one.points;
        const bool may = spent.size() < 4 && sum <= 100;
        batch.push_back(world->Redeem(card, points));
        expected.emplace_back(may ? "OK" : "LIMIT_EXCEEDED");
        if (!may) continue;
        made.push_back(batch.size() - 1);
        spent.push_back({points, false, ""});
      }
      const auto answers = world->Run(batch);
      RC_ASSERT(Outcomes(answers) == expected);
      for (std::size_t n = 0; n < made.size(); ++n)
        spent[spent.size() - made.size() + n].name = test::RedeemOf(answers[made[n]]).redemption();
    }
  });
}

}  // namespace
}  // namespace loyalty
