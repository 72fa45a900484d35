// A till with a wrong clock sells all the same: the sale counts at the server's time, and is known by the till's own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/codec/timestamp.h"
#include "tests/support/batch_world.h"

namespace loyalty {
namespace {

using test::BatchWorld;
using test::Outcome;
using test::Outcomes;

class ClockOffTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  static Scan& ScanIn(Command& command) { return std::get<Scan>(command.payload); }
  Command Sale(Instant till_time, const std::string& number = "") {
    Command command = world_.Scan(1, 1'000, number);
    ScanIn(command).receipt->business_time = till_time;
    return command;
  }
  std::string Kind(const Command& command) {
    const auto answer = world_.Run(command);
    return answer ? answer->replayed ? "again" : "new" : Outcome(answer);
  }
  std::int64_t Number(const std::string& sql) { return world_.database().Number(sql); }
  void GoTo(const std::string& local) { world_.now = ParseTime(local, world_.snapshot()->zone).value(); }

  BatchWorld world_{GetParam(), {.activation_delay_days = 0, .validity_days = 30}};
};
INSTANTIATE_TEST_SUITE_P(Engines, ClockOffTest, test::kBothEngines, test::EngineName);

// The catalogue of this world begins today: by the till's time the sale would earn nothing.
TEST_P(ClockOffTest, PriceDayAndExpiryAreThoseOfTheServersTime) {
  for (const Instant till_time : {world_.now - 41 * kDayLength, world_.now + 6 * kMinute, kSecond}) {
    SCOPED_TRACE(FormatTime(till_time));
    const auto sale = test::ScanOf(world_.Run(Sale(till_time))).sale();
    EXPECT_EQ(sale.points_earned(), 10);
    EXPECT_EQ(sale.business_date(), "2026-03-02");
    EXPECT_EQ(ToInstant(sale.till_time()), till_time);
    const std::string newest = " FROM receipts ORDER BY id DESC LIMIT 1";
    EXPECT_EQ(Number("SELECT business_time" + newest), world_.now);
    EXPECT_EQ(Number("SELECT till_time" + newest), till_time);
  }
  EXPECT_EQ(Number("SELECT COUNT(DISTINCT expire_time) FROM open_lots"), 1);
  EXPECT_EQ(Number("SELECT MAX(days) FROM members"), 1) << "one purchase day";
  EXPECT_EQ(Number("SELECT COUNT(*) FROM entries WHERE business_time <> " + std::to_string(world_.now)), 0);
}

TEST_P(ClockOffTest, AClockThatIsBelievedIsNotToldAgain) {
  const auto sale = test::ScanOf(world_.Run(Sale(world_.now + 5 * kMinute))).sale();
  EXPECT_FALSE(sale.has_till_time());
  world_.Must(Sale(world_.now - 40 * kDayLength));
  EXPECT_EQ(Number("SELECT COUNT(*) FROM receipts WHERE till_time IS NULL"), 2);
}

// The till's own time tells a slip that comes again, however late the server hears of it.
TEST_P(ClockOffTest, ASlipThatComesAgainIsKnownByTheTillsTime) {
  const Instant till_time = world_.now + 3 * kHour;
  EXPECT_EQ(Kind(Sale(till_time, "R")), "new");
  world_.now += 2 * kHour;
  EXPECT_EQ(Kind(Sale(till_time + 10 * kMinute, "R")), "again");
  EXPECT_EQ(Kind(Sale(till_time + 11 * kMinute, "R")), "RECEIPT_CONFLICT");
  world_.now += kHour;  // from now on the till's time is in range
  EXPECT_EQ(Kind(Sale(till_time, "R")), "again");
}

// Its clock begins anew each morning, and so do its numbers.
TEST_P(ClockOffTest, ADeadClockSellsTheSameOnTwoMornings) {
  for (const char* morning : {"2026-03-02T07:30:00", "2026-03-03T07:30:00"}) {
    GoTo(morning);
    EXPECT_EQ(Kind(Sale(0, "17")), "new") << morning;
    EXPECT_EQ(Kind(Sale(0, "17")), "again") << morning;
  }
  EXPECT_EQ(Number("SELECT COUNT(*) FROM receipts WHERE till_time IS NOT NULL"), 2);
}

TEST_P(ClockOffTest, ADeadClockOverMidnightIsOneReceipt) {
  GoTo("2026-03-02T23:59:58");
  EXPECT_EQ(Kind(Sale(kHour, "17")), "new");
  GoTo("2026-03-03T00:00:05");
  EXPECT_EQ(Kind(Sale(kHour, "17")), "again");
}

// It was in range when it came first.
TEST_P(ClockOffTest, ALateSlipThatComesAgainTooLateIsTheSame) {
  const Instant till_time = world_.now - 40 * kDayLength;
  Command dated = Sale(till_time, "S");
  ScanIn(dated).receipt->business_date = DayOf(till_time, absl::UTCTimeZone()) - 3;
  EXPECT_EQ(Kind(Sale(till_time, "R")), "new");
  EXPECT_EQ(Kind(dated), "new");
  world_.now += kHour;
  EXPECT_EQ(Kind(Sale(till_time, "R")), "again");
  EXPECT_EQ(Kind(world_.Again(dated)), "again");
  EXPECT_EQ(Number("SELECT COUNT(*) FROM receipts"), 2);
}

TEST_P(ClockOffTest, ItsDateIsBelievedOnlyNearTheServers) {
  const auto on = [this](const char* day) {
    Command command = Sale(kSecond);
    ScanIn(command).receipt->business_date = ParseDay(day).value();
    return test::ScanOf(world_.Run(command)).sale().business_date();
  };
  EXPECT_EQ(on("1970-01-01"), "2026-03-02");
  EXPECT_EQ(on("2026-02-23"), "2026-02-23");
  EXPECT_EQ(on("2026-02-22"), "2026-03-02");
}

// What is no slip can be asked again, and an import corrected.
TEST_P(ClockOffTest, VisitsRedemptionsAndImportsAreRefused) {
  world_.Must(world_.Scan(1, 10'000));
  std::vector<Command> commands = {world_.Visit(1), world_.Redeem(1, 10), Sale(world_.now + 6 * kMinute),
                                   Sale(kFirstTime - 1)};
  ScanIn(commands[0]).business_time = world_.now + 6 * kMinute;
  std::get<Redeem>(commands[1].payload).business_time = world_.now - 41 * kDayLength;
  for (const std::size_t import : {2U, 3U}) ScanIn(commands[import]).place.is_admin = true;
  const auto before = world_.database().RowCounts();
  EXPECT_THAT(Outcomes(world_.Run(commands)), ::testing::Each("BUSINESS_TIME_OUT_OF_RANGE"));
  EXPECT_EQ(world_.database().RowCounts(), before);
}

// By the till's time there was no value of a point yet.
TEST_P(ClockOffTest, RedemptionsArePricedByTheServersTime) {
  world_.Must(world_.Scan(1, 10'000));
  Command redeem = world_.Redeem(1, 10);
  std::get<Redeem>(redeem.payload).business_time = world_.now - kDayLength;
  EXPECT_EQ(test::RedeemOf(world_.Run(redeem)).value_minor(), 10);
}

TEST_P(ClockOffTest, AQuoteSaysItToo) {
  const auto quote = world_.Quote(Sale(kSecond));
  ASSERT_TRUE(quote);
  EXPECT_TRUE(dynamic_cast<const v1::ScanResult&>(*quote->result).sale().has_till_time());
}

}  // namespace
}  // namespace loyalty
