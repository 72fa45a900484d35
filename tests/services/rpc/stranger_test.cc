// What one till's key gets of somebody whom this till did not enrol: what is shown at any counter, and nothing that
// makes the account its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "loyalty/v1/member_service.pb.h"
#include "storage/verify.h"
#include "tests/services/rpc/call_world.h"

namespace loyalty {
namespace {

using test::kStart;
using ::testing::ElementsAre;

constexpr const char* kEnroll = "loyalty.v1.MemberService.EnrollMember";
constexpr const char* kLink = "loyalty.v1.MemberService.LinkIdentifier";
constexpr const char* kGet = "loyalty.v1.MemberService.GetMember";
constexpr const char* kLookup = "loyalty.v1.MemberService.LookupMember";
constexpr const char* kTill = "Bearer north-till";
constexpr const char* kNextTill = "Bearer next-till";
constexpr const char* kClerk = "Bearer desk";
constexpr const char* kAuditor = "Bearer audit";
constexpr const char* kPhone = "+49301234567";

class StrangerTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  StrangerTest() {
    Add("t1", Role::kTerminal, test::kNorth, 1, "north-till");
    Add("t2", Role::kTerminal, test::kNorth, 2, "next-till");
    Add("keys/desk", Role::kClerk, 0, 0, "desk");
    Add("keys/audit", Role::kAuditor, 0, 0, "audit");
    calls_.Refresh();
  }
  void Add(const char* name, Role role, std::int64_t store_id, std::int64_t terminal_id, const char* key) {
    calls_.AddCaller(name, role, store_id, terminal_id, key);
  }

  // Somebody with a name, a birth date, a phone number and a card; the name of the member, or the reason.
  std::string Enroll(const std::string& who, const std::string& card, const std::string& phone = kPhone) {
    v1::EnrollMemberRequest request;
    request.set_request_id("enroll-" + card);
    request.add_identifiers()->set_card(card);
    if (!phone.empty()) {
      request.add_identifiers()->set_phone(phone);
      request.mutable_person()->set_given_name("Erika");
      request.mutable_person()->set_birth_date("1964-08-12");
    }
    v1::EnrollMemberResponse response;
    const std::string outcome = calls_.Call(kEnroll, request, response, who);
    return outcome == "OK" ? response.result().member() : outcome;
  }
  std::string Link(const std::string& who, const std::string& member, const std::string& card) {
    v1::LinkIdentifierRequest request;
    request.set_request_id("link-number-" + std::to_string(++links_));
    request.set_member(member);
    request.mutable_identifier()->set_card(card);
    v1::LinkIdentifierResponse response;
    return calls_.Call(kLink, request, response, who);
  }
  std::string Read(const std::string& who, const std::string& member, v1::MemberView view, v1::Member& read) {
    v1::GetMemberRequest request;
    request.set_name(member);
    request.set_view(view);
    v1::GetMemberResponse response;
    const std::string outcome = calls_.Call(kGet, request, response, who);
    read = response.member();
    return outcome;
  }
  std::string Find(const std::string& who, const std::string& phone, v1::MemberView view, v1::Member& read) {
    v1::LookupMemberRequest request;
    request.mutable_identifier()->set_phone(phone);
    request.set_view(view);
    v1::LookupMemberResponse response;
    const std::string outcome = calls_.Call(kLookup, request, response, who);
    read = response.member();
    return outcome;
  }
  // A sale at the till, which makes an anonymous member of a new card.
  std::string Sell(const std::string& card) {
    v1::ScanRequest scan = calls_.Sale("sale-of-" + card);
    scan.mutable_identifier()->set_card(card);
    v1::ScanResponse response;
    return calls_.Call(test::CallWorld::kScan, scan, response, kTill);
  }

