// Members are listed, and corrected by who has seen what is there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/caller.h"
#include "tests/e2e/server.h"
#include "tests/support/database.h"

namespace loyalty::test {
namespace {

using ::testing::ElementsAre;

class Members : public ::testing::TestWithParam<storage::Engine> {
 protected:
  Members() { SetUpProgram(admin_, 1); }

  std::string Enroll(const std::string& card, const std::string& given_name) {
    v1::EnrollMemberRequest request;
    request.set_request_id(NewRequestId("enroll"));
    request.add_identifiers()->set_card(card);
    if (!given_name.empty()) {
      request.mutable_person()->set_given_name(given_name);
      request.mutable_person()->set_birth_date("1990-05-17");
    }
    v1::EnrollMemberResponse response;
    EXPECT_EQ(admin_.Call(&v1::MemberService::Stub::EnrollMember, request, &response).reason(), "OK");
    return response.result().member();
  }
  v1::Member Get(const std::string& name) {
    v1::GetMemberRequest request;
    request.set_name(name);
    request.set_view(v1::MEMBER_VIEW_FULL);
    v1::GetMemberResponse response;
    EXPECT_EQ(admin_.Call(&v1::MemberService::Stub::GetMember, request, &response).reason(), "OK");
    return response.member();
  }
  static v1::UpdateMemberRequest ToUpdate(const v1::Member& member, const std::vector<std::string>& paths) {
    v1::UpdateMemberRequest request;
    request.set_request_id(NewRequestId("update"));
    request.mutable_member()->set_name(member.name());
    request.mutable_member()->set_etag(member.etag());
    for (const auto& path : paths) request.mutable_update_mask()->add_paths(path);
    return request;
  }
  std::string Update(const v1::UpdateMemberRequest& request) {
    updated_.Clear();
    return admin_.Call(&v1::MemberService::Stub::UpdateMember, request, &updated_).reason();
  }
  std::vector<std::string> List(v1::ListMembersRequest request) {
    std::vector<std::string> names;
    do {
      v1::ListMembersResponse page;
      EXPECT_EQ(admin_.Call(&v1::MemberService::Stub::ListMembers, request, &page).reason(), "OK");
      for (const auto& member : page.members()) {
        names.push_back(member.name());
        EXPECT_FALSE(member.has_person());
      }
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return names;
  }

  Installation installation_{GetParam()};
  Server server_{installation_};
  Caller admin_{Connect(server_.address()), installation_.admin_key()};
  v1::UpdateMemberResponse updated_;
};
INSTANTIATE_TEST_SUITE_P(Engines, Members, kBothEngines, EngineName);

TEST_P(Members, AreListedNewestFirst) {
  const std::string first = Enroll("2600000001", "Ada"), second = Enroll("2600000002", ""),
                    third = Enroll("2600000003", "Eve");
  v1::ListMembersRequest request;
  request.set_page_size(2);
  EXPECT_THAT(List(request), ElementsAre(third, second, first));
  request.set_enrolled_only(true);
  EXPECT_THAT(List(request), ElementsAre(third, first));
  request.set_state(v1::MEMBER_STATE_BLOCKED);
  EXPECT_THAT(List(request), ElementsAre());
}

TEST_P(Members, OnlyWhatTheMaskNamesIsChanged) {
  const v1::Member before = Get(Enroll("2600000001", "Ada"));
  auto request = ToUpdate(before, {"person.family_name", "language_code"});
  request.mutable_member()->set_language_code("fr");
  request.mutable_member()->mutable_person()->set_family_name("Lovelace");
  request.mutable_member()->mutable_person()->set_given_name("Eve");
  ASSERT_EQ(Update(request), "OK");
  EXPECT_THAT(updated_.result().changed(), ::testing::UnorderedElementsAre("language_code", "person.family_name"));
  const v1::Member after = Get(before.name());
  EXPECT_EQ(after.person().given_name(), "Ada");
  EXPECT_EQ(after.person().family_name(), "Lovelace");
  EXPECT_EQ(after.person().birth_date(), "1990-05-17");
  EXPECT_EQ(after.language_code(), "fr");
  EXPECT_EQ(after.etag(), updated_.result().etag());
  EXPECT_NE(after.etag(), before.etag());

  const std::string result = updated_.result().SerializeAsString();
  EXPECT_EQ(Update(request), "OK") << "a repeat";
  EXPECT_EQ(updated_.result().SerializeAsString(), result);
  EXPECT_EQ(Update(ToUpdate(after, {"person"})), "OK") << "an empty person takes away what was there";
  EXPECT_EQ(Get(before.name()).person().given_name(), "");
  EXPECT_EQ(installation_.Loyaltyd("verify").code, 0);
}

TEST_P(Members, WhoeverHasNotSeenTheLastChangeIsRefused) {
  const v1::Member before = Get(Enroll("2600000001", "Ada"));
  auto request = ToUpdate(before, {"person.given_name"});
  request.mutable_member()->mutable_person()->set_given_name("Eve");
  ASSERT_EQ(Update(request), "OK");
  request.set_request_id(NewRequestId("update"));
  EXPECT_EQ(Update(request), "ETAG_MISMATCH");
  request.mutable_member()->clear_etag();
  EXPECT_EQ(Update(request), "OK");
  EXPECT_EQ(updated_.result().changed_size(), 0);
}

TEST_P(Members, WhatCannotBeChangedIsSaid) {
  const v1::Member anonymous = Get(Enroll("2600000002", ""));
  EXPECT_EQ(Update(ToUpdate(anonymous, {"person"})), "MEMBER_ANONYMOUS");
  const v1::Member member = Get(Enroll("2600000001", "Ada"));
  EXPECT_EQ(Update(ToUpdate(member, {})), "INVALID_ARGUMENT");
  EXPECT_EQ(Update(ToUpdate(member, {"balance"})), "INVALID_ARGUMENT");
  auto request = ToUpdate(member, {"person.birth_date"});
  request.mutable_member()->mutable_person()->set_birth_date("17.5.1990");
  EXPECT_EQ(Update(request), "INVALID_ARGUMENT");
  request = ToUpdate(member, {"person"});
  request.mutable_member()->set_name("members/0123456789abcdef");
  EXPECT_EQ(Update(request), "MEMBER_UNKNOWN");
}

}  // namespace
}  // namespace loyalty::test
