#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/storage/sample_table.h"

namespace loyalty::storage {
namespace {

using test::SampleRow;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const SetStatement kOneInsert = SetStatement::Insert("sample", {"id", "number", "version"}, test::kIdNumberVersion);
const SetStatement kOneGuarded = SetStatement::Update("sample", {"id"}, {"number"}, true, test::kIdNumberVersion);

class TransactionTest : public test::SampleTable {
 protected:
  static Rows Row(std::int64_t id, std::int64_t number, std::int64_t version) {
    Rows rows(3);
    rows.Add(id, number, version);
    return rows;
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, TransactionTest, test::kBothEngines, test::EngineName);

FailureKind KindOf(const std::function<void()>& action) {
  try {
    action();
  } catch (const Failure& failure) {
    return failure.kind();
  }
  ADD_FAILURE() << "nothing was thrown";
  return FailureKind::kOther;
}

TEST_P(TransactionTest, WhatIsCommittedIsSeenByOthers) {
  const auto other = database_.Open();
  {
    Transaction transaction(session_);
    session_.Write(kOneInsert, Row(1, 1, 1));
    EXPECT_THAT(ReadAll(*other), IsEmpty());
    transaction.Commit();
  }
  EXPECT_EQ(ReadAll(*other).size(), 1U);
}

TEST_P(TransactionTest, AnExceptionInTheMiddleLeavesNothingAndTheSessionGoesOn) {
  const auto leave_early = [&] {
    Transaction transaction(session_);
    session_.Write(kOneInsert, Row(1, 1, 1));
    session_.Write(kOneInsert, Row(2, 1, 1));
    throw std::runtime_error("a bug above storage");
  };
  EXPECT_THROW(leave_early(), std::runtime_error);
  EXPECT_THAT(ReadAll(), IsEmpty());
  Transaction transaction(session_);
  session_.Write(kOneInsert, Row(3, 1, 1));
  transaction.Commit();
  EXPECT_EQ(ReadAll().size(), 1U);
}

TEST_P(TransactionTest, AFailureAtEachStatementLeavesNothing) {
  for (int dies_at = 1; dies_at <= 5; ++dies_at) {
    int statements = 0;
    session_.set_hook([&](std::string_view) {
      if (++statements == dies_at) throw Failure(FailureKind::kOther, "injected");
    });
    EXPECT_EQ(KindOf([&] {
                Transaction transaction(session_);
                for (const int id : {1, 2, 3}) session_.Write(kOneInsert, Row(id, 1, 1));
                transaction.Commit();
              }),
              FailureKind::kOther);
    session_.set_hook(nullptr);
    EXPECT_THAT(ReadAll(), IsEmpty()) << dies_at;
  }
}

// The server may have rolled back by itself; COMMIT would then say yes to nothing.
TEST_P(TransactionTest, AfterAFailureATransactionCannotBeCommitted) {
  session_.Write(kOneInsert, Row(1, 1, 1));
  {
    Transaction transaction(session_);
    session_.Write(kOneInsert, Row(2, 1, 1));
    EXPECT_EQ(KindOf([&] { session_.Write(kOneInsert, Row(1, 1, 1)); }), FailureKind::kDuplicate);
    EXPECT_THROW(transaction.Commit(), Failure);
  }
  EXPECT_EQ(ReadAll().size(), 1U);
  Transaction transaction(session_);
  session_.Write(kOneInsert, Row(2, 1, 1));
  transaction.Commit();
  EXPECT_EQ(ReadAll().size(), 2U);
}

TEST_P(TransactionTest, TheVersionGuardPreventsALostUpdate) {
  const auto other = database_.Open();
  session_.Write(kOneInsert, Row(1, 100, 1));
  const auto ours = ReadAll(session_).front();
  const auto theirs = ReadAll(*other).front();
  {
    Transaction transaction(session_);
    EXPECT_EQ(session_.Write(kOneGuarded, Row(1, *ours.number - 60, ours.version)), 1);
    transaction.Commit();
  }
  Transaction transaction(*other);
  EXPECT_EQ(other->Write(kOneGuarded, Row(1, *theirs.number - 60, theirs.version)), 0);
  transaction.Commit();
  EXPECT_THAT(ReadAll(), ElementsAre(SampleRow{1, 40, {}, {}, 2}));
}

TEST_P(TransactionTest, ATakenKeyIsADuplicate) {
  const auto other = database_.Open();
  other->Write(kOneInsert, Row(1, 1, 1));
  EXPECT_EQ(KindOf([&] { session_.Write(kOneInsert, Row(1, 2, 1)); }), FailureKind::kDuplicate);
}

// The connection is lost at COMMIT, after it took effect: the outcome is unknown to us and known to the next reader.
TEST_P(TransactionTest, ALossAfterCommitIsAnUnknownOutcomeThatTookEffect) {
  session_.set_hook([](std::string_view sql) {
    if (sql == "COMMIT done") throw Failure(FailureKind::kLost, "injected");
  });
  EXPECT_EQ(KindOf([&] {
              Transaction transaction(session_);
              session_.Write(kOneInsert, Row(1, 1, 1));
              transaction.Commit();
            }),
            FailureKind::kLost);
  session_.set_hook(nullptr);
  EXPECT_TRUE(session_.suspect());
  Transaction transaction(session_);  // reconnects
  EXPECT_FALSE(session_.suspect());
  EXPECT_EQ(ReadAll().size(), 1U);
}

TEST_P(TransactionTest, ALossBeforeCommitLeavesNothing) {
  session_.set_hook([](std::string_view sql) {
    if (sql == "COMMIT") throw Failure(FailureKind::kLost, "injected");
  });
  EXPECT_EQ(KindOf([&] {
              Transaction transaction(session_);
              session_.Write(kOneInsert, Row(1, 1, 1));
              transaction.Commit();
            }),
            FailureKind::kLost);
  session_.set_hook(nullptr);
  EXPECT_THAT(ReadAll(), IsEmpty());
}

TEST_P(TransactionTest, MessagesOfFailuresHoldNoValues) {
  const SetStatement insert_text =
      SetStatement::Insert("sample", {"id", "text", "version"}, TypesOf<int, std::string, int>());
  Rows rows(3);
  rows.Add(1, "secret@example.com", 1);
  session_.Write(insert_text, rows);
  try {
    session_.Write(insert_text, rows);
    FAIL();
  } catch (const Failure& failure) {
    EXPECT_THAT(failure.what(), ::testing::Not(::testing::HasSubstr("secret")));
    EXPECT_NE(failure.code(), 0);
  }
}

}  // namespace
}  // namespace loyalty::storage
