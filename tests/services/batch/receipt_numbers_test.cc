// A number names one slip of a till: what comes again is answered again, what is another one is recorded or told apart.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/batch_world.h"

namespace loyalty {
namespace {

using test::BatchWorld;
using test::Outcome;
using test::Outcomes;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

class ReceiptNumbersTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  static Scan& ScanIn(Command& command) { return std::get<Scan>(command.payload); }
  Instant At(const std::string& local) { return ParseTime(local, world_.snapshot()->zone).value(); }

  // A roll for 0.50 without a card, number 17, at a local time.
  Command Roll(const std::string& local) {
    Command command = world_.Scan(1, 50, "17");
    ScanIn(command).identifier.reset();
    ScanIn(command).receipt->business_time = At(local);
    return command;
  }
  Command Sale(int card, const std::string& number, Instant business_time, Minor cents = 1'000) {
    Command command = world_.Scan(card, cents, number);
    ScanIn(command).receipt->business_time = business_time;
    return command;
  }
  // At a terminal whose numbering began again.
  static Command Restarted(Command command, const std::vector<EpochStart>& epochs) {
    ScanIn(command).place.epochs = epochs;
    ScanIn(command).place.epoch = epochs.back().epoch;
    return command;
  }
  static Command Signed(Command command, const std::string& transaction) {
    ScanIn(command).receipt->fiscal = Fiscal{"TSE", "serial", transaction, "signature"};
    return command;
  }
  // How it is answered: again, newly, or why not.
  std::string Kind(const Command& command) {
    const auto answer = world_.Run(command);
    return answer ? answer->replayed ? "again" : "new" : Outcome(answer);
  }
  Error RefusalOf(const Command& command) {
    const auto answer = world_.Run(command);
    return answer ? Error{Reason::kInternal, "it was accepted", {}} : answer.error();
  }
  std::int64_t Receipts() { return world_.database().Number("SELECT COUNT(*) FROM receipts"); }

