#include "services/rpc/auth.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>

#include <set>

#include "loyalty/v1/admin_service.pb.h"
#include "loyalty/v1/campaign_service.pb.h"
#include "loyalty/v1/job_service.pb.h"
#include "loyalty/v1/ledger_service.pb.h"
#include "loyalty/v1/member_service.pb.h"
#include "loyalty/v1/retention_service.pb.h"
#include "loyalty/v1/terminal_service.pb.h"

namespace loyalty {
namespace {

// Every method of every service of the API.
std::set<std::string> AllMethods() {
  std::set<std::string> methods;
  for (const auto* file :
       {v1::CreateStoreRequest::descriptor()->file(), v1::Catalogue::descriptor()->file(),
        v1::LedgerEntry::descriptor()->file(), v1::Member::descriptor()->file(), v1::Job::descriptor()->file(),
        v1::RetentionRun::descriptor()->file(), v1::ScanRequest::descriptor()->file()})
    for (int s = 0; s < file->service_count(); ++s)
      for (int m = 0; m < file->service(s)->method_count(); ++m)
        methods.insert(file->service(s)->method(m)->full_name());
  return methods;
}

TEST(RoleTable, NamesEveryMethodOfTheApiOnceAndNothingElse) {
  std::set<std::string> rows;
  for (const auto& row : RoleTable()) EXPECT_TRUE(rows.insert(std::string(row.method)).second) << row.method;
  EXPECT_EQ(rows, AllMethods());
}

TEST(RoleTable, WhatATerminalMayCall) {
  std::set<std::string> allowed{"loyalty.v1.CampaignService.GetCatalogue", "loyalty.v1.LedgerService.GetBalance",
                                "loyalty.v1.LedgerService.GetReceipt",     "loyalty.v1.LedgerService.GetRedemption",
                                "loyalty.v1.LedgerService.ListReceipts",   "loyalty.v1.LedgerService.ListRedemptions",
                                "loyalty.v1.MemberService.EnrollMember",   "loyalty.v1.MemberService.GetMember",
                                "loyalty.v1.MemberService.LinkIdentifier", "loyalty.v1.MemberService.LookupMember"};
  for (const auto& method : AllMethods()) {
    // All of its own service.
    const bool is_tills = method.find(".TerminalService.") != std::string::npos;
    EXPECT_EQ(Authorise(method, {.role = Role::kTerminal}).has_value(), is_tills || allowed.count(method) == 1)
        << method;
  }
}

TEST(RoleTable, AnAdminMayCallEverythingAndNobodyNothing) {
  for (const auto& method : AllMethods()) {
    EXPECT_TRUE(Authorise(method, {.role = Role::kAdmin})) << method;
    EXPECT_FALSE(Authorise(method, {.role = Role::kNone})) << method;
  }
}

TEST(RoleTable, RefusesAMethodWithoutARow) {
  const Status refused = Authorise("loyalty.v1.AdminService.DropEverything", {.role = Role::kAdmin});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::kPermissionDenied);
}

class AuthenticateTest : public ::testing::Test {
 protected:
  AuthenticateTest() { snapshot_.access_keys[TokenHash("secret")] = {7, Role::kTerminal, 2, 3, 100}; }
  bool Accepts(std::string_view authorization, Instant now = 0) const {
    return Authenticate(snapshot_, authorization, now).has_value();
  }
  Snapshot snapshot_;
};

TEST_F(AuthenticateTest, KnowsTheHolderOfAToken) {
  const auto caller = Authenticate(snapshot_, "Bearer secret", 99);
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->role, Role::kTerminal);
  EXPECT_EQ(caller->principal_id, 7);
  EXPECT_EQ(caller->store_id, 2);
  EXPECT_EQ(caller->terminal_id, 3);
}

TEST_F(AuthenticateTest, SchemeIsReadWithoutRegardToCase) { EXPECT_TRUE(Accepts("bearer secret")); }

TEST_F(AuthenticateTest, RefusesWhatIsNoTokenOfOurs) {
  for (const char* text :
       {"", "secret", "Basic secret", "Bearer", "Bearer ", "Bearer  secret", "Bearer secret ", "Bearer x"})
    EXPECT_FALSE(Accepts(text)) << text;
  EXPECT_FALSE(Accepts("Bearer " + std::string(100'000, 'x')));
}

TEST_F(AuthenticateTest, ATokenEndsAtItsExpiry) {
  EXPECT_TRUE(Accepts("Bearer secret", 99));
  EXPECT_FALSE(Accepts("Bearer secret", 100));
}

}  // namespace
}  // namespace loyalty
