// What a till is answered, sentence by sentence, through the real server on both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "domain/time.h"
#include "tests/e2e/caller.h"
#include "tests/e2e/server.h"
#include "tests/support/database.h"

namespace loyalty::test {
namespace {

class Terminal : public ::testing::TestWithParam<storage::Engine> {
 protected:
  Terminal() { SetUpProgram(admin_, 2); }

  static v1::ScanRequest Sale(const std::string& receipt_no, std::int64_t total = 10'000) {
    v1::ScanRequest scan;
    scan.set_request_id(NewRequestId("scan"));
    scan.set_terminal(TerminalName(1));
    scan.mutable_identifier()->set_card("2600000001");
    scan.mutable_receipt()->set_receipt_no(receipt_no);
    scan.mutable_receipt()->mutable_business_time()->set_seconds(std::time(nullptr));
    scan.mutable_receipt()->set_currency_code("EUR");
    scan.mutable_receipt()->set_total_minor(total);
    return scan;
  }
  CallResult Scan(const v1::ScanRequest& request) {
    scanned_.Clear();
    return admin_.Call(&v1::TerminalService::Stub::Scan, request, &scanned_);
  }
  CallResult Redeem(const v1::RedeemRequest& request) {
    redeemed_.Clear();
    return admin_.Call(&v1::TerminalService::Stub::Redeem, request, &redeemed_);
  }
  // Its reason.
  std::string RestartNumbering(std::time_t since = 0) {
    v1::RestartTerminalNumberingRequest restart;
    restart.set_request_id(NewRequestId("restart"));
    restart.set_terminal(TerminalName(1));
    if (since != 0) restart.mutable_start_time()->set_seconds(since);
    v1::RestartTerminalNumberingResponse restarted;
    return admin_.Call(&v1::AdminService::Stub::RestartTerminalNumbering, restart, &restarted).reason();
  }
  static v1::RedeemRequest Burn(std::int64_t points) {
    v1::RedeemRequest redeem;
    redeem.set_request_id(NewRequestId("redeem"));
    redeem.set_terminal(TerminalName(1));
    redeem.mutable_identifier()->set_card("2600000001");
    redeem.set_points(points);
    return redeem;
  }

