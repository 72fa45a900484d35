#include "services/rpc/auth.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/text_format.h>

#include <set>

#include "loyalty/v1/access.pb.h"
#include "loyalty/v1/admin_service.pb.h"
#include "loyalty/v1/campaign_service.pb.h"
#include "loyalty/v1/fraud_service.pb.h"
#include "loyalty/v1/job_service.pb.h"
#include "loyalty/v1/ledger_service.pb.h"
#include "loyalty/v1/member_service.pb.h"
#include "loyalty/v1/retention_service.pb.h"
#include "loyalty/v1/terminal_service.pb.h"

namespace loyalty {
namespace {

using google::protobuf::DescriptorPool;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;

// Every method of every service of the API.
std::set<std::string> AllMethods() {
  std::set<std::string> methods;
  for (const auto* file : {v1::CreateStoreRequest::descriptor()->file(), v1::Catalogue::descriptor()->file(),
                           v1::LedgerEntry::descriptor()->file(), v1::Member::descriptor()->file(),
                           v1::Job::descriptor()->file(), v1::RetentionRun::descriptor()->file(),
                           v1::GetProgramInfoRequest::descriptor()->file(), v1::Alert::descriptor()->file()})
    for (int s = 0; s < file->service_count(); ++s)
      for (int m = 0; m < file->service(s)->method_count(); ++m)
        methods.insert(file->service(s)->method(m)->full_name());
  return methods;
}

TEST(AccessTable, NamesEveryMethodOfTheApiOnceAndNothingElse) {
  std::vector<std::string> rows;
  for (const auto& row : AccessTable()) rows.emplace_back(row.method);
  EXPECT_THAT(rows, UnorderedElementsAreArray(AllMethods()));
}

TEST(AccessTable, EveryMethodSaysWhoMayCallItWhatItMayBeAboutAndWhatItCountsAs) {
  for (const auto& name : AllMethods()) {
    const auto* method = DescriptorPool::generated_pool()->FindMethodByName(name);
    ASSERT_NE(method, nullptr) << name;
    EXPECT_TRUE(method->options().HasExtension(v1::access)) << name;
    const v1::Access& option = method->options().GetExtension(v1::access);
    EXPECT_GT(option.roles_size(), 0) << name;
    EXPECT_NE(option.ownership(), v1::OWNERSHIP_UNSPECIFIED) << name;
    EXPECT_NE(option.rate(), v1::RATE_CLASS_UNSPECIFIED) << name;
    const MethodAccess row = AccessOf(*method);
    for (const Role role : kAllRoles)
      EXPECT_EQ(row.roles.Has(role),
                std::count(option.roles().begin(), option.roles().end(), static_cast<int>(role)) == 1)
          << name << " role " << static_cast<int>(role);
  }
}

// Options as somebody might forget them, in a proto that is read here.
MethodAccess AccessWith(const std::string& option) {
  google::protobuf::DescriptorPool pool(DescriptorPool::generated_pool());
  google::protobuf::FileDescriptorProto file;
  file.set_name("forgotten.proto");
  file.set_package("forgotten");
  file.add_dependency("loyalty/v1/access.proto");
  file.add_message_type()->set_name("Nothing");
  auto& service = *file.add_service();
  service.set_name("Service");
  auto& method = *service.add_method();
  method.set_name("Call");
  method.set_input_type(".forgotten.Nothing");
  method.set_output_type(".forgotten.Nothing");
  EXPECT_TRUE(
      google::protobuf::TextFormat::ParseFromString(option, method.mutable_options()->MutableExtension(v1::access)));
  const auto* built = pool.BuildFile(file);
  EXPECT_NE(built, nullptr);
  MethodAccess access = AccessOf(*built->service(0)->method(0));
  access.method = {};  // of the pool, which ends here
  return access;
}

TEST(AccessTable, WhatSaysTooLittleNobodyMayCall) {
  EXPECT_TRUE(AccessWith("roles: ROLE_ADMIN ownership: OWNERSHIP_ANY rate: RATE_CLASS_READ").roles.Has(Role::kAdmin));
  for (const char* option :
       {"", "roles: ROLE_ADMIN", "roles: ROLE_ADMIN ownership: OWNERSHIP_ANY",
        "roles: ROLE_ADMIN rate: RATE_CLASS_READ", "ownership: OWNERSHIP_ANY rate: RATE_CLASS_READ"})
    EXPECT_TRUE(AccessWith(option).roles.empty()) << option;
}

std::set<std::string> MayCall(Role role) {
  std::set<std::string> methods;
  constexpr std::string_view kPackage = "loyalty.v1.";
  for (const auto& method : AllMethods())
    if (Authorise(method, {.role = role})) methods.insert(method.substr(kPackage.size()));
  return methods;
}

TEST(AccessTable, WhatEachRoleMayCall) {
  // All of its own service, and a little more.
  std::set<std::string> as_a_till{
      "AdminService.RenewKey",        "AdminService.SignOffOperator", "AdminService.SignOnOperator",
      "CampaignService.GetCatalogue", "LedgerService.GetBalance",     "LedgerService.GetReceipt",
      "LedgerService.GetRedemption",  "LedgerService.ListReceipts",   "LedgerService.ListRedemptions",
      "MemberService.EnrollMember",   "MemberService.GetMember",      "MemberService.LinkIdentifier",
      "MemberService.LookupMember"};
  for (const auto& method : MayCall(Role::kAdmin))
    if (method.rfind("TerminalService.", 0) == 0) as_a_till.insert(method);
  EXPECT_EQ(MayCall(Role::kTerminal), as_a_till);
  for (const char* own : {"AdminService.RenewKey", "AdminService.SignOffOperator", "AdminService.SignOnOperator"})
    as_a_till.erase(own);
  as_a_till.erase("TerminalService.GetOfflineBundle");
  EXPECT_EQ(MayCall(Role::kService), as_a_till);
  EXPECT_THAT(
      MayCall(Role::kClerk),
      ElementsAre("AdminService.ListOperators", "CampaignService.GetCatalogue", "FraudService.ListAlerts",
                  "FraudService.ResolveAlert", "LedgerService.GetBalance", "LedgerService.GetReceipt",
                  "LedgerService.GetRedemption", "LedgerService.ListEntries", "LedgerService.ListLots",
                  "LedgerService.ListReceipts", "LedgerService.ListRedemptions", "MemberService.BlockIdentifier",
                  "MemberService.BlockMember", "MemberService.EnrollMember", "MemberService.GetMember",
                  "MemberService.LinkIdentifier", "MemberService.ListMembers", "MemberService.LookupMember",
                  "MemberService.ReplaceCard", "MemberService.UnblockMember", "MemberService.UnlinkIdentifier",
                  "MemberService.UpdateMember", "RetentionService.GetLifecycle", "TerminalService.CancelRedemption",
                  "TerminalService.GetProgramInfo", "TerminalService.QuoteRedeem", "TerminalService.Redeem"));
  EXPECT_THAT(MayCall(Role::kMarketer),
              ElementsAre("AdminService.GetStore", "AdminService.ListStores", "AdminService.ListTerminals",
                          "CampaignService.ApplyCatalogue", "CampaignService.GetCatalogue",
                          "RetentionService.GetCohortReport", "RetentionService.GetLifecycleMatrix",
                          "RetentionService.GetLifecycleSummary", "RetentionService.GetRfmMatrix",
                          "RetentionService.GetRun", "RetentionService.ListRuns", "TerminalService.GetProgramInfo"));
  EXPECT_THAT(MayCall(Role::kMember), IsEmpty());
  EXPECT_THAT(MayCall(Role::kNone), ElementsAre("AdminService.EnrollTerminal"));
}

// Who audits sees all there is and changes nothing: what changes something has a request id, or sends one.
TEST(AccessTable, AnAuditorMayReadAndNothingElse) {
  for (const auto& name : AllMethods()) {
    const auto* method = DescriptorPool::generated_pool()->FindMethodByName(name);
    const auto* request = method->input_type();
    const auto has = [request](const char* field) { return request->FindFieldByName(field) != nullptr; };
    const bool changes = has("request_id") || has("scan") || has("redeem");
    // A verification is a job that changes nothing of what it looks at; a till's bundle is for that till.
    const bool verifies = method->name().rfind("Verify", 0) == 0;
    const bool for_tills = method->name() == "GetOfflineBundle";
    EXPECT_EQ(Authorise(name, {.role = Role::kAuditor}).has_value(), verifies || (!changes && !for_tills)) << name;
  }
}

// Operators are good for nothing but behind a terminal's key.
TEST(AccessTable, AnAdminMayCallEverythingButWhatIsAboutACallersOwnKeyOrTill) {
  for (const auto& method : AllMethods()) {
    const bool at_a_till = method.ends_with(".SignOnOperator") || method.ends_with(".SignOffOperator");
    EXPECT_EQ(Authorise(method, {.role = Role::kAdmin}).has_value(),
              FindMethod(method)->ownership != Ownership::kSelf && !at_a_till)
        << method;
  }
}

TEST(AccessTable, RefusesAMethodWithoutARow) {
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
