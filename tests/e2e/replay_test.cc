// Replaying files of receipts: what is wrong comes back, what is right is recorded once, whoever is killed meanwhile.
#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <gtest/gtest.h>

#include <ctime>
#include <iostream>
#include <thread>

#include "domain/time.h"
#include "tests/e2e/caller.h"
#include "tests/e2e/receipts_csv.h"
#include "tests/e2e/server.h"
#include "tests/e2e/shell.h"

namespace loyalty::test {
namespace {

constexpr std::time_t kDay = 86'400;
constexpr std::uint64_t kSeed = 20'261'122;

std::time_t DaysAgo(int days) { return std::time(nullptr) / kDay * kDay - days * kDay; }

class Replay : public ::testing::Test {
 protected:
  Replay() { SetUpProgram(admin_, 2); }

  // The summary that the till prints.
  static std::map<std::string, double> Summary(const Ended& ended) {
    google::protobuf::Struct json;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(ended.out, &json).ok()) << ended.out << ended.err;
    std::map<std::string, double> numbers;
    for (const auto& [name, value] : json.fields()) numbers[name] = value.number_value();
    return numbers;
  }

  void ExpectAsInFile(const ReceiptsCsv& csv) {
    EXPECT_EQ(installation_.Number("SELECT COUNT(*) FROM receipts"), csv.taken);
    for (const auto& [card, points] : csv.points) EXPECT_EQ(LookUp(admin_, card).balance().available(), points) << card;
    const Ended verify = installation_.Loyaltyd("verify");
    EXPECT_EQ(verify.code, 0) << verify.out;
  }

