// Statements of a batch depend on the kinds of its commands, not on their count.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "tests/support/batch_world.h"

namespace loyalty {
namespace {

using test::BatchWorld;

class StatementsTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  StatementsTest() {
    world_.ids.Reserve(world_.session(), 4'096);  // a new block now and then is no statement of a batch
  }

  // Fresh members with 100 points and one redemption of 10; returns the first card.
  int Members(int count) {
    const int first = next_card_;
    next_card_ += count;
    std::vector<Command> scans, redeems;
    for (int i = 0; i < count; ++i) {
      scans.push_back(world_.Scan(first + i, 10'000));
      redeems.push_back(world_.Redeem(first + i, 10));
    }
    for (const auto& answer : world_.Run(scans)) names_.push_back(test::ScanOf(answer).member());
    redemptions_.clear();
    for (const auto& answer : world_.Run(redeems)) redemptions_.push_back(test::RedeemOf(answer).redemption());
    names_.erase(names_.begin(), names_.end() - count);
    return first;
  }

  using Make = std::function<Command(int card, std::size_t index)>;
  std::int64_t StatementsFor(int count, const std::vector<Make>& kinds) {
    std::vector<Command> commands;
    const int first = Members(count * static_cast<int>(kinds.size()));
    for (std::size_t i = 0; i < static_cast<std::size_t>(count) * kinds.size(); ++i)
      commands.push_back(kinds[i % kinds.size()](first + static_cast<int>(i), i));
    const auto before = world_.session().statements();
    for (const auto& answer : world_.Run(commands)) EXPECT_EQ(test::Outcome(answer), "OK");
    return world_.session().statements() - before;
  }

  void ExpectTheSame(const std::string& what, const std::vector<Make>& kinds, const std::vector<int>& counts) {
    SCOPED_TRACE(what);
    const auto one = StatementsFor(1, kinds);
    for (const int count : counts) EXPECT_EQ(StatementsFor(count, kinds), one) << count;
  }

  BatchWorld world_{GetParam()};
  int next_card_ = 1;
  std::vector<std::string> names_, redemptions_;
};
INSTANTIATE_TEST_SUITE_P(Engines, StatementsTest, test::kBothEngines, test::EngineName);

TEST_P(StatementsTest, DoNotGrowWithTheBatch) {
  const Make known = [this](int card, std::size_t) { return world_.Scan(card, 1'000); };
  const Make fresh = [this](int card, std::size_t) { return world_.Scan(card + 500'000, 1'000); };
  const Make late = [this](int card, std::size_t) {
    Command command = world_.Scan(card, 1'000);
    std::get<ScanCommand>(command.payload).receipt->business_time -= kDayLength;
    return command;
  };
  const Make visit = [this](int card, std::size_t) { return world_.Visit(card); };
  const Make redeem = [this](int card, std::size_t) { return world_.Redeem(card, 20); };
  const Make cancel = [this](int, std::size_t index) { return world_.Cancel(redemptions_[index]); };
  const Make enroll = [this](int card, std::size_t) { return world_.Enroll({card + 1'000'000}); };
  const Make link = [this](int card, std::size_t index) { return world_.Link(names_[index], card + 2'000'000); };
  ExpectTheSame("scan", {known}, {2, 64, 256});
  ExpectTheSame("first scan", {fresh}, {2, 64, 256});
  ExpectTheSame("late scan", {late}, {2, 64, 256});
  ExpectTheSame("visit", {visit}, {2, 64, 256});
  ExpectTheSame("redeem", {redeem}, {2, 64, 256});
  ExpectTheSame("cancel", {cancel}, {2, 64, 256});
  ExpectTheSame("enroll", {enroll}, {2, 64, 256});
  ExpectTheSame("link", {link}, {2, 64, 256});
  ExpectTheSame("all kinds", {known, fresh, visit, redeem, cancel, enroll, link}, {2, 9, 18, 36});
}

// A statement holds 256 rows of a table at most: more lines than that need one more for each further 256.
TEST_P(StatementsTest, GrowByOneForEach256RowsOfATable) {
  constexpr int kLines = 20;
  const Make long_receipt = [this](int card, std::size_t) {
    Command command = world_.Scan(card, 1'000);
    auto& lines = std::get<ScanCommand>(command.payload).receipt->lines;
    lines.assign(kLines, lines.front());
    return command;
  };
  const auto one = StatementsFor(1, {long_receipt});
  for (const int count : {12, 13, 26, 256})
    EXPECT_EQ(StatementsFor(count, {long_receipt}), one + (count * kLines - 1) / 256) << count;
}

}  // namespace
}  // namespace loyalty