  test::CallWorld calls_{GetParam()};
  int links_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Engines, StrangerTest, test::kBothEngines, test::EngineName);

TEST_P(StrangerTest, ATillReadsNoBirthDateAndNoPhoneNumber) {
  const std::string member = Enroll(test::CallWorld::kAuthorization, "2600000001");
  v1::Member read;
  EXPECT_EQ(Read(kTill, member, v1::MEMBER_VIEW_FULL, read), "PERMISSION_DENIED");
  EXPECT_EQ(read.person().birth_date(), "");
  EXPECT_EQ(Find(kTill, kPhone, v1::MEMBER_VIEW_FULL, read), "PERMISSION_DENIED");
  EXPECT_EQ(read.person().birth_date(), "");
  EXPECT_EQ(read.identifiers_size(), 0);
  ASSERT_EQ(Find(kTill, kPhone, v1::MEMBER_VIEW_BASIC, read), "OK");
  EXPECT_EQ(read.name(), member);
  EXPECT_FALSE(read.has_person());
  EXPECT_EQ(read.identifiers_size(), 0);
}

TEST_P(StrangerTest, ATillLinksNoCardOfItsOwnToSomebodysAccount) {
  const std::string member = Enroll(test::CallWorld::kAuthorization, "2600000001");
  EXPECT_EQ(Link(kTill, member, "2600000002"), "SERVICE_DESK_NEEDED");
  EXPECT_EQ(calls_.world.database().Number("SELECT COUNT(*) FROM identifiers WHERE code = 'card:2600000002'"), 0);
}

TEST_P(StrangerTest, ATillEnrolsNobodyOnAnAnonymousCardThatWasThereBefore) {
  ASSERT_EQ(Sell("2600000001"), "OK");
  calls_.Pass(kDayLength);
  EXPECT_EQ(Enroll(kTill, "2600000001"), "SERVICE_DESK_NEEDED");
  v1::Member read;
  EXPECT_EQ(Find(kTill, kPhone, v1::MEMBER_VIEW_BASIC, read), "MEMBER_UNKNOWN");
}

TEST_P(StrangerTest, ATillEnrolsWhoeverIsNewAndLinksToThemRightAfterwards) {
  const std::string member = Enroll(kTill, "2600000001");
  ASSERT_THAT(member, ::testing::StartsWith("members/"));
  EXPECT_EQ(Link(kNextTill, member, "2600000002"), "SERVICE_DESK_NEEDED") << "not at any other till";
  calls_.Pass(15 * kMinute);
  EXPECT_EQ(Link(kTill, member, "2600000002"), "OK");
  calls_.Pass(1);
  EXPECT_EQ(Link(kTill, member, "2600000002"), "OK") << "the member has it: nothing changes";
  EXPECT_EQ(Link(kTill, member, "2600000003"), "SERVICE_DESK_NEEDED");
  EXPECT_EQ(Link(kClerk, member, "2600000003"), "OK");
}

TEST_P(StrangerTest, ACardThatWasScannedJustNowIsEnrolledAtTheSameTillOnly) {
  ASSERT_EQ(Sell("2600000001"), "OK");
  EXPECT_EQ(Enroll(kNextTill, "2600000001"), "SERVICE_DESK_NEEDED");
  EXPECT_THAT(Enroll(kTill, "2600000001"), ::testing::StartsWith("members/"));
}

TEST_P(StrangerTest, TheServiceDeskTakesAnOldCardOver) {
  ASSERT_EQ(Sell("2600000001"), "OK");
  calls_.Pass(kDayLength);
  EXPECT_THAT(Enroll(kClerk, "2600000001"), ::testing::StartsWith("members/"));
}

TEST_P(StrangerTest, WhoReadsAllOfAMemberIsNoted) {
  const std::string member = Enroll(test::CallWorld::kAuthorization, "2600000001");
  v1::Member read;
  ASSERT_EQ(Read(kClerk, member, v1::MEMBER_VIEW_FULL, read), "OK");
  EXPECT_EQ(read.person().birth_date(), "1964-08-12");
  calls_.Pass(kMinute);
  ASSERT_EQ(Find(kClerk, kPhone, v1::MEMBER_VIEW_FULL, read), "OK");
  ASSERT_EQ(Read(kAuditor, member, v1::MEMBER_VIEW_FULL, read), "OK");
  ASSERT_EQ(Read(kClerk, member, v1::MEMBER_VIEW_BASIC, read), "OK");
  EXPECT_EQ(Read(kTill, member, v1::MEMBER_VIEW_FULL, read), "PERMISSION_DENIED");
  EXPECT_EQ(Find(kClerk, "+49309999999", v1::MEMBER_VIEW_FULL, read), "MEMBER_UNKNOWN");
  std::vector<std::string> log;
  calls_.world.session().Read(
      "SELECT p.name, r.method, r.create_time FROM read_log r JOIN principals p ON p.id = r.principal_id JOIN members "
      "m "
      "ON m.id = r.member_id ORDER BY p.name, r.read_seq",
      [&log](const std::string& name, const std::string& method, Instant at) {
        log.push_back(name + " " + method.substr(method.rfind('.') + 1) + " " +
                      std::to_string((at - kStart) / kMinute));
      });
  EXPECT_THAT(log, ElementsAre("keys/audit GetMember 1", "keys/desk GetMember 0", "keys/desk LookupMember 1"));
}

TEST_P(StrangerTest, TheLogOfReadsIsAChain) {
  const std::string member = Enroll(test::CallWorld::kAuthorization, "2600000001");
  v1::Member read;
  for (int i = 0; i < 3; ++i) ASSERT_EQ(Read(kClerk, member, v1::MEMBER_VIEW_FULL, read), "OK");
  const auto difference = [this] {
    const auto go_on = [](const storage::VerifyReport&) { return true; };
    return storage::VerifyLedger(calls_.world.session(), test::TestKeys(), std::nullopt, std::nullopt, go_on)
        .first_difference;
  };
  EXPECT_EQ(difference(), "");
  calls_.world.check_at_end = false;
  calls_.world.session().Run("UPDATE read_log SET member_id = member_id + 1 WHERE read_seq = 2");
  EXPECT_EQ(difference(), "read_log keys/desk/2: its seal does not fit: it, or one before it, was changed");
  calls_.world.session().Run("UPDATE read_log SET member_id = member_id - 1 WHERE read_seq = 2");
  calls_.world.session().Run("DELETE FROM read_log WHERE read_seq = 3");
  EXPECT_EQ(difference(), "read_log keys/desk: its last rows are gone");
}

}  // namespace
}  // namespace loyalty
