// What the service desk does to who a member is, and that it is told afterwards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "loyalty/v1/admin_service.pb.h"
#include "loyalty/v1/member_service.pb.h"
#include "services/codec/timestamp.h"
#include "tests/services/rpc/call_world.h"

namespace loyalty {
namespace {

using ::testing::ElementsAre;

constexpr const char* kDesk = "Bearer desk";
constexpr const char* kOld = "2600000001";
constexpr const char* kNew = "2600000002";

class DeskTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  DeskTest() {
    storage::PrincipalRow row;
    row.name = "keys/desk";
    row.role = Role::kClerk;
    calls_.AddKey(calls_.AddPrincipal(row).id, "desk");
    calls_.Refresh();
    v1::EnrollMemberRequest request;
    request.set_request_id("enroll-1");
    request.add_identifiers()->set_card(kOld);
    request.mutable_person()->set_given_name("Erika");
    v1::EnrollMemberResponse response;
    EXPECT_EQ(calls_.Call("loyalty.v1.MemberService.EnrollMember", request, response, kDesk), "OK");
    member_ = response.result().member();
  }

  // "changed", "same", or the reason.
  template <typename Response, typename Request>
  std::string Do(const char* method, Request request, const std::string& who = kDesk) {
    request.set_request_id("at-the-desk-" + std::to_string(++requests_));
    if (request.member().empty()) request.set_member(member_);
    request.set_reason("lost");
    Response response;
    const std::string outcome = calls_.Call(std::string("loyalty.v1.MemberService.") + method, request, response, who);
    if (outcome != "OK") return outcome;
    EXPECT_EQ(response.result().member(), request.member());
    Response again;
    EXPECT_EQ(calls_.Call(std::string("loyalty.v1.MemberService.") + method, request, again, who), "OK");
    EXPECT_EQ(again.SerializeAsString(), response.SerializeAsString()) << "safe to repeat";
    return response.result().changed() ? "changed" : "same";
  }
  std::string Unlink(const std::string& card) {
    v1::UnlinkIdentifierRequest request;
    request.mutable_identifier()->set_card(card);
    return Do<v1::UnlinkIdentifierResponse>("UnlinkIdentifier", request);
  }
  std::string Block(const std::string& card) {
    v1::BlockIdentifierRequest request;
    request.mutable_identifier()->set_card(card);
    return Do<v1::BlockIdentifierResponse>("BlockIdentifier", request);
  }
  std::string Replace(const std::string& card, const std::string& new_card) {
    v1::ReplaceCardRequest request;
    request.set_card(card);
    request.set_new_card(new_card);
    return Do<v1::ReplaceCardResponse>("ReplaceCard", request);
  }
  std::string BlockMember() { return Do<v1::BlockMemberResponse>("BlockMember", v1::BlockMemberRequest()); }
  std::string UnblockMember() { return Do<v1::UnblockMemberResponse>("UnblockMember", v1::UnblockMemberRequest()); }
  // Whom a sale with this card is for; or why for nobody.
  std::string Sell(const std::string& card) {
    v1::ScanRequest scan = calls_.Sale("sale-number-" + std::to_string(++requests_));
    scan.mutable_identifier()->set_card(card);
    v1::ScanResponse response;
    EXPECT_EQ(calls_.Call(test::CallWorld::kScan, scan, response), "OK");
    if (response.result().rejected_size() > 0)
      return v1::ErrorReason_Name(response.result().rejected(0).reason()).substr(sizeof("ERROR_REASON_") - 1);
    return response.result().member() == member_ ? "the member" : "somebody else";
  }
  std::vector<std::string> Audit(const std::string& name, std::int32_t page_size = 50, Instant from = 0) {
    v1::ListAuditEventsRequest request;
    request.set_name(name);
    request.set_page_size(page_size);
    if (from != 0) *request.mutable_from_time() = ToTimestamp(from);
    std::vector<std::string> events;
    do {
      v1::ListAuditEventsResponse page;
      EXPECT_EQ(calls_.Call("loyalty.v1.AdminService.ListAuditEvents", request, page), "OK");
      for (const auto& event : page.events())
        events.push_back(event.action() + " " + (event.resource() == member_ ? "member" : event.resource()));
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return events;
  }
  std::string ReadAll() {
    v1::GetMemberRequest request;
    request.set_name(member_);
    request.set_view(v1::MEMBER_VIEW_FULL);
    v1::GetMemberResponse response;
    return calls_.Call("loyalty.v1.MemberService.GetMember", request, response, kDesk);
  }

  test::CallWorld calls_{GetParam()};
  std::string member_;
  int requests_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Engines, DeskTest, test::kBothEngines, test::EngineName);

TEST_P(DeskTest, AnIdentifierThatIsUnlinkedIsNobodys) {
  EXPECT_EQ(Unlink(kNew), "IDENTIFIER_UNKNOWN");
  EXPECT_EQ(Unlink(kOld), "changed");
  EXPECT_EQ(Unlink(kOld), "IDENTIFIER_UNKNOWN");
  EXPECT_EQ(Sell(kOld), "somebody else") << "a member of its own, as with any card of the range";
}

TEST_P(DeskTest, ACardThatIsBlockedIsBlockedForGood) {
  EXPECT_EQ(Block(kOld), "changed");
  EXPECT_EQ(Sell(kOld), "IDENTIFIER_BLOCKED");
  EXPECT_EQ(Block(kOld), "same");
  EXPECT_EQ(Unlink(kOld), "IDENTIFIER_BLOCKED") << "who found it must not come by it to another account";
}

TEST_P(DeskTest, ACardIsReplaced) {
  ASSERT_EQ(Sell("2600000003"), "somebody else");
  EXPECT_EQ(Replace(kOld, "2600000003"), "IDENTIFIER_TAKEN");
  EXPECT_EQ(Replace(kOld, kOld), "INVALID_ARGUMENT");
  EXPECT_EQ(Replace(kOld, kNew), "changed");
  EXPECT_EQ(Sell(kOld), "IDENTIFIER_BLOCKED");
  EXPECT_EQ(Sell(kNew), "the member");
  EXPECT_EQ(Replace(kOld, kNew), "same");
  EXPECT_EQ(Replace(kOld, "2600000004"), "IDENTIFIER_BLOCKED");
}

TEST_P(DeskTest, ABlockedMemberNeitherEarnsNorBurnsUntilItIsUnblocked) {
  EXPECT_EQ(BlockMember(), "changed");
  EXPECT_EQ(BlockMember(), "same");
  EXPECT_EQ(Sell(kOld), "MEMBER_BLOCKED");
  EXPECT_EQ(UnblockMember(), "changed");
  EXPECT_EQ(Sell(kOld), "the member");
}

TEST_P(DeskTest, NothingIsDoneToWhomThereIsNot) {
  v1::BlockMemberRequest request;
  request.set_member("members/0123456789abcdef");
  EXPECT_EQ(Do<v1::BlockMemberResponse>("BlockMember", request), "MEMBER_UNKNOWN");
}

TEST_P(DeskTest, WhatWasDoneAndReadIsToldByTime) {
  EXPECT_EQ(ReadAll(), "OK");
  calls_.Pass(kMinute);
  EXPECT_EQ(Replace(kOld, kNew), "changed");
  calls_.Pass(kMinute);
  EXPECT_EQ(ReadAll(), "OK");
  calls_.Pass(kMinute);
  v1::LinkIdentifierRequest link;
  link.set_request_id("link-number-1");
  link.set_member(member_);
  link.mutable_identifier()->set_card("2600000003");
  v1::LinkIdentifierResponse linked;
  EXPECT_EQ(calls_.Call("loyalty.v1.MemberService.LinkIdentifier", link, linked, kDesk), "OK");
  const auto all =
      ElementsAre("member.read member", "card.replace member", "member.read member", "identifier.link member");
  EXPECT_THAT(Audit("keys/desk"), all);
  EXPECT_THAT(Audit("keys/desk", 1), all) << "page by page";
  EXPECT_THAT(Audit("keys/desk", 50, calls_.now() - kMinute),
              ElementsAre("member.read member", "identifier.link member"));
  EXPECT_THAT(Audit("keys/admin"), ::testing::IsEmpty());
  v1::ListAuditEventsRequest request;
  request.set_name("keys/nobody");
  v1::ListAuditEventsResponse response;
  EXPECT_EQ(calls_.Call("loyalty.v1.AdminService.ListAuditEvents", request, response), "KEY_UNKNOWN");
}

}  // namespace
}  // namespace loyalty
