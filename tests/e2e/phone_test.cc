// A phone number is the same person however it is written down.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/caller.h"
#include "tests/e2e/server.h"
#include "tests/support/database.h"

namespace loyalty::test {
namespace {

class PhoneNumbers : public ::testing::TestWithParam<storage::Engine> {
 protected:
  PhoneNumbers() {
    SetUpProgram(admin_, 1);  // its store is where the program is
    v1::Store vienna;
    vienna.set_display_name("Wien");
    vienna.set_region_code("AT");
    EXPECT_EQ(MakeStore(admin_, "VIE", vienna, 1).region_code(), "AT");
  }

  // Who has this number; empty: nobody.
  static std::string Who(const Caller& caller, const std::string& phone) {
    v1::LookupMemberRequest request;
    request.mutable_identifier()->set_phone(phone);
    v1::LookupMemberResponse response;
    const CallResult result = caller.Call(&v1::MemberService::Stub::LookupMember, request, &response);
    return result.ok() ? response.member().name() : result.reason();
  }
  static std::string Enroll(const Caller& caller, const std::string& phone) {
    v1::EnrollMemberRequest request;
    request.set_request_id(NewRequestId("enroll"));
    request.add_identifiers()->set_phone(phone);
    v1::EnrollMemberResponse response;
    const CallResult result = caller.Call(&v1::MemberService::Stub::EnrollMember, request, &response);
    return result.ok() ? response.result().member() : result.reason();
  }

  const Installation installation_{GetParam(), {.init = {"--country", "DE"}}};
  const Server server_{installation_};
  const Caller admin_{Connect(server_.address()), installation_.admin_key()};
};
INSTANTIATE_TEST_SUITE_P(Engines, PhoneNumbers, kBothEngines, EngineName);

TEST_P(PhoneNumbers, OnePersonHoweverTheNumberIsWritten) {
  const Caller berlin(admin_.channel(), EnrollTerminal(admin_, TerminalName(1)));
  const Caller vienna(admin_.channel(), EnrollTerminal(admin_, "stores/VIE/terminals/T1"));
  const std::string ada = Enroll(berlin, "+49 (0)30 123");
  ASSERT_THAT(ada, ::testing::StartsWith("members/"));
  for (const char* same : {"+4930123", "030 123", "030/123", "0049 30 123", "+49 (0)30 123"}) {
    EXPECT_EQ(Who(berlin, same), ada) << same;
    EXPECT_EQ(Enroll(berlin, same), "IDENTIFIER_TAKEN") << same;
  }
  // Where the program is, where a till stands, and with a country code everywhere.
  EXPECT_EQ(Who(admin_, "030 123"), ada);
  EXPECT_EQ(Who(vienna, "+49 30 123"), ada);
  EXPECT_EQ(Who(vienna, "030 123"), "MEMBER_UNKNOWN") << "in Austria it is another number";

  v1::ScanRequest scan;
  scan.set_request_id(NewRequestId("visit"));
  scan.mutable_identifier()->set_phone("(030) 123");
  v1::ScanResponse scanned;
  ASSERT_EQ(berlin.Call(&v1::TerminalService::Stub::Scan, scan, &scanned).reason(), "OK");
  EXPECT_EQ(scanned.result().member(), ada);
  // What is answered is the one form.
  v1::GetMemberRequest get;
  get.set_name(ada);
  get.set_view(v1::MEMBER_VIEW_FULL);
  v1::GetMemberResponse member;
  ASSERT_EQ(admin_.Call(&v1::MemberService::Stub::GetMember, get, &member).reason(), "OK");
  ASSERT_EQ(member.member().identifiers_size(), 1);
  EXPECT_EQ(member.member().identifiers(0).identifier().phone(), "+4930123");
}

TEST_P(PhoneNumbers, OneThatCannotBeIsRefusedByItsFieldAndNotRepeated) {
  v1::LookupMemberRequest request;
  request.mutable_identifier()->set_phone("+49 30 12345678901234");
  v1::LookupMemberResponse response;
  const CallResult refused = admin_.Call(&v1::MemberService::Stub::LookupMember, request, &response);
  EXPECT_EQ(refused.reason(), "INVALID_ARGUMENT");
  EXPECT_THAT(refused.status.error_message(), ::testing::HasSubstr("too long for its country"));
  EXPECT_THAT(refused.status.error_message(), ::testing::Not(::testing::HasSubstr("1234567890")));
  EXPECT_THAT(refused.status.error_details(), ::testing::HasSubstr("identifier.phone"));
}

TEST(PhoneNumbersOf, AProgramWithoutACountryWantsItsCode) {
  const Installation installation(storage::Engine::kSqlite);
  const Server server(installation);
  const Caller admin(Connect(server.address()), installation.admin_key());
  v1::LookupMemberRequest request;
  v1::LookupMemberResponse response;
  request.mutable_identifier()->set_phone("030 123");
  const CallResult refused = admin.Call(&v1::MemberService::Stub::LookupMember, request, &response);
  EXPECT_EQ(refused.reason(), "INVALID_ARGUMENT");
  EXPECT_THAT(refused.status.error_message(), ::testing::HasSubstr("country code"));
  request.mutable_identifier()->set_phone("+49 (0)30 123");
  EXPECT_EQ(admin.Call(&v1::MemberService::Stub::LookupMember, request, &response).reason(), "MEMBER_UNKNOWN");
}

}  // namespace
}  // namespace loyalty::test
