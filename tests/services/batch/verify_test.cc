// A verification that never finds anything proves nothing: each row changed by hand must be noticed, on both engines.
#include "storage/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <random>

#include "storage/seal.h"
#include "tests/support/batch_world.h"

namespace loyalty {
namespace {

using storage::Engine;
using storage::ProgramSeal;
using test::BatchWorld;

storage::VerifyReport Verify(BatchWorld& world, const std::optional<ProgramSeal>& since = {}) {
  return storage::VerifyLedger(world.session(), test::TestKeys(), std::nullopt, since,
                               [](const storage::VerifyReport&) { return true; });
}

// Runs SQL; $1 and $2 stand for the members of cards 1 and 2.
void Plant(BatchWorld& world, std::string sql) {
  for (const int card : {1, 2}) {
    const std::string place = "$" + std::to_string(card);
    for (auto at = sql.find(place); at != std::string::npos; at = sql.find(place))
      sql.replace(at, place.size(), std::to_string(world.MemberOf(card)));
  }
  world.session().Run(sql);
}

// Something of everything: two members, redemptions, a receipt of nobody, a visit, an enrolment, two stores.
void LiveALittle(BatchWorld& world) {
  world.check_at_end = false;
  world.LayDownMeasure();
  world.Run({world.Scan(1, 10'000), world.Scan(1, 5'000), world.Scan(1, 50)});
  world.Must(world.Cancel(test::RedeemOf(world.Run(world.Redeem(1, 120))).redemption()));
  world.Must(world.Redeem(1, 10));
  const Command again = world.Scan(2, 700);
  world.Run({again, world.Again(again)});
  world.Run({world.Scan(1'000'001, 900), world.Visit(2), world.Enroll({2, 3})});
  world.Must(world.CreateStore("west"));
  world.Must(world.CreateStore("east"));
  for (int day = 0; day < 20; ++day) {  // some of its days move out of the member's row
    world.now += kDayLength;
    world.Must(world.Scan(2, 700));
  }
}

constexpr const char* kPlanted[] = {
    // members
    "UPDATE members SET available = available + 1 WHERE id = $1",
    "UPDATE members SET member_seq = member_seq + 1 WHERE id = $1",
    "UPDATE members SET next_due_time = 9223372036854775807 WHERE id = $1",
    "UPDATE members SET chain_head = x'00' WHERE id = $1",
    "UPDATE members SET record_time = record_time - 1 WHERE id = $1",
    "UPDATE members SET state = 2 WHERE id = $1",
    "UPDATE members SET merged_into = $2 WHERE id = $1",
    "UPDATE members SET amount = amount + 1 WHERE id = $1",
    "UPDATE members SET q1_amount = q1_amount + 1 WHERE id = $1",
    "UPDATE members SET recent_days = x'' WHERE id = $1",
    "UPDATE members SET stage = stage + 1 WHERE id = $1",
    "UPDATE members SET transitions = transitions - 1 WHERE id = $1",
    "DELETE FROM members WHERE id = $1",
    // The last member: nobody comes after it to notice.
    "DELETE FROM members WHERE id = $2",
    "UPDATE member_day SET receipts = receipts + 1",
    "DELETE FROM member_day",
    // entries, lots, allocations
    "UPDATE entries SET available_delta = available_delta + 1 WHERE member_id = $1 AND seq = 1",
    "UPDATE entries SET business_time = business_time + 1 WHERE member_id = $1 AND seq = 2",
    "UPDATE entries SET sale_amount = sale_amount + 1 WHERE member_id = $1 AND seq = 3",
    "DELETE FROM entries WHERE member_id = $1 AND seq = 2",
    "UPDATE open_lots SET expire_time = expire_time + 1 WHERE member_id = $1 AND lot_seq = 1",
    "UPDATE open_lots SET activate_time = activate_time - 1 WHERE member_id = $1 AND lot_seq = 1",
    "UPDATE open_lots SET remaining = remaining - 1 WHERE member_id = $1 AND lot_seq = 2",
    // Points that move from one lot of a member to another of its lots: every sum stays as it was.
    "UPDATE open_lots SET remaining = remaining + CASE lot_seq WHEN 1 THEN 10 ELSE -10 END WHERE member_id = $1 AND "
    "lot_seq IN (1, 2)",
    "DELETE FROM open_lots WHERE member_id = $1 AND lot_seq = 2",
    "UPDATE allocations SET points = points + 1 WHERE member_id = $1",
    "UPDATE allocations SET expire_time = expire_time + 1 WHERE member_id = $1",
    "DELETE FROM allocations WHERE member_id = $1",
    // redemptions
    "UPDATE redemptions SET points = points + 1",
    "UPDATE redemptions SET value = value + 1",
    "UPDATE redemptions SET terminal_id = 3 WHERE state = 1",
    "UPDATE redemptions SET state = 1 WHERE state = 2",
    "DELETE FROM redemptions WHERE state = 1",
    // receipts and commands
    "UPDATE receipts SET total = total + 1 WHERE member_id = $1",
    "UPDATE receipts SET operator = 'another' WHERE member_id = $1",
    "UPDATE receipts SET till_time = 1 WHERE member_id = $1",
    "UPDATE receipts SET evaluation = '{}' WHERE member_id = $1",
    "UPDATE receipts SET result = x'00' WHERE member_id = $1",
    "UPDATE receipts SET member_id = $2 WHERE member_id = $1",
    "UPDATE receipts SET entry_count = 2 WHERE member_id = $1",
    "UPDATE receipts SET total = total + 1 WHERE member_id IS NULL",
    "UPDATE receipts SET operator = 'another' WHERE member_id IS NULL",
    "UPDATE receipts SET evaluation = '{}' WHERE member_id IS NULL",
    "UPDATE receipts SET member_id = $2 WHERE member_id IS NULL",
    "DELETE FROM receipts WHERE member_id = $1",
    "DELETE FROM receipts WHERE member_id IS NULL",
    "UPDATE receipt_lines SET amount = amount + 1 WHERE receipt_id IN (SELECT id FROM receipts WHERE member_id = $1)",
    "UPDATE receipt_lines SET tax_rate = 70000 WHERE receipt_id IN (SELECT id FROM receipts WHERE member_id IS NULL)",
    "DELETE FROM receipt_lines WHERE receipt_id IN (SELECT id FROM receipts WHERE member_id IS NULL)",
    "UPDATE commands SET result = x'00' WHERE kind = 1",
    "UPDATE commands SET operator = 'another' WHERE kind = 5",
    "UPDATE commands SET member_id = $1 WHERE kind = 3",
    "DELETE FROM commands WHERE kind = 5",
    "UPDATE requests SET payload_hash = x'00' WHERE command_id IS NOT NULL",
    "UPDATE requests SET command_id = command_id + 1 WHERE command_id IN (SELECT id FROM commands WHERE kind = 1)",
    "DELETE FROM requests WHERE command_id IN (SELECT id FROM commands WHERE kind = 1)",
    "DELETE FROM requests WHERE receipt_id IN (SELECT id FROM receipts WHERE member_id IS NULL)",
    "UPDATE seals SET sealed_rows = sealed_rows + 1 WHERE sealed_rows > 0",
    "UPDATE seals SET head = x'00' WHERE sealed_rows > 0",
    "DELETE FROM seals WHERE sealed_rows > 0",
    // identifiers, moves
    "UPDATE identifiers SET member_id = $2 WHERE code = 'card:1'",
    "UPDATE identifiers SET state = 2 WHERE code = 'card:1'",
    "UPDATE lifecycle_transitions SET day = day - 1 WHERE member_id = $1",
    "UPDATE lifecycle_transitions SET to_segment = to_segment + 1 WHERE member_id = $1",
    "DELETE FROM lifecycle_transitions WHERE member_id = $1",
    // the program
    "UPDATE audit SET detail = 'another' WHERE audit_seq = 1",
    "UPDATE audit SET command_id = command_id + 1 WHERE audit_seq = 2",
    "DELETE FROM audit WHERE audit_seq = 1",
    "DELETE FROM audit WHERE audit_seq = 2",
    "UPDATE principals SET role = 2",
    "UPDATE access_keys SET expire_time = expire_time - 1",
    "UPDATE access_keys SET hash = 'another'",
    "INSERT INTO enrollment_codes (terminal_id, hash, expire_time, used_time, create_time, seal) VALUES (1, x'01', 9, "
    "NULL, 1, x'00')",
    "UPDATE terminals SET epoch = epoch + 1 WHERE id = 1",
    "INSERT INTO terminal_epochs (terminal_id, epoch, start_time, create_time, seal) VALUES (1, 1, 0, 0, x'00')",
    "UPDATE stores SET time_zone = 'Europe/Paris' WHERE name = 'north'",
    "DELETE FROM stores WHERE name = 'west'",
    "UPDATE catalogue_versions SET content = '{}'",
};

using Case = std::tuple<Engine, const char*>;
class VerifyTest : public ::testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(Faults, VerifyTest, ::testing::Combine(test::kBothEngines, ::testing::ValuesIn(kPlanted)));

TEST_P(VerifyTest, FindsWhatWasPlanted) {
  BatchWorld world(std::get<0>(GetParam()), {.activation_delay_days = 0, .validity_days = 60});
  LiveALittle(world);
  ASSERT_EQ(Verify(world).first_difference, "");
  Plant(world, std::get<1>(GetParam()));
  EXPECT_NE(Verify(world).first_difference, "") << std::get<1>(GetParam());
}

class VerifyLifeTest : public ::testing::TestWithParam<Engine> {
 protected:
  ProgramSeal Seal() { return storage::ReadSeal(world_.session(), test::TestKeys()); }

