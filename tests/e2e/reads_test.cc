// What was recorded is read back as it was sent: receipts, redemptions, members, what expires; and nobody reads what is
// another store's.
#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "domain/time.h"
#include "tests/e2e/caller.h"
#include "tests/e2e/server.h"
#include "tests/support/database.h"

namespace loyalty::test {
namespace {

using google::protobuf::util::MessageDifferencer;
using ::testing::ElementsAre;

class Reads : public ::testing::TestWithParam<storage::Engine> {
 protected:
  Reads() { SetUpProgram(admin_, 2); }

  v1::ScanResponse Scan(const v1::ScanRequest& request, const Caller& caller) {
    v1::ScanResponse response;
    const auto result = caller.Call(&v1::TerminalService::Stub::Scan, request, &response);
    EXPECT_EQ(result.reason(), "OK") << result.status.error_message();
    return response;
  }
  v1::ScanResponse Scan(const std::string& number, const std::string& card = "2600000001") {
    auto scan = PlainScan(NewRequestId("scan"), card);
    scan.mutable_receipt()->set_receipt_no(number);
    return Scan(scan, admin_);
  }
  template <typename Stub, typename Request, typename Response>
  std::string Read(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                   const Request& request, Response& response) {
    response.Clear();
    return admin_.Call(method, request, &response).reason();
  }
  v1::GetReceiptRequest Named(const std::string& name) {
    v1::GetReceiptRequest request;
    request.set_name(name);
    return request;
  }
  // The numbers of all receipts of a list, page by page.
  std::vector<std::string> NumbersOf(v1::ListReceiptsRequest request, const Caller& caller) {
    std::vector<std::string> numbers;
    do {
      v1::ListReceiptsResponse page;
      const auto result = caller.Call(&v1::LedgerService::Stub::ListReceipts, request, &page);
      EXPECT_EQ(result.reason(), "OK") << result.status.error_message();
      for (const auto& receipt : page.receipts()) numbers.push_back(receipt.receipt().receipt_no());
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return numbers;
  }
  v1::RedeemResponse Redeem(std::int64_t points, const std::string& card = "2600000001") {
    v1::RedeemRequest redeem;
    redeem.set_request_id(NewRequestId("redeem"));
    redeem.set_terminal(TerminalName(1));
    redeem.mutable_identifier()->set_card(card);
    redeem.set_points(points);
    v1::RedeemResponse response;
    EXPECT_EQ(admin_.Call(&v1::TerminalService::Stub::Redeem, redeem, &response).reason(), "OK");
    return response;
  }

  Installation installation_{GetParam()};
  Server server_{installation_};
  Caller admin_{Connect(server_.address()), installation_.admin_key()};
};
INSTANTIATE_TEST_SUITE_P(Engines, Reads, kBothEngines, EngineName);

TEST_P(Reads, AReceiptComesBackAsItWasSent) {
  auto scan = PlainScan(NewRequestId("scan"), "2600000001");
  v1::Receipt& receipt = *scan.mutable_receipt();
  receipt.set_business_date(FormatDay(DayOf(std::time(nullptr) * kSecond, absl::UTCTimeZone())));
  receipt.set_kind(v1::RECEIPT_KIND_SALE);
  receipt.set_total_minor(3'180);
  receipt.mutable_fiscal()->set_scheme("de-tse");
  receipt.mutable_fiscal()->set_serial("A1");
  receipt.mutable_fiscal()->set_transaction_no("17");
  receipt.mutable_fiscal()->set_signature("c2ln");
  auto& payment = *receipt.add_payments();
  payment.set_kind(v1::PAYMENT_KIND_GIFT_CARD);
  payment.set_amount_minor(3'180);
  auto& petrol = *receipt.add_lines();
  petrol.set_line_id("1");
  petrol.set_kind(v1::LINE_KIND_GOODS);
  petrol.set_sku("E10");
  petrol.set_description("Super E10");
  petrol.add_category_ids("fuel");
  petrol.set_quantity_micros(16'560'000);
  petrol.set_unit("l");
  petrol.set_unit_price_micros(1'739'000);
  petrol.set_amount_minor(2'880);
  petrol.set_tax_mode(v1::TAX_MODE_GROSS);
  petrol.set_no_discount(true);
  for (const int rate : {190'000, 88'750}) {
    auto& tax = *petrol.add_taxes();
    tax.set_rate_millionths(rate);
    tax.set_amount_minor(rate / 1'000);
  }
  auto& test_kit = *receipt.add_lines();
  test_kit = petrol;
  test_kit.set_line_id("2");
  test_kit.set_amount_minor(300);
  test_kit.set_private_(true);
  const auto scanned = Scan(scan, admin_);
  v1::GetReceiptResponse response;
  ASSERT_EQ(Read(&v1::LedgerService::Stub::GetReceipt, Named(scanned.result().sale().name()), response), "OK");
  const v1::RecordedReceipt& recorded = response.receipt();
  v1::Receipt expected = receipt;
  expected.mutable_lines(1)->clear_sku();
  expected.mutable_lines(1)->clear_description();
  expected.mutable_lines(1)->clear_category_ids();
  EXPECT_TRUE(MessageDifferencer::Equals(recorded.receipt(), expected))
      << recorded.receipt().DebugString() << " for " << expected.DebugString();
  EXPECT_EQ(recorded.member(), scanned.result().member());
  EXPECT_EQ(recorded.terminal(), TerminalName(1));
  EXPECT_EQ(recorded.request_id(), scan.request_id());
  EXPECT_EQ(recorded.result().SerializeAsString(), scanned.result().SerializeAsString());
  EXPECT_THAT(recorded.entries(), ElementsAre(scanned.result().member() + "/entries/1"));
  EXPECT_EQ(Read(&v1::LedgerService::Stub::GetReceipt, Named("receipts/0123456789abcdef"), response),
            "RECEIPT_UNKNOWN");
  EXPECT_EQ(Read(&v1::LedgerService::Stub::GetReceipt, Named("receipts/1"), response), "INVALID_ARGUMENT");
}

TEST_P(Reads, ReceiptsOfAMemberAndOfADay) {
  for (const char* number : {"R1", "R2", "R3"}) Scan(number);
  const auto other = Scan("R4", "2600000002");
  auto nobody = PlainScan(NewRequestId("scan"), "2600000001");
  nobody.clear_identifier();
  nobody.set_terminal(TerminalName(2));
  nobody.mutable_receipt()->set_receipt_no("R5");
  const std::string day = Scan(nobody, admin_).result().sale().business_date();

  v1::ListReceiptsRequest of_member;
  of_member.set_member(LookUp(admin_, "2600000001").name());
  of_member.set_page_size(2);
  EXPECT_THAT(NumbersOf(of_member, admin_), ElementsAre("R3", "R2", "R1"));
  v1::ListReceiptsRequest of_store;
  of_store.set_store("stores/S1");
  of_store.set_business_date(day);
  of_store.set_page_size(2);
  EXPECT_THAT(NumbersOf(of_store, admin_), ::testing::UnorderedElementsAre("R1", "R2", "R3", "R4", "R5"));
  v1::ListReceiptsRequest of_terminal;
  of_terminal.set_terminal(TerminalName(2));
  of_terminal.set_business_date(day);
  EXPECT_THAT(NumbersOf(of_terminal, admin_), ElementsAre("R5"));
  of_terminal.set_business_date("2020-01-01");
  EXPECT_THAT(NumbersOf(of_terminal, admin_), ElementsAre());

  v1::ListReceiptsResponse response;
  EXPECT_EQ(Read(&v1::LedgerService::Stub::ListReceipts, v1::ListReceiptsRequest(), response), "INVALID_ARGUMENT");
  of_store.set_member(of_member.member());
  EXPECT_EQ(Read(&v1::LedgerService::Stub::ListReceipts, of_store, response), "INVALID_ARGUMENT");
}

TEST_P(Reads, ATillReadsTheReceiptsOfItsOwnStoreOnly) {
  const auto scanned = Scan("R1");
  MakeStore(admin_, "S2", {}, 1);
  const Caller own(admin_.channel(), EnrollTerminal(admin_, TerminalName(2)));
  const Caller foreign(admin_.channel(), EnrollTerminal(admin_, "stores/S2/terminals/T1"));
  v1::GetReceiptResponse response;
  const auto request = Named(scanned.result().sale().name());
  EXPECT_EQ(own.Call(&v1::LedgerService::Stub::GetReceipt, request, &response).reason(), "OK");
  EXPECT_EQ(foreign.Call(&v1::LedgerService::Stub::GetReceipt, request, &response).reason(), "RECEIPT_UNKNOWN");
  v1::ListReceiptsRequest list;
  list.set_member(scanned.result().member());
  EXPECT_THAT(NumbersOf(list, own), ElementsAre("R1"));
  EXPECT_THAT(NumbersOf(list, foreign), ElementsAre());
  v1::ListReceiptsRequest day;
  day.set_store("stores/S1");
  day.set_business_date(scanned.result().sale().business_date());
  v1::ListReceiptsResponse page;
  EXPECT_EQ(foreign.Call(&v1::LedgerService::Stub::ListReceipts, day, &page).reason(), "PERMISSION_DENIED");
}

TEST_P(Reads, RedemptionsWithWhatTheyPaid) {
  for (int i = 0; i < 30; ++i) Scan("R" + std::to_string(i));
  const auto first = Redeem(100), second = Redeem(200);
  v1::CancelRedemptionRequest cancel;
  cancel.set_request_id(NewRequestId("cancel"));
  cancel.set_terminal(TerminalName(1));
  cancel.set_redemption(first.result().redemption());
  cancel.set_reason("CUSTOMER");
  v1::CancelRedemptionResponse cancelled;
  ASSERT_EQ(admin_.Call(&v1::TerminalService::Stub::CancelRedemption, cancel, &cancelled).reason(), "OK");
  auto paid = PlainScan(NewRequestId("scan"), "2600000001");
  auto& payment = *paid.mutable_receipt()->add_payments();
  payment.set_kind(v1::PAYMENT_KIND_POINTS);
  payment.set_amount_minor(200);
  payment.set_redemption(second.result().redemption());
  const auto sale = Scan(paid, admin_);

  v1::ListRedemptionsRequest list;
  list.set_member(first.result().member());
  list.set_page_size(1);
  v1::ListRedemptionsResponse page;
  ASSERT_EQ(Read(&v1::LedgerService::Stub::ListRedemptions, list, page), "OK");
  ASSERT_EQ(page.redemptions_size(), 1);
  EXPECT_EQ(page.redemptions(0).name(), second.result().redemption());
  EXPECT_EQ(page.redemptions(0).receipt(), sale.result().sale().name());
  list.set_page_token(page.next_page_token());
  ASSERT_EQ(Read(&v1::LedgerService::Stub::ListRedemptions, list, page), "OK");
  EXPECT_EQ(page.redemptions(0).name(), first.result().redemption());
  EXPECT_EQ(page.next_page_token(), "");

  v1::GetRedemptionRequest get;
  get.set_name(first.result().redemption());
  v1::GetRedemptionResponse response;
  ASSERT_EQ(Read(&v1::LedgerService::Stub::GetRedemption, get, response), "OK");
  EXPECT_EQ(response.redemption().state(), v1::REDEMPTION_STATE_CANCELLED);
  EXPECT_EQ(response.redemption().cancel_reason(), "CUSTOMER");
  EXPECT_EQ(response.redemption().points(), 100);
  EXPECT_EQ(response.redemption().value_minor(), 100);
  get.set_name(first.result().member() + "/redemptions/0123456789abcdef");
  EXPECT_EQ(Read(&v1::LedgerService::Stub::GetRedemption, get, response), "REDEMPTION_UNKNOWN");
}

TEST_P(Reads, EntriesOfSomeTypesTimesAndReceiptsOnly) {
  const auto sale = Scan("R1");
  for (int i = 2; i < 30; ++i) Scan("R" + std::to_string(i));
  Redeem(100);
  v1::ListEntriesRequest request;
  request.set_member(sale.result().member());
  v1::ListEntriesResponse response;
  const auto types = [&] {
    EXPECT_EQ(Read(&v1::LedgerService::Stub::ListEntries, request, response), "OK");
    std::vector<int> all;
    for (const auto& entry : response.entries()) all.push_back(entry.type());
    return all;
  };
  request.add_types(v1::ENTRY_TYPE_BURN);
  EXPECT_THAT(types(), ElementsAre(v1::ENTRY_TYPE_BURN));
  request.add_types(v1::ENTRY_TYPE_EARN);
  EXPECT_EQ(types().size(), 30U);
  request.set_receipt(sale.result().sale().name());
  EXPECT_THAT(types(), ElementsAre(v1::ENTRY_TYPE_EARN));
  EXPECT_EQ(response.entries(0).receipt(), request.receipt());
  request.mutable_end_time()->set_seconds(std::time(nullptr) - 3'600);
  EXPECT_THAT(types(), ElementsAre());
  request.mutable_start_time()->set_seconds(std::time(nullptr));
  EXPECT_EQ(Read(&v1::LedgerService::Stub::ListEntries, request, response), "INVALID_ARGUMENT");
}

class Expiring : public ::testing::TestWithParam<storage::Engine> {
 protected:
  // Points live for 30 days, from the first version of the catalogue on.
  Expiring() {
    v1::Store berlin;
    berlin.set_time_zone("Europe/Berlin");
    MakeStore(admin_, "S1", berlin, 1);
    v1::RegisterCardRangeRequest range;
    range.set_request_id(NewRequestId("range"));
    range.set_first("2600000000");
    range.set_last("2600009999");
    v1::RegisterCardRangeResponse registered;
    EXPECT_EQ(admin_.Call(&v1::MemberService::Stub::RegisterCardRange, range, &registered).reason(), "OK");
    v1::ApplyCatalogueRequest apply;
    apply.set_request_id(NewRequestId("apply"));
    auto& earning = *apply.mutable_catalogue()->mutable_earning();
    earning.set_points(1);
    earning.set_per_amount_minor(100);
    earning.set_validity_days(30);
    apply.mutable_catalogue()->mutable_burn()->set_points(100);
    apply.mutable_catalogue()->mutable_burn()->set_value_minor(100);
    v1::ApplyCatalogueResponse applied;
    EXPECT_EQ(admin_.Call(&v1::CampaignService::Stub::ApplyCatalogue, apply, &applied).reason(), "OK");
  }
  // As a read says it.
  v1::GetBalanceResponse Balance(const std::string& member) {
    v1::GetBalanceRequest get;
    get.set_member(member);
    v1::GetBalanceResponse balance;
    EXPECT_EQ(admin_.Call(&v1::LedgerService::Stub::GetBalance, get, &balance).reason(), "OK");
    return balance;
  }
  template <typename Dates>
  static void ExpectSame(const Dates& dates, const Dates& expected) {
    ASSERT_EQ(dates.size(), expected.size());
    for (int i = 0; i < dates.size(); ++i) EXPECT_TRUE(MessageDifferencer::Equals(dates.Get(i), expected.Get(i))) << i;
  }

  Installation installation_{GetParam()};
  Server server_{installation_};
  Caller admin_{Connect(server_.address()), installation_.admin_key()};
};
INSTANTIATE_TEST_SUITE_P(Engines, Expiring, kBothEngines, EngineName);

// Twelve lots a day: the first few that are read with a scan are of one date, and more must be read to tell five.
TEST_P(Expiring, IsInEverySnapshotWhatAReadSays) {
  v1::ScanResponse scanned;
  for (int i = 0; i < 90; ++i) {
    auto scan = PlainScan(NewRequestId("scan"), "2600000001");
    scan.mutable_receipt()->mutable_business_time()->set_seconds(std::time(nullptr) - 86'400 * ((90 - i) / 12));
    ASSERT_EQ(admin_.Call(&v1::TerminalService::Stub::Scan, scan, &scanned).reason(), "OK");
    if (i == 0 || i == 20 || i == 89)
      ExpectSame(scanned.member_snapshot().expiring_soon(), Balance(scanned.result().member()).expiring_soon());
  }
  const std::string member = scanned.result().member();
  EXPECT_EQ(Balance(member).expiring_soon_size(), 5);
  ExpectSame(LookUp(admin_, "2600000001").expiring_soon(), Balance(member).expiring_soon());
  v1::RedeemRequest redeem;
  redeem.set_request_id(NewRequestId("redeem"));
  redeem.set_terminal(TerminalName(1));
  redeem.mutable_identifier()->set_card("2600000001");
  redeem.set_points(100);
  v1::RedeemResponse redeemed;
  ASSERT_EQ(admin_.Call(&v1::TerminalService::Stub::Redeem, redeem, &redeemed).reason(), "OK");
  ExpectSame(redeemed.member_snapshot().expiring_soon(), Balance(member).expiring_soon());
  EXPECT_EQ(redeemed.member_snapshot().expiring_soon_size(), 5);
}

TEST_P(Reads, ARedemptionIsQuotedAndNothingSpent) {
  for (int i = 0; i < 10; ++i) Scan("R" + std::to_string(i));
  const auto before = installation_.RowCounts();
  v1::QuoteRedeemRequest quote;
  quote.mutable_redeem()->set_terminal(TerminalName(1));
  quote.mutable_redeem()->mutable_identifier()->set_card("2600000001");
  quote.mutable_redeem()->set_points(100);
  v1::QuoteRedeemResponse response;
  ASSERT_EQ(Read(&v1::TerminalService::Stub::QuoteRedeem, quote, response), "OK");
  EXPECT_EQ(response.redeem().result().value_minor(), 100);
  EXPECT_EQ(response.redeem().result().redemption(), "");
  EXPECT_EQ(installation_.RowCounts(), before);
  EXPECT_EQ(LookUp(admin_, "2600000001").balance().available(), 100);
  quote.mutable_redeem()->set_points(200);
  EXPECT_EQ(Read(&v1::TerminalService::Stub::QuoteRedeem, quote, response), "INSUFFICIENT_POINTS");
}

TEST_P(Reads, ATillIsToldWhoItIsAndWhatItMustKnow) {
  const Caller till(admin_.channel(), EnrollTerminal(admin_, TerminalName(1)));
  v1::GetProgramInfoResponse info;
  ASSERT_EQ(till.Call(&v1::TerminalService::Stub::GetProgramInfo, v1::GetProgramInfoRequest(), &info).reason(), "OK");
  EXPECT_EQ(info.currency_code(), "EUR");
  EXPECT_EQ(info.principal(), TerminalName(1));
  EXPECT_EQ(info.store_time_zone(), "Europe/Berlin");
  EXPECT_EQ(info.catalogue_version(), 1);
  EXPECT_NE(info.server_version(), "");
  EXPECT_NE(info.server_time().seconds(), 0);
  const auto days = (info.key_expire_time().seconds() - info.server_time().seconds()) / 86'400;
  EXPECT_GT(days, 390);
  EXPECT_LE(days, 400);
}

// Their messages are there to build a till with; they do nothing yet.
TEST_P(Reads, WhatIsNotBuiltYetSaysSo) {
  v1::VoidSaleResponse voided;
  EXPECT_EQ(Read(&v1::TerminalService::Stub::VoidSale, v1::VoidSaleRequest(), voided), "NOT_ENABLED");
  v1::CreateHoldResponse held;
  EXPECT_EQ(Read(&v1::TerminalService::Stub::CreateHold, v1::CreateHoldRequest(), held), "NOT_ENABLED");
  grpc::ClientContext context;
  admin_.Prepare(context);
  const auto stub = v1::TerminalService::NewStub(admin_.channel());
  const auto stream = stub->SyncJournal(&context);
  v1::SyncJournalResponse answer;
  EXPECT_FALSE(stream->Read(&answer));
  const CallResult ended{stream->Finish()};
  EXPECT_EQ(ended.reason(), "NOT_ENABLED");
}

}  // namespace
}  // namespace loyalty::test
