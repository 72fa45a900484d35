// Statements of a batch depend on the kinds of its commands, not on their count.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "storage/needs.h"
#include "tests/support/batch_world.h"

namespace loyalty {
namespace {

using test::BatchWorld;

class StatementsTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  StatementsTest() {
    world_.ids.Reserve(world_.session(), 32'768);  // a new block now and then is no statement of a batch
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
  const std::vector<std::pair<std::string, Make>> kinds_ = {
      {"scan", [this](int card, std::size_t) { return world_.Scan(card, 1'000); }},
      {"first scan", [this](int card, std::size_t) { return world_.Scan(card + 500'000, 1'000); }},
      {"late scan",
       [this](int card, std::size_t) {
         Command command = world_.Scan(card, 1'000);
         std::get<Scan>(command.payload).receipt->business_time -= kDayLength;
         test::NoteFacts(command, world_.now);
         return command;
       }},
      {"scan paid by points",
       [this](int card, std::size_t index) {
         Command command = world_.Scan(card, 1'000);
         std::get<Scan>(command.payload).receipt->payments = {{PaymentKind::kPoints, 10, redemptions_[index]}};
         test::NoteFacts(command, world_.now);
         return command;
       }},
      {"visit", [this](int card, std::size_t) { return world_.Visit(card); }},
      {"redeem", [this](int card, std::size_t) { return world_.Redeem(card, 20); }},
      {"cancel", [this](int, std::size_t index) { return world_.Cancel(redemptions_[index]); }},
      {"enroll", [this](int card, std::size_t) { return world_.Enroll({card + 1'000'000}); }},
      {"link", [this](int card, std::size_t index) { return world_.Link(names_[index], card + 2'000'000); }}};
  int next_card_ = 1;
  std::vector<std::string> names_, redemptions_;
};
INSTANTIATE_TEST_SUITE_P(Engines, StatementsTest, test::kBothEngines, test::EngineName);

// Commands of each kind that have nothing to do with each other.
TEST_P(StatementsTest, DoNotGrowWithTheBatch) {
  const int chunk = static_cast<int>(storage::ChunkRows(GetParam()));
  for (const auto& [what, make] : kinds_) ExpectTheSame(what, {make}, {2, 64, chunk});
  std::vector<Make> all;
  for (const auto& [what, make] : kinds_) all.push_back(make);
  const int kinds = static_cast<int>(all.size());
  ExpectTheSame("all kinds", all, {2, chunk / (2 * kinds), chunk / kinds});
}

// A statement holds ChunkRows rows of a table at most: more lines than that need one more for each further chunk.
TEST_P(StatementsTest, GrowByOneForEachFurtherChunkOfATable) {
  constexpr int kLines = 20;
  const int chunk = static_cast<int>(storage::ChunkRows(GetParam()));
  const Make long_receipt = [this](int card, std::size_t) {
    Command command = world_.Scan(card, 1'000);
    auto& lines = std::get<Scan>(command.payload).receipt->lines;
    lines.assign(kLines, lines.front());
    return command;
  };
  const auto one = StatementsFor(1, {long_receipt});
  for (const int count : {chunk / kLines, chunk / kLines + 1, chunk / 10 + 1, chunk})
    EXPECT_EQ(StatementsFor(count, {long_receipt}), one + (count * kLines - 1) / chunk) << count;
}

TEST_P(StatementsTest, EachFurtherChunkOfCommandsCostsTheSame) {
  const int chunk = static_cast<int>(storage::ChunkRows(GetParam()));
  const Make known = [this](int card, std::size_t) { return world_.Scan(card, 1'000); };
  const auto one = StatementsFor(chunk, {known});
  const auto two = StatementsFor(chunk + 1, {known});
  EXPECT_EQ(StatementsFor(2 * chunk, {known}), two);
  EXPECT_EQ(StatementsFor(2 * chunk + 1, {known}) - two, two - one);
}

// On MariaDB a batch waits for the network as often as it has messages: BEGIN travels alone, so does COMMIT.
class MessagesTest : public StatementsTest {
 protected:
  std::int64_t MessagesFor(const Make& make, int count, bool with_names = false) {
    const int first = Members(count);
    std::vector<Command> commands;
    for (int i = 0; i < count; ++i) commands.push_back(make(first + i, static_cast<std::size_t>(i)));
    WorkingSet names;
    const auto snapshot = world_.snapshot();
    const Rules rules{*snapshot, test::TestKeys(), world_.now};
    if (with_names) {
      Needs needs(Needs::Mode::kCollect, names);
      for (const Command& command : commands) NamesOf(command, names, rules, needs);
      storage::Exchange exchange(world_.session());
      needs.ReadNames(names, exchange);
      exchange.Run();
    }
    std::vector<BatchCommand> plain;
    for (const Command& command : commands) plain.push_back({&command, with_names ? &names : nullptr});
    BatchContext context = world_.Context();
    const auto before = world_.session().messages();
    for (const auto& result : RunBatch(context, plain)) EXPECT_EQ(result ? test::Outcome(*result) : "waits", "OK");
    return world_.session().messages() - before;
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, MessagesTest, ::testing::Values(storage::Engine::kMysql), test::EngineName);

TEST_P(MessagesTest, AreFewAndDoNotGrowWithTheBatch) {
  const std::map<std::string, std::int64_t> expected = {
      {"scan", 4},   {"first scan", 4}, {"late scan", 4}, {"scan paid by points", 4}, {"visit", 4}, {"redeem", 4},
      {"cancel", 4}, {"enroll", 4},     {"link", 4}};  // cancel: its lots are among the first
  for (const auto& [what, make] : kinds_)
    for (const int count : {1, 2, 64}) EXPECT_EQ(MessagesFor(make, count), expected.at(what)) << what << " " << count;
}

TEST_P(MessagesTest, AreOneLessWithTheNamesOfARouter) {
  for (const auto& [what, make] : kinds_) {
    if (what == "cancel") continue;  // names what it must read first
    for (const int count : {1, 64}) EXPECT_EQ(MessagesFor(make, count, true), 3) << what << " " << count;
  }
}

// What was recorded before is read by the id that its number leads to.
TEST_P(MessagesTest, AKnownReceiptMayTakeOneMore) {
  const Command scan = world_.Scan(1, 1'000);
  world_.Must(scan);
  const auto before = world_.session().messages();
  EXPECT_TRUE(world_.Must(world_.Again(scan)).replayed);
  EXPECT_LE(world_.session().messages() - before, 5);
}

}  // namespace
}  // namespace loyalty