  BatchWorld world_{GetParam(), {.activation_delay_days = 3, .validity_days = 30}};
};
INSTANTIATE_TEST_SUITE_P(Engines, VerifyLifeTest, test::kBothEngines, test::EngineName);

// A new one, or that of a run before.
std::uint64_t SeedOf(const char* variable) {
  const char* given = std::getenv(variable);
  return given == nullptr ? std::random_device()() : std::stoull(given);
}

// What throws leaves no trace of gtest behind.
struct TellSeed {
  explicit TellSeed(std::uint64_t of) : seed(of) {}
  ~TellSeed() {
    if (std::uncaught_exceptions() > 0) std::cerr << "it threw: LOYALTY_VERIFY_SEED=" << seed << std::endl;
  }
  std::uint64_t seed;
};

TEST_P(VerifyLifeTest, ADatabaseThatNobodyChangedHasNoDifference) {
  const auto seed = SeedOf("LOYALTY_VERIFY_SEED");
  SCOPED_TRACE("seed " + std::to_string(seed));
  const TellSeed tell(seed);
  std::mt19937_64 random(seed);
  world_.LayDownMeasure();
  std::vector<std::string> members, redemptions;
  const auto any = [&random](const auto& all) { return all[random() % all.size()]; };
  const auto card = [&random] { return 1 + static_cast<int>(random() % 12); };
  std::optional<ProgramSeal> since;
  int stores = 0;
  for (int batch = 0; batch < 60; ++batch) {
    world_.now += static_cast<Instant>(random() % 3) * kDayLength;
    std::vector<Command> commands;
    for (auto count = 1 + random() % 10; count > 0; --count) {
      switch (random() % 9) {
        case 0: commands.push_back(world_.Visit(card())); break;
        case 1: commands.push_back(world_.Redeem(card(), 1 + static_cast<Points>(random() % 50))); break;
        case 2:
          if (!redemptions.empty()) commands.push_back(world_.Cancel(any(redemptions)));
          break;
        case 3: commands.push_back(world_.Enroll({card(), 100 + static_cast<int>(random() % 50)})); break;
        case 4:
          if (!members.empty()) commands.push_back(world_.Link(any(members), 200 + static_cast<int>(random() % 50)));
          break;
        case 5: commands.push_back(world_.Scan(1'000'001, 500)); break;
        default: commands.push_back(world_.Scan(card(), static_cast<Minor>(random() % 9'000))); break;
      }
    }
    if (commands.empty()) continue;
    const auto answers = world_.Run(commands);
    for (std::size_t i = 0; i < commands.size(); ++i) {
      if (!answers[i] || answers[i]->replayed) continue;
      if (std::holds_alternative<Redeem>(commands[i].payload))
        redemptions.push_back(test::RedeemOf(answers[i]).redemption());
      if (std::holds_alternative<EnrollMember>(commands[i].payload))
        members.push_back(test::EnrollOf(answers[i]).member());
    }
    // Not while ids are as small as those of the stores that were there before.
    if (random() % 10 == 0 && batch > 10) world_.Must(world_.CreateStore("store" + std::to_string(++stores)));
    if (random() % 20 == 0) world_.ids.Drop();  // as after a restart: another block
    if (random() % 10 != 0) continue;
    const auto report = Verify(world_, since);
    ASSERT_EQ(report.first_difference, "");
    since = report.seal;
    ASSERT_EQ(*since, Seal());
  }
  const auto report = Verify(world_, since);
  EXPECT_EQ(report.first_difference, "");
  EXPECT_EQ(report.members, world_.database().Number("SELECT COUNT(*) FROM members"));
  EXPECT_EQ(report.entries, world_.database().Number("SELECT COUNT(*) FROM entries"));
  EXPECT_EQ(report.receipts, world_.database().Number("SELECT COUNT(*) FROM receipts"));
  EXPECT_EQ(report.commands, world_.database().Number("SELECT COUNT(*) FROM commands"));
  EXPECT_FALSE(report.interrupted);
}

// Whoever cuts off the newest entries and sets the member back has forgotten the receipt that made them.
TEST_P(VerifyLifeTest, EntriesCutOffWithTheMemberSetBackAreFound) {
  world_.check_at_end = false;
  world_.Must(world_.Scan(1, 10'000));
  const auto id = world_.MemberOf(1);
  const auto before = storage::ReadByKey<storage::MemberRow>(world_.session(), id).value();
  world_.Must(world_.Scan(1, 5'000));
  Plant(world_, "DELETE FROM entries WHERE member_id = $1 AND seq = 2");
  Plant(world_, "DELETE FROM pending_lots WHERE member_id = $1 AND lot_seq = 2");
  Plant(world_, "DELETE FROM members WHERE id = " + std::to_string(id));
  storage::InsertRow(world_.session(), before, test::TestKeys());
  EXPECT_THAT(Verify(world_).first_difference, ::testing::HasSubstr("receipts"));
}

// A database that was set back as a whole, seals and all, agrees with itself. Only a SEAL kept elsewhere tells.
TEST_P(VerifyLifeTest, WhatWasSetBackTogetherWithItsSealIsFoundBySince) {
  world_.check_at_end = false;
  world_.Must(world_.Scan(1'000'001, 1'000));
  const ProgramSeal older = Seal();
  const auto block = world_.ids.seal();
  world_.Must(world_.Scan(1'000'001, 2'000));
  const ProgramSeal since = storage::ParseSeal(storage::SealText(Seal())).value();
  EXPECT_EQ(since, Seal());
  EXPECT_EQ(Verify(world_, older).first_difference, "");
  EXPECT_EQ(Verify(world_, since).first_difference, "");
  const std::string newest = std::to_string(world_.database().Number("SELECT MAX(id) FROM receipts"));
  for (const char* table : {"receipt_lines", "requests"})
    Plant(world_, std::string("DELETE FROM ") + table + " WHERE receipt_id = " + newest);
  Plant(world_, "DELETE FROM receipts WHERE id = " + newest);
  Plant(world_, "UPDATE seals SET sealed_rows = " + std::to_string(block.sealed_rows) +
                    ", last_id = " + std::to_string(block.last_id) + ", head = x'" + Hex(block.head) +
                    "' WHERE first_id = " + std::to_string(block.first_id));
  EXPECT_EQ(Verify(world_).first_difference, "");
  EXPECT_EQ(Verify(world_, older).first_difference, "");
  EXPECT_NE(Verify(world_, since).first_difference, "");
}

// With a seal that is right.
TEST_P(VerifyLifeTest, ARedemptionThatAnothersReceiptUsedIsFound) {
  world_.check_at_end = false;
  world_.Must(world_.Scan(1, 10'000));
  world_.now += 4 * kDayLength;
  world_.Must(world_.Redeem(1, 10));
  world_.Must(world_.Scan(2, 10'000));
  const auto use = [this](int card) {
    const auto receipt = world_.database().Number("SELECT MAX(id) FROM receipts WHERE member_id = " +
                                                  std::to_string(world_.MemberOf(card)));
    world_.Edit<storage::RedemptionRow>(world_.database().Number("SELECT id FROM redemptions"),
                                        [receipt](auto& row) { row.receipt_id = receipt; });
    return Verify(world_).first_difference;
  };
  EXPECT_EQ(use(1), "");
  EXPECT_THAT(use(2), ::testing::HasSubstr("the receipt that used it is gone, or not its member's"));
}

TEST_P(VerifyLifeTest, ASealFromBeforeABlockWasClosedStillHolds) {
  world_.Must(world_.Scan(1, 1'000));
  const ProgramSeal since = Seal();
  world_.Must(world_.Scan(1, 2'000));
  world_.ids.Drop();  // as after a restart
  world_.Must(world_.Scan(1, 3'000));
  world_.ids.Drop();
  world_.Must(world_.Scan(2, 3'000));
  const auto report = Verify(world_, since);
  EXPECT_EQ(report.first_difference, "");
  EXPECT_EQ(Verify(world_, report.seal).first_difference, "");
}

TEST_P(VerifyLifeTest, WhoHasEnoughStops) {
  world_.Run({world_.Scan(1, 1'000), world_.Scan(2, 1'000)});
  const auto report = storage::VerifyLedger(world_.session(), test::TestKeys(), std::nullopt, std::nullopt,
                                            [](const storage::VerifyReport&) { return false; });
  EXPECT_TRUE(report.interrupted);
}

TEST(SealTextTest, RefusesWhatIsNone) {
  for (const char* text : {"", "1", "1.", "2.5.00", "1.x.00", "1.5.zz", "1.5.00.1-2", "hello"})
    EXPECT_FALSE(storage::ParseSeal(text)) << text;
}

}  // namespace
}  // namespace loyalty