  Installation installation_{GetParam()};
  Server server_{installation_};
  Caller admin_{Connect(server_.address()), installation_.admin_key()};
  v1::ScanResponse scanned_;
  v1::RedeemResponse redeemed_;
};
INSTANTIATE_TEST_SUITE_P(Engines, Terminal, kBothEngines, EngineName);

TEST_P(Terminal, VouchersAndReferralCodesAreNotEnabledAndTheSaleCounts) {
  auto sale = Sale("R1");
  sale.add_voucher_codes("SUMMER");
  sale.set_referral_code("FRIEND");
  ASSERT_EQ(Scan(sale).reason(), "OK");
  ASSERT_EQ(scanned_.result().rejected_size(), 2);
  EXPECT_EQ(scanned_.result().rejected(0).voucher_code(), "SUMMER");
  EXPECT_EQ(scanned_.result().rejected(1).referral_code(), "FRIEND");
  for (const auto& entry : scanned_.result().rejected()) EXPECT_EQ(entry.reason(), v1::ERROR_REASON_NOT_ENABLED);
  EXPECT_EQ(scanned_.result().sale().points_earned(), 100);
}

// A till that is built for them already sells on: what it asks for is answered one by one.
TEST_P(Terminal, CodesHoldsAndPointsToSpendAreNotEnabledAndTheSaleCounts) {
  auto sale = Sale("R1");
  sale.add_scanned_codes("9912345");
  sale.add_scanned_codes("SPRING");
  sale.set_hold("stores/S1/terminals/T1/holds/1");
  sale.set_points_to_burn(100);
  ASSERT_EQ(Scan(sale).reason(), "OK");
  ASSERT_EQ(scanned_.result().rejected_size(), 4);
  EXPECT_EQ(scanned_.result().rejected(0).scanned_code(), "9912345");
  EXPECT_EQ(scanned_.result().rejected(1).scanned_code(), "SPRING");
  EXPECT_EQ(scanned_.result().rejected(2).hold(), sale.hold());
  EXPECT_TRUE(scanned_.result().rejected(3).points_to_burn());
  for (const auto& entry : scanned_.result().rejected()) EXPECT_EQ(entry.reason(), v1::ERROR_REASON_NOT_ENABLED);
  EXPECT_EQ(scanned_.result().sale().points_earned(), 100);
  sale.set_request_id(NewRequestId("scan"));
  sale.set_points_to_burn(-1);
  EXPECT_EQ(Scan(sale).reason(), "INVALID_ARGUMENT");
}

TEST_P(Terminal, ALineThatComesBackIsRefusedUntilReturnsAreBuilt) {
  auto sale = Sale("R1");
  auto& line = *sale.mutable_receipt()->add_lines();
  line.set_amount_minor(-500);
  line.set_return_type(v1::RETURN_TYPE_WITH_RECEIPT);
  EXPECT_EQ(Scan(sale).reason(), "RETURN_NOT_SUPPORTED");
  line.set_return_type(static_cast<v1::ReturnType>(99));
  EXPECT_EQ(Scan(sale).reason(), "INVALID_ARGUMENT");
}

TEST_P(Terminal, TrainingIsAnsweredAndLeavesNothing) {
  ASSERT_EQ(Scan(Sale("R1")).reason(), "OK");
  const auto before = installation_.RowCounts();
  auto sale = Sale("R2");
  sale.mutable_receipt()->set_training(true);
  ASSERT_EQ(Scan(sale).reason(), "OK");
  EXPECT_EQ(scanned_.result().sale().points_earned(), 100);
  EXPECT_EQ(scanned_.result().sale().name(), "");
  sale.mutable_identifier()->set_card("2600000002");  // nobody yet
  ASSERT_EQ(Scan(sale).reason(), "OK");
  EXPECT_TRUE(scanned_.result().member_created());
  EXPECT_EQ(scanned_.result().member(), "");
  EXPECT_FALSE(scanned_.has_member_snapshot());
  auto redeem = Burn(100);
  *redeem.mutable_receipt() = sale.receipt();
  ASSERT_EQ(Redeem(redeem).reason(), "OK");
  EXPECT_EQ(redeemed_.result().value_minor(), 100);
  EXPECT_EQ(redeemed_.result().redemption(), "");
  EXPECT_EQ(installation_.RowCounts(), before);
  EXPECT_EQ(LookUp(admin_, "2600000001").balance().available(), 100);
}

TEST_P(Terminal, ACopyThatComesTooLateIsRefusedUnlessItWasAnswered) {
  auto sale = Sale("R1");
  ASSERT_EQ(Scan(sale).reason(), "OK");
  sale.mutable_not_after()->set_seconds(std::time(nullptr) - 1);
  const auto again = Scan(sale);
  EXPECT_EQ(again.reason(), "OK");
  EXPECT_TRUE(again.replayed);
  auto redeem = Burn(100);
  redeem.mutable_not_after()->set_seconds(std::time(nullptr) - 1);
  EXPECT_EQ(Redeem(redeem).reason(), "NOT_AFTER_PASSED");
  redeem.mutable_not_after()->set_seconds(std::time(nullptr) + 60);
  EXPECT_EQ(Redeem(redeem).reason(), "OK");
}

TEST_P(Terminal, ARestartedNumberingMakesOldNumbersNewReceipts) {
  const auto early = Sale("1");
  ASSERT_EQ(Scan(early).reason(), "OK");
  const auto first = scanned_;
  EXPECT_EQ(Scan(Sale("1", 500)).reason(), "RECEIPT_CONFLICT");
  EXPECT_EQ(RestartNumbering(), "OK");
  const auto again = Scan(Sale("1", 500));
  EXPECT_EQ(again.reason(), "OK");
  EXPECT_FALSE(again.replayed);
  auto late = early;  // the till never heard the answer
  late.set_request_id(NewRequestId("scan"));
  const auto resent = Scan(late);
  EXPECT_EQ(resent.reason(), "OK");
  EXPECT_TRUE(resent.replayed);
  EXPECT_EQ(scanned_.result().SerializeAsString(), first.result().SerializeAsString());
  EXPECT_EQ(installation_.Number("SELECT COUNT(*) FROM receipts"), 2);
  EXPECT_EQ(installation_.Loyaltyd("verify").code, 0);
  installation_.Execute("DELETE FROM terminal_epochs");
  const Ended verify = installation_.Loyaltyd("verify");
  EXPECT_NE(verify.code, 0);
  EXPECT_THAT(verify.out + verify.err, ::testing::HasSubstr("terminal_epochs"));
}

// The till was changed an hour ago, and nobody has said so until now.
TEST_P(Terminal, ANumberingThatBeganAgainCountsFromThen) {
  const auto ago = [](int minutes) { return std::time(nullptr) - minutes * 60; };
  const auto sale = [&](const std::string& number, int minutes, std::int64_t total) {
    auto scan = Sale(number, total);
    scan.mutable_receipt()->mutable_business_time()->set_seconds(ago(minutes));
    scan.mutable_receipt()->set_business_date(FormatDay(DayOf(ago(0) * kSecond, absl::UTCTimeZone())));
    return scan;
  };
  ASSERT_EQ(Scan(sale("1", 120, 1'000)).reason(), "OK");
  EXPECT_EQ(Scan(sale("1", 30, 2'000)).reason(), "RECEIPT_CONFLICT");
  EXPECT_EQ(RestartNumbering(ago(-1)), "INVALID_ARGUMENT") << "it will begin";
  EXPECT_EQ(RestartNumbering(ago(41 * 24 * 60)), "INVALID_ARGUMENT");
  EXPECT_EQ(RestartNumbering(ago(60)), "OK");
  EXPECT_EQ(RestartNumbering(ago(61)), "INVALID_ARGUMENT") << "before the one before";
  EXPECT_EQ(Scan(sale("1", 30, 2'000)).reason(), "OK");
  EXPECT_EQ(Scan(sale("1", 120, 2'000)).reason(), "RECEIPT_CONFLICT") << "of the epoch before";
  EXPECT_TRUE(Scan(sale("1", 120, 1'000)).replayed);
  EXPECT_EQ(installation_.Number("SELECT MAX(epoch) FROM terminal_epochs"), 1);
}

TEST_P(Terminal, CardRangesDoNotOverlap) {
  v1::RegisterCardRangeRequest range;
  range.set_request_id(NewRequestId("range"));
  range.set_first("2600009999");
  range.set_last("2600010001");
  v1::RegisterCardRangeResponse response;
  EXPECT_EQ(admin_.Call(&v1::MemberService::Stub::RegisterCardRange, range, &response).reason(), "CARD_RANGE_OVERLAPS");
}

TEST_P(Terminal, ASecondCardSharesTheAccount) {
  const Caller till(admin_.channel(), EnrollTerminal(admin_, TerminalName(1)));
  ASSERT_EQ(till.Call(&v1::TerminalService::Stub::Scan, Sale("R1"), &scanned_).reason(), "OK");
  v1::LinkIdentifierRequest link;
  link.set_request_id(NewRequestId("link"));
  link.set_member(scanned_.result().member());
  link.mutable_identifier()->set_card("2600000002");
  v1::LinkIdentifierResponse linked;
  ASSERT_EQ(till.Call(&v1::MemberService::Stub::LinkIdentifier, link, &linked).reason(), "OK");
  EXPECT_TRUE(linked.result().linked());
  auto redeem = Burn(100);
  redeem.mutable_identifier()->set_card("2600000002");
  EXPECT_EQ(Redeem(redeem).reason(), "OK");
  auto other = Sale("R2");
  other.mutable_identifier()->set_card("2600000003");
  ASSERT_EQ(Scan(other).reason(), "OK");
  link.set_request_id(NewRequestId("link"));
  link.mutable_identifier()->set_card("2600000003");
  EXPECT_EQ(till.Call(&v1::MemberService::Stub::LinkIdentifier, link, &linked).reason(), "IDENTIFIER_TAKEN");
}

// Who gave an address without a name is not anonymous: another enrolment must not take the account over.
TEST_P(Terminal, AnAccountWithAnAddressIsNobodyElses) {
  const auto enroll = [this](bool person) {
    v1::EnrollMemberRequest request;
    request.set_request_id(NewRequestId("enroll"));
    request.add_identifiers()->set_card("2600000001");
    request.add_identifiers()->set_email("ada@example.org");
    if (person) request.mutable_person()->set_given_name("Eve");
    v1::EnrollMemberResponse response;
    return admin_.Call(&v1::MemberService::Stub::EnrollMember, request, &response).reason();
  };
  EXPECT_EQ(enroll(false), "OK");
  EXPECT_EQ(enroll(true), "IDENTIFIER_TAKEN");
}

TEST_P(Terminal, AReadWaitsForTheWriteItWasToldOf) {
  ASSERT_EQ(Scan(Sale("R1")).reason(), "OK");
  v1::GetBalanceRequest request;
  request.set_member(scanned_.result().member());
  request.set_min_member_seq(scanned_.result().member_seq() + 1);
  v1::GetBalanceResponse response;
  const auto read = [&] {
    return admin_.Call(&v1::LedgerService::Stub::GetBalance, request, &response, std::chrono::seconds(2));
  };
  EXPECT_EQ(read().status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  // Whichever comes first, the write is seen.
  std::thread beside([this] { EXPECT_EQ(Redeem(Burn(100)).reason(), "OK"); });
  EXPECT_EQ(read().reason(), "OK");
  EXPECT_EQ(response.balance().available(), 0);
  beside.join();
}

}  // namespace
}  // namespace loyalty::test
