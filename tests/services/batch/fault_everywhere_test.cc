// Goal: whatever fails wherever, a batch takes effect once and nobody is refused wrongly. Method: a batch of all kinds
// of command runs as often as it has statements; each time another statement fails, in each way there is. Then the same
// commands come again, undisturbed, and must be answered with the same bytes.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/services/batch/recovering.h"
#include "tests/support/record.h"

namespace loyalty {
namespace {

using storage::Engine;
using storage::Failure;
using storage::FailureKind;
using test::BatchWorld;
using test::Outcomes;
using test::RecoveringLane;
using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::ElementsAre;

// An error as the database numbers it. A COMMIT can also be lost after it took effect: it counts as two statements.
struct DatabaseError {
  Engine engine;
  unsigned number;
  const char* name;

  Failure AsFailure() const {
    const FailureKind kind = engine == Engine::kSqlite ? storage::KindOfSqliteError(static_cast<int>(number))
                                                       : storage::KindOfMysqlError(number);
    return Failure(kind, "injected", static_cast<int>(number));
  }
};
constexpr DatabaseError kErrors[] = {
    {Engine::kSqlite, 5, "Busy"},        {Engine::kSqlite, 2067, "Unique"},    {Engine::kSqlite, 10, "IoError"},
    {Engine::kSqlite, 11, "Corrupt"},    {Engine::kSqlite, 13, "Full"},        {Engine::kSqlite, 1, "Other"},
    {Engine::kMysql, 1213, "Deadlock"},  {Engine::kMysql, 1205, "LockWait"},   {Engine::kMysql, 1020, "Changed"},
    {Engine::kMysql, 1062, "Duplicate"}, {Engine::kMysql, 2006, "GoneAway"},   {Engine::kMysql, 2013, "LostInQuery"},
    {Engine::kMysql, 1114, "TableFull"}, {Engine::kMysql, 1406, "DataTooLong"}};

class FaultEverywhereTest : public ::testing::TestWithParam<DatabaseError> {
 protected:
  // Two members with 100 points, one of which has redeemed 10; cards first, first + 1.
  void Prepare(int first) {
    world_.ids.Drop();  // lanes that come and go have closed its block
    world_.Run({world_.Scan(first, 10'000), world_.Scan(first + 1, 10'000)});
    redemption_ = test::RedeemOf(world_.Run(world_.Redeem(first + 1, 10))).redemption();
  }

  std::vector<Command> AllKinds(int first) {
    const std::string second = redemption_.substr(0, redemption_.find("/redemptions"));
    std::vector<Command> commands = {world_.Scan(first, 5'000),       world_.Redeem(first, 30),
                                     world_.Scan(first + 2, 5'000),   world_.Cancel(redemption_),
                                     world_.Enroll({first + 3}),      world_.Link(second, first + 4),
                                     world_.Redeem(first + 4, 1'000), world_.Visit(first + 1)};
    commands.push_back(commands.front());
    return commands;
  }

  // The record of all errors together, when each was tried and none failed.
  static void TearDownTestSuite() {
    const auto* suite = ::testing::UnitTest::GetInstance()->current_test_suite();
    if (suite->failed_test_count() > 0 || suite->successful_test_count() < static_cast<int>(std::size(kErrors))) return;
    test::Write({.id = "I8-fault-at-every-statement",
                 .promise = "A failing database is never told as a refusal, and nothing happens twice or by half",
                 .test = "each error of each engine at each statement of a batch of all kinds of command, COMMIT lost "
                         "before and after it took effect included; then the same commands again",
                 .figure = fmt::format("{} errors, {} pairs of error and statement: 0 wrong refusals, 0 double "
                                       "effects, 0 differing answers",
                                       std::size(kErrors), pairs_),
                 .command = "./dev test --label chaos -R chaos_fault_everywhere"});
  }

  inline static int pairs_ = 0;
  BatchWorld world_{GetParam().engine};
  std::string redemption_;
};
INSTANTIATE_TEST_SUITE_P(Errors, FaultEverywhereTest, ::testing::ValuesIn(kErrors), [](const auto& it) {
  return std::string(it.param.engine == Engine::kSqlite ? "Sqlite" : "MariaDb") + it.param.name;
});

TEST_P(FaultEverywhereTest, EffectsComeOnceAndRefusalsAreRight) {
  const Failure failure = GetParam().AsFailure();
  const auto expected = ElementsAre("OK", "OK", "OK", "OK", "OK", "OK", "INSUFFICIENT_POINTS", "OK", "OK");
  bool injected = true;
  int statements = 0;
  for (int at = 1; injected; ++at) {
    SCOPED_TRACE("statement " + std::to_string(at));
    const int first = at * 10;
    Prepare(first);
    const auto commands = AllKinds(first);
    RecoveringLane lane(world_);
    lane.ids = {};  // so that reserving ids fails too
    int count = 0;
    std::string failed;
    world_.session().set_hook([&](std::string_view name) {
      if (++count != at) return;
      failed = name;
      // After it took effect a COMMIT can only lose its answer.
      if (name == "COMMIT done" && failure.kind() != FailureKind::kLost) return;
      throw failure;
    });
    const auto answers = lane.Run(commands);
    world_.session().set_hook(nullptr);
    injected = !failed.empty();
    pairs_ += injected ? 1 : 0;
    statements = std::max(statements, count);
    SCOPED_TRACE(failed);
    if (injected && failure.kind() == FailureKind::kFull && failed != "COMMIT done") {
      // What waited for what was new in this batch came in a batch of its own.
      ASSERT_THAT(Outcomes(answers), Contains("UNAVAILABLE"));
      const auto unavailable_or = [](const char* outcome) { return AnyOf("UNAVAILABLE", outcome); };
      const auto ok = unavailable_or("OK");
      ASSERT_THAT(Outcomes(answers),
                  ElementsAre(ok, ok, ok, ok, ok, ok, unavailable_or("INSUFFICIENT_POINTS"), ok, ok));
    } else {
      ASSERT_THAT(Outcomes(answers), expected);
    }

    const auto again = lane.Run(commands);
    ASSERT_THAT(Outcomes(again), expected);
    for (std::size_t i = 0; i < answers.size(); ++i)
      if (answers[i]) {
        ASSERT_EQ(again[i]->bytes, answers[i]->bytes) << i;
        ASSERT_TRUE(again[i]->replayed) << i;
      }
    ASSERT_EQ(world_.BalanceOf(first), (Balances{.available = 120}));
    ASSERT_EQ(world_.BalanceOf(first + 2), (Balances{.available = 50}));
    ASSERT_EQ(world_.BalanceOf(first + 4), (Balances{.available = 100}));
    ASSERT_EQ(world_.MemberOf(first + 4), world_.MemberOf(first + 1));
  }
  EXPECT_GT(statements, 30);
}

}  // namespace
}  // namespace loyalty
