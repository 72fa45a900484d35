// What the database keeps is made with keys that are not in it, each for one purpose, and each named by what it made.
#include <gmock/gmock.h>

#include "storage/seal.h"
#include "storage/tables/receipts.h"
#include "storage/tables/requests.h"
#include "storage/verify.h"
#include "tests/support/batch_world.h"

namespace loyalty {
namespace {

using storage::ReceiptRow;
using storage::RequestRow;
using test::BatchWorld;

// The id of the key in what is stored.
int KeyOf(const Bytes& stored) { return static_cast<unsigned char>(stored.value.at(1)); }

class PurposeKeysTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  template <typename Row>
  std::vector<Row> All() {
    return storage::ReadRows<Row>(world_.session(), " ORDER BY 1");
  }

  std::string Difference(const ProgramKeys& keys, const std::optional<storage::ProgramSeal>& since = {}) {
    const auto report = storage::VerifyLedger(world_.session(), keys, std::nullopt, since,
                                              [](const storage::VerifyReport&) { return true; });
    if (report.first_difference.empty()) seal_ = report.seal;
    return report.first_difference;
  }
  // As after a start with another secret that is current.
  void Rotate() {
    world_.keys = &after_;
    world_.ids.Drop();
  }
  static ProgramKeys After() {
    Secrets two = test::TestSecrets();
    two.all.push_back({2, SecretKey{7}});
    two.current = 2;
    return DeriveKeys(two);
  }

  const ProgramKeys before_ = test::TestKeys(), after_ = After();
  storage::ProgramSeal seal_;
  BatchWorld world_{GetParam(), {.activation_delay_days = 0}};
};
INSTANTIATE_TEST_SUITE_P(Engines, PurposeKeysTest, test::kBothEngines, test::EngineName);

// Whoever has the database only could else try phone numbers until a hash fits: the rest of a request stands beside it.
TEST_P(PurposeKeysTest, HashesThatAreKeptCannotBeMadeWithoutAKey) {
  const Command scan = world_.Scan(1, 1'000);
  world_.Must(scan);
  const auto receipt = All<ReceiptRow>().front();
  const auto request = All<RequestRow>().front();
  EXPECT_NE(request.payload_hash, scan.payload_hash);
  EXPECT_EQ(request.payload_hash, receipt.payload_hash);
  EXPECT_NE(receipt.content_hash, ReceiptContentHash(*std::get<Scan>(scan.payload).receipt));
}

TEST_P(PurposeKeysTest, WhatAnEarlierSecretMadeIsRecognisedAndWhatIsNewNamesTheNewOne) {
  const Command scan = world_.Scan(1, 10'000, "R1"), redeem = world_.Redeem(1, 20);
  const Answer sold = world_.Must(scan), paid = world_.Must(redeem);
  ASSERT_EQ(Difference(before_), "");
  const storage::ProgramSeal since = seal_;
  ASSERT_EQ(KeyOf(since.closed), 1);

  Rotate();
  EXPECT_EQ(Difference(after_, since), "") << "what was there before";
  // The same requests again: the answers of then.
  for (const auto& [command, answer] : {std::pair(scan, sold), std::pair(redeem, paid)}) {
    const Answer again = world_.Must(command);
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(again.bytes, answer.bytes);
  }
  // Another request under an id of then, the receipt of then under another id, and another receipt under its number.
  Command other = world_.Scan(1, 500);
  other.request_id = scan.request_id;
  EXPECT_EQ(test::Outcome(world_.Run(other)), "REQUEST_ID_REUSED");
  EXPECT_EQ(world_.Must(world_.Again(scan)).bytes, sold.bytes);
  EXPECT_EQ(test::Outcome(world_.Run(world_.Scan(1, 9'000, "R1"))), "RECEIPT_CONFLICT");
  // The redemption of then is found by its name, and given back.
  world_.Must(world_.Cancel(test::RedeemOf(Result<Answer>(paid)).redemption()));
  world_.Must(world_.Scan(1, 2'000));

  const auto receipts = All<ReceiptRow>();
  ASSERT_EQ(receipts.size(), 2U);
  for (const Bytes& made : {receipts[0].seal, receipts[0].content_hash, receipts[0].payload_hash})
    EXPECT_EQ(KeyOf(made), 1);
  for (const Bytes& made : {receipts[1].seal, receipts[1].content_hash, receipts[1].payload_hash})
    EXPECT_EQ(KeyOf(made), 2);
  std::vector<int> entries, blocks;
  for (const auto& row : All<storage::EntryRow>()) entries.push_back(KeyOf(row.entry.mac));
  for (const auto& row : All<storage::SealRow>())
    if (row.sealed_rows > 0) blocks.push_back(KeyOf(row.head));
  EXPECT_THAT(entries, ::testing::ElementsAre(1, 1, 2, 2));
  EXPECT_THAT(blocks, ::testing::ElementsAre(1, 2));
  EXPECT_EQ(Difference(after_), "");
  EXPECT_EQ(KeyOf(seal_.closed), 2);
  EXPECT_EQ(Difference(after_, since), "") << "the SEAL of before the change";
}

// Nobody may do so, and a lane takes a new block when it starts; but nothing would be lost.
TEST_P(PurposeKeysTest, ABlockMayHaveRowsOfTwoSecrets) {
  world_.Must(world_.Scan(1, 1'000));
  world_.keys = &after_;
  world_.Must(world_.Scan(2, 1'000));
  EXPECT_EQ(Difference(after_), "");
}

// A server that was not given the new secret says so, and does not take the same request for another one.
TEST_P(PurposeKeysTest, AServerWithoutTheSecretRefusesForNow) {
  Rotate();
  const Command scan = world_.Scan(1, 1'000, "R1");
  world_.Must(scan);
  world_.keys = &before_;
  world_.ids.Drop();
  EXPECT_EQ(test::Outcome(world_.Run(scan)), "UNAVAILABLE");
  EXPECT_EQ(test::Outcome(world_.Run(world_.Again(scan))), "UNAVAILABLE");
  EXPECT_NE(Difference(before_), "") << "what it cannot check is not called right";
  EXPECT_EQ(Difference(before_, storage::ReadSeal(world_.session(), after_)),
            "seals: the SEAL of before was made with "
            "a key that is not in chain.key");
  world_.keys = &after_;
  EXPECT_EQ(test::Outcome(world_.Run(scan)), "OK");
}

}  // namespace
}  // namespace loyalty