  void WaitForReceipts(std::int64_t count, Process& till) {
    while (installation_.Number("SELECT COUNT(*) FROM receipts") < count) {
      ASSERT_FALSE(till.Poll()) << "it was through before it could be interrupted: " << till.Err();
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  Installation installation_{storage::Engine::kSqlite, {.init = {"--self-signed"}}};
  Server server_{installation_, {.tls = true}};
  Caller admin_{Connect(server_.address(), installation_.certificate()), installation_.admin_key()};
  Shell shell_{installation_, server_.address(), true};
};

TEST_F(Replay, AnAdminBringsInAYearThatHasPassedAndWhatIsWrongComesBack) {
  const auto csv = MakeReceiptsCsv({.seed = kSeed, .receipts = 100, .first_day = DaysAgo(365)});
  const auto file = shell_.Write("receipts.csv", csv.text);
  const Ended first = shell_.Till({"replay", file, "--output", "json"});
  EXPECT_EQ(first.code, 3) << first.err;
  auto summary = Summary(first);
  EXPECT_EQ(summary["taken"], csv.taken);
  EXPECT_EQ(summary["replayed"], 0);
  EXPECT_EQ(summary["rejected"], static_cast<double>(csv.rejected.size()));
  EXPECT_EQ(ReadRejects(shell_.File("receipts.csv.rejects.csv")), csv.rejected);
  ExpectAsInFile(csv);

  const auto before = installation_.RowCounts();
  const Ended second = shell_.Till({"replay", file, "--output", "json"});
  EXPECT_EQ(second.code, 3);
  EXPECT_EQ(Summary(second)["replayed"], csv.taken);
  EXPECT_EQ(installation_.RowCounts(), before) << "a second run changes nothing";
  EXPECT_EQ(ReadRejects(shell_.File("receipts.csv.rejects.csv")), csv.rejected);
  EXPECT_EQ(ReadRejects(shell_.File("receipts.csv.rejects.csv.1")), csv.rejected) << "those of the first run are kept";
}

TEST_F(Replay, RejectsNeverGoIntoTheFileThatIsReplayed) {
  const auto csv = MakeReceiptsCsv({.seed = kSeed, .first_day = DaysAgo(200)});
  const auto file = shell_.Write("receipts.csv", csv.text);
  const Ended refused = shell_.Till({"replay", file, "--rejects", "./receipts.csv"});
  EXPECT_EQ(refused.code, 2) << refused.err;
  EXPECT_THAT(refused.err, ::testing::HasSubstr("is the file to be replayed"));
  EXPECT_EQ(ReadText(file), csv.text);
  EXPECT_EQ(installation_.Number("SELECT COUNT(*) FROM receipts"), 0);
}

TEST_F(Replay, AFileWithoutReceiptsHasASummaryOfZeros) {
  auto csv = MakeReceiptsCsv({.receipts = 0});
  const Ended ended = shell_.Till({"replay", shell_.Write("receipts.csv", csv.text), "--output", "json"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  auto summary = Summary(ended);
  EXPECT_TRUE(summary.contains("receipts"));
  EXPECT_EQ(summary["receipts"] + summary["taken"] + summary["rejected"], 0);
}

TEST_F(Replay, AnotherCopyOfTheFileUnderAnotherNameAddsNoReceiptAndNoPoint) {
  const auto csv = MakeReceiptsCsv({.seed = kSeed, .first_day = DaysAgo(200), .with_bad_rows = false});
  EXPECT_EQ(shell_.Till({"replay", shell_.Write("a.csv", csv.text)}).code, 0);
  WriteGzip(shell_.File("b.csv.gz"), csv.text);
  const Ended second = shell_.Till({"replay", shell_.File("b.csv.gz"), "--output", "json"});
  EXPECT_EQ(second.code, 0) << second.err;
  EXPECT_EQ(Summary(second)["replayed"], csv.taken);
  EXPECT_FALSE(std::filesystem::exists(shell_.File("b.csv.gz.rejects.csv")));
  ExpectAsInFile(csv);
}

// 08:30 on the slip is 08:30 in its store, whoever replays it.
TEST_F(Replay, LocalTimesAreThoseOfTheStoreAlsoUnderATerminalsKey) {
  v1::Store new_york;
  new_york.set_time_zone("America/New_York");
  MakeStore(admin_, "NY", new_york, 1);
  const std::string header = "card,receipt_no,business_time,store,terminal,currency,kind,total\n";
  const std::string day = FormatDay(DayOf((std::time(nullptr) - 2 * kDay) * kSecond, absl::UTCTimeZone()));
  const auto expected = *ParseTime(day + "T08:30:00", *LoadZone("America/New_York"));
  const auto replay = [&](const std::string& number) {
    const auto file = shell_.Write("ny" + number + ".csv",
                                   header + "2600000001," + number + "," + day + "T08:30:00,NY,T1,EUR,sale,1.00\n");
    const Ended ended = shell_.Till({"replay", file});
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(installation_.Number("SELECT business_time FROM receipts WHERE receipt_no = '" + number + "'"), expected);
  };
  replay("1");
  shell_.UseKey(shell_.Write("till.key", EnrollTerminal(admin_, "stores/NY/terminals/T1") + "\n"));
  replay("2");
}

// Those of long ago count as of now: a till that says so has a wrong clock.
TEST_F(Replay, ATerminalsKeyBringsInOnlyItsOwnReceipts) {
  auto recent = MakeReceiptsCsv({.seed = kSeed, .first_day = DaysAgo(101), .with_bad_rows = false});
  shell_.UseKey(shell_.Write("till.key", EnrollTerminal(admin_, TerminalName(1)) + "\n"));
  const Ended ended = shell_.Till({"replay", shell_.Write("receipts.csv", recent.text), "--output", "json"});
  EXPECT_EQ(ended.code, 3) << ended.err;
  const auto rejects = ReadRejects(shell_.File("receipts.csv.rejects.csv"));
  for (const auto& rejected : rejects) EXPECT_EQ(rejected.reason, "PERMISSION_DENIED") << rejected.row;
  EXPECT_EQ(rejects.size(), 2U * static_cast<std::size_t>(recent.taken_at["T2"]));  // two rows each
  EXPECT_EQ(installation_.Number("SELECT COUNT(*) FROM receipts"), recent.taken_at["T1"]);
  const auto late = installation_.Number("SELECT COUNT(*) FROM receipts WHERE till_time IS NOT NULL");
  EXPECT_GT(late, 0);
  EXPECT_LT(late, recent.taken_at["T1"]);
  EXPECT_EQ(Summary(ended)["clock_off"], static_cast<double>(late));
}

TEST_F(Replay, AKeyThatIsRevokedMeanwhileEndsTheReplayAndRejectsNothingForIt) {
  const auto csv = MakeReceiptsCsv(
      {.seed = kSeed, .receipts = 10'000, .terminals = 1, .first_day = DaysAgo(101), .with_bad_rows = false});
  shell_.UseKey(shell_.Write("till.key", EnrollTerminal(admin_, TerminalName(1)) + "\n"));
  Process till(shell_.TillProcess({"replay", shell_.Write("receipts.csv", csv.text)}));
  WaitForReceipts(200, till);
  v1::RevokeTerminalRequest revoke;
  revoke.set_request_id(NewRequestId("revoke"));
  revoke.set_terminal(TerminalName(1));
  v1::RevokeTerminalResponse revoked;
  ASSERT_TRUE(admin_.Call(&v1::AdminService::Stub::RevokeTerminal, revoke, &revoked).ok());
  EXPECT_EQ(till.Wait(), 1) << till.Err();
  EXPECT_THAT(till.Err(), ::testing::HasSubstr("UNAUTHENTICATED"));
  EXPECT_THAT(till.Err(), ::testing::HasSubstr("the same command resumes"));
  EXPECT_FALSE(std::filesystem::exists(shell_.File("receipts.csv.rejects.csv")));
  EXPECT_LT(installation_.Number("SELECT COUNT(*) FROM receipts"), csv.taken) << "it was through before that";
}

TEST_F(Replay, AKilledTillGoesOnWhereItWasAndEndsInTheSameState) {
  const auto csv = MakeReceiptsCsv({.seed = kSeed, .receipts = 3'000, .first_day = DaysAgo(150)});
  const auto file = shell_.Write("receipts.csv", csv.text);
  {
    Process till(shell_.TillProcess({"replay", file}));
    WaitForReceipts(200, till);
    till.Kill();
  }
  EXPECT_LT(installation_.Number("SELECT COUNT(*) FROM receipts"), csv.taken);
  const Ended second = shell_.Till({"replay", file, "--output", "json"});
  EXPECT_EQ(second.code, 3) << second.err;
  auto summary = Summary(second);
  EXPECT_EQ(summary["taken"], csv.taken);
  EXPECT_GE(summary["replayed"], 200);
  EXPECT_EQ(ReadRejects(shell_.File("receipts.csv.rejects.csv")), csv.rejected);
  ExpectAsInFile(csv);
  // One request each: what was sent twice was the same request.
  EXPECT_EQ(installation_.Number("SELECT COUNT(*) FROM requests WHERE request_id IN (SELECT request_id FROM receipts)"),
            csv.taken);
}

TEST_F(Replay, AKilledServerCostsTheTillTimeButNoReceipt) {
  const auto csv = MakeReceiptsCsv({.seed = kSeed, .receipts = 3'000, .first_day = DaysAgo(150)});
  Process till(shell_.TillProcess({"replay", shell_.Write("receipts.csv", csv.text), "--output", "json"}));
  for (const int count : {100, 700, 1'500}) {
    WaitForReceipts(count, till);
    server_.Kill();
    server_.Start();
  }
  EXPECT_EQ(till.Wait(), 3) << till.Err();
  admin_ = Caller(Connect(server_.address(), installation_.certificate()), installation_.admin_key());
  EXPECT_EQ(ReadRejects(shell_.File("receipts.csv.rejects.csv")), csv.rejected);
  ExpectAsInFile(csv);
}

}  // namespace
}  // namespace loyalty::test