  BatchWorld world_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Engines, ReceiptNumbersTest, test::kBothEngines, test::EngineName);

TEST_P(ReceiptNumbersTest, TheSameNumberOnTwoMorningsIsTwoReceipts) {
  EXPECT_EQ(Kind(Roll("2026-03-01T07:30:00")), "new");
  EXPECT_EQ(Kind(Roll("2026-03-02T07:30:00")), "new");
  EXPECT_EQ(Receipts(), 2);
}

TEST_P(ReceiptNumbersTest, ASlipThatIsSentAgainOverMidnightIsOne) {
  EXPECT_EQ(Kind(Roll("2026-03-01T23:59:58")), "new");
  EXPECT_EQ(Kind(Roll("2026-03-02T00:00:05")), "again");
  EXPECT_EQ(Kind(Roll("2026-03-01T23:51:00")), "again") << "from the other side too";
  EXPECT_EQ(Receipts(), 1);
}

TEST_P(ReceiptNumbersTest, MidnightIsTheCutOfTheStore) {
  const auto late = [this](const std::string& local) {
    Command command = Roll(local);
    ScanIn(command).place.day_cut_minutes = 180;
    return command;
  };
  EXPECT_EQ(Kind(late("2026-03-01T02:59:58")), "new");
  EXPECT_EQ(Kind(late("2026-03-01T03:00:05")), "again");
  EXPECT_EQ(Kind(late("2026-03-01T00:00:05")), "RECEIPT_CONFLICT") << "the same day, hours before";
  EXPECT_EQ(Receipts(), 1);
}

TEST_P(ReceiptNumbersTest, InOneBatchTooASlipOverMidnightIsOne) {
  const auto answers = world_.Run({Roll("2026-03-01T23:59:58"), Roll("2026-03-02T00:00:05")});
  ASSERT_THAT(Outcomes(answers), ElementsAre("OK", "OK"));
  EXPECT_TRUE(answers[1]->replayed);
  EXPECT_EQ(answers[1]->bytes, answers[0]->bytes);
  EXPECT_EQ(Receipts(), 1);
}

// Of the neighbouring day it is another receipt when anything differs.
TEST_P(ReceiptNumbersTest, OverMidnightAnotherSlipIsAnotherReceipt) {
  EXPECT_EQ(Kind(Roll("2026-03-01T23:55:00")), "new");
  EXPECT_EQ(Kind(Roll("2026-03-02T00:05:01")), "new") << "more than ten minutes apart";
  EXPECT_EQ(Kind(Sale(1, "18", At("2026-03-01T23:59:58"), 1'000)), "new");
  EXPECT_EQ(Kind(Sale(1, "18", At("2026-03-02T00:00:05"), 2'000)), "new") << "other content";
  EXPECT_EQ(Kind(Sale(2, "19", At("2026-03-01T23:59:58"))), "new");
  EXPECT_EQ(Kind(Sale(3, "19", At("2026-03-02T00:00:05"))), "new") << "another member";
  EXPECT_EQ(Receipts(), 6);
}

// Whoever names the day knows it: nobody looks at another.
TEST_P(ReceiptNumbersTest, ADayThatIsGivenHasNoNeighbours) {
  const auto on = [this](const char* day, const std::string& local) {
    Command command = Roll(local);
    ScanIn(command).receipt->business_date = ParseDay(day).value();
    return command;
  };
  EXPECT_EQ(Kind(on("2026-03-01", "2026-03-01T23:59:58")), "new");
  EXPECT_EQ(Kind(on("2026-03-02", "2026-03-02T00:00:05")), "new");
  EXPECT_EQ(Kind(on("2026-03-01", "2026-03-02T00:00:05")), "again");
  EXPECT_EQ(Receipts(), 2);
}

TEST_P(ReceiptNumbersTest, ARepeatIsAtMostTenMinutesAway) {
  const Instant at = At("2026-03-02T10:00:00");
  EXPECT_EQ(Kind(Sale(1, "R", at)), "new");
  EXPECT_EQ(Kind(Sale(1, "R", at + 10 * kMinute)), "again");
  EXPECT_EQ(Kind(Sale(1, "R", at - 10 * kMinute)), "again");
  const Error refusal = RefusalOf(Sale(1, "R", at + 10 * kMinute + 1));
  EXPECT_EQ(refusal.reason, Reason::kReceiptConflict);
  EXPECT_THAT(refusal.message, HasSubstr("2026-03-02T09:00:00Z"));
  EXPECT_THAT(refusal.message, HasSubstr("2026-03-02T09:10:00.000001Z"));
  EXPECT_THAT(refusal.message, HasSubstr("restart-numbering"));
  EXPECT_THAT(refusal.metadata, Contains(Pair("cause", "time")));
  EXPECT_THAT(refusal.metadata, Contains(Pair("recorded_time", "2026-03-02T09:00:00Z")));
  EXPECT_THAT(refusal.metadata, Contains(Pair("till_time", "2026-03-02T09:10:00.000001Z")));
  EXPECT_EQ(Receipts(), 1);
}

TEST_P(ReceiptNumbersTest, OtherContentNamesBothTimesAndWhatToDo) {
  const Instant at = At("2026-03-02T10:00:00");
  world_.Must(Sale(1, "R", at));
  const Error refusal = RefusalOf(Sale(1, "R", at + kMinute, 2'000));
  EXPECT_EQ(refusal.reason, Reason::kReceiptConflict);
  EXPECT_THAT(refusal.message, HasSubstr("other content"));
  EXPECT_THAT(refusal.message, HasSubstr("2026-03-02T09:00:00Z"));
  EXPECT_THAT(refusal.message, HasSubstr("2026-03-02T09:01:00Z"));
  EXPECT_THAT(refusal.metadata, Contains(Pair("cause", "content")));
}

TEST_P(ReceiptNumbersTest, TheFiscalNumberFollowsTheSameRule) {
  const Instant at = At("2026-03-02T10:00:00");
  EXPECT_EQ(Kind(Signed(Sale(1, "A", at), "42")), "new");
  EXPECT_EQ(Kind(Signed(Sale(1, "B", at + kMinute), "42")), "again");
  EXPECT_EQ(Kind(Signed(Sale(1, "B", at + kHour), "42")), "RECEIPT_CONFLICT");
  EXPECT_EQ(Kind(Signed(Sale(1, "B", at, 2'000), "42")), "RECEIPT_CONFLICT");
  EXPECT_EQ(Kind(Signed(Sale(1, "B", at - kDayLength), "42")), "RECEIPT_CONFLICT") << "a signature has no day";
}

TEST_P(ReceiptNumbersTest, AReceiptIsOfTheEpochOfItsTime) {
  world_.now = At("2026-03-02T18:00:00");
  const std::vector<EpochStart> epochs = {{1, At("2026-03-02T12:00:00"), At("2026-03-02T12:30:00")},
                                          {2, At("2026-03-02T15:00:00"), At("2026-03-02T15:00:01")}};
  const auto at = [&](const std::string& time, Minor cents) {
    return Restarted(Sale(1, "1", At("2026-03-02T" + time), cents), epochs);
  };
  EXPECT_EQ(Kind(Sale(1, "1", At("2026-03-02T10:00:00"), 100)), "new") << "before anybody began again";
  EXPECT_EQ(Kind(at("10:00:00", 100)), "again") << "one that comes late is known by its old number";
  EXPECT_EQ(Kind(at("11:59:59", 200)), "RECEIPT_CONFLICT");
  EXPECT_EQ(Kind(at("13:00:00", 100)), "new");
  EXPECT_EQ(Kind(at("13:00:00", 100)), "again");
  EXPECT_EQ(Kind(at("14:59:59", 300)), "RECEIPT_CONFLICT");
  EXPECT_EQ(Kind(at("16:00:00", 300)), "new");
  EXPECT_EQ(world_.database().Number("SELECT COUNT(DISTINCT epoch) FROM receipts"), 3);
  EXPECT_EQ(Receipts(), 3);
}

// The till was changed at noon, and who runs the program says so hours later.
TEST_P(ReceiptNumbersTest, WhatCameBeforeAnybodyKnewIsNotRecordedAgain) {
  world_.now = At("2026-03-02T18:00:00");
  const std::vector<EpochStart> epochs = {{1, At("2026-03-02T12:00:00"), At("2026-03-02T15:00:00")}};
  const auto sale = [&](const std::string& number, const std::string& time, Minor cents) {
    return Sale(1, number, At("2026-03-02T" + time), cents);
  };
  EXPECT_EQ(Kind(sale("1", "09:00:00", 100)), "new");
  EXPECT_EQ(Kind(sale("1", "12:10:00", 200)), "RECEIPT_CONFLICT") << "why somebody looked";
  EXPECT_EQ(Kind(sale("77", "13:00:00", 300)), "new") << "its number happened to be free";
  EXPECT_EQ(Kind(Restarted(sale("1", "12:10:00", 200), epochs)), "new");
  EXPECT_EQ(Kind(Restarted(sale("77", "13:00:00", 300), epochs)), "again");
  EXPECT_EQ(Kind(Restarted(sale("77", "14:00:00", 400), epochs)), "new");
  EXPECT_EQ(Kind(Restarted(sale("1", "09:00:00", 100), epochs)), "again");
  EXPECT_EQ(Receipts(), 4);
}

// The first slip of the new day has its number already when it comes again.
TEST_P(ReceiptNumbersTest, ASlipIsKnownByItsOldNumberAlsoWhenTheNewOneIsTaken) {
  EXPECT_EQ(Kind(Roll("2026-03-01T23:59:58")), "new");
  EXPECT_EQ(Kind(Sale(1, "17", At("2026-03-02T00:00:03"))), "new");
  EXPECT_EQ(Kind(Roll("2026-03-02T00:00:05")), "again");
  EXPECT_EQ(Kind(Sale(1, "17", At("2026-03-02T00:00:03"), 2'000)), "RECEIPT_CONFLICT");
  const std::vector<EpochStart> epochs = {{1, At("2026-03-02T10:00:00"), At("2026-03-02T10:00:30")}};
  EXPECT_EQ(Kind(Sale(1, "1", At("2026-03-02T10:00:10"))), "new");
  EXPECT_EQ(Kind(Restarted(Sale(1, "1", At("2026-03-02T10:00:40"), 500), epochs)), "new");
  EXPECT_EQ(Kind(Restarted(Sale(1, "1", At("2026-03-02T10:00:10")), epochs)), "again");
  EXPECT_EQ(Receipts(), 4);
}

TEST_P(ReceiptNumbersTest, ACardThatComesLaterIsToldApart) {
  Command alone = Sale(1, "R", world_.now);
  ScanIn(alone).identifier.reset();
  world_.Must(alone);
  world_.Must(world_.Scan(1, 500));
  for (const int card : {1, 2}) {  // one that is known, and one that would become a member now
    const Error refusal = RefusalOf(Sale(card, "R", world_.now));
    EXPECT_EQ(refusal.reason, Reason::kReceiptConflict) << card;
    EXPECT_THAT(refusal.message, HasSubstr("without a card")) << card;
    EXPECT_THAT(refusal.message, HasSubstr("AttachMember")) << card;
    EXPECT_THAT(refusal.metadata, Contains(Pair("cause", "member"))) << card;
  }
  EXPECT_EQ(Kind(alone), "again");
  EXPECT_EQ(world_.BalanceOf(1), (Balances{.available = 5}));
}

TEST_P(ReceiptNumbersTest, AnotherMembersCardIsAConflict) {
  world_.Run({Sale(1, "R", world_.now), world_.Scan(2, 500)});
  EXPECT_THAT(RefusalOf(Sale(2, "R", world_.now)).metadata, Contains(Pair("cause", "other_member")));
  EXPECT_THAT(RefusalOf(Sale(1'000'001, "R", world_.now)).metadata, Contains(Pair("cause", "other_member")));
  Command alone = Sale(1, "R", world_.now);
  ScanIn(alone).identifier.reset();
  EXPECT_THAT(RefusalOf(world_.Again(alone)).metadata, Contains(Pair("cause", "other_member")));
}

// The slip was that member's when it was recorded, and it is the same slip.
TEST_P(ReceiptNumbersTest, ACardThatWasBlockedMeanwhileIsStillItsMembers) {
  const Command sale = Sale(1, "R", world_.now);
  const auto first = world_.Must(sale);
  world_.Edit<storage::IdentifierRow>("card:1", [](auto& row) { row.state = IdentifierState::kBlocked; });
  const auto again = world_.Run(world_.Again(sale));
  ASSERT_EQ(Outcome(again), "OK");
  EXPECT_EQ(again->bytes, first.bytes);
}

}  // namespace
}  // namespace loyalty
