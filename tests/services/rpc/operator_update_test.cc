// What of an operator may change, and that nobody keeps by a session what was taken away.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/verify.h"
#include "tests/services/rpc/operator_world.h"

namespace loyalty {
namespace {

using ::testing::ElementsAre;

constexpr const char* kUpdate = "loyalty.v1.AdminService.UpdateOperator";

class OperatorUpdateTest : public test::OperatorWorld, public ::testing::WithParamInterface<storage::Engine> {
 protected:
  OperatorUpdateTest() : OperatorWorld(GetParam(), {.approval_from_points = 100, .code_from = 10'000'000}) {}

  v1::UpdateOperatorRequest Request(const std::string& name, const std::vector<std::string>& paths) {
    v1::UpdateOperatorRequest request;
    request.set_request_id(NewId("update"));
    request.mutable_operator_()->set_name(name);
    for (const auto& path : paths) request.mutable_update_mask()->add_paths(path);
    return request;
  }
  std::string Update(const v1::UpdateOperatorRequest& request) {
    return Ask(kUpdate, request, updated_, test::CallWorld::kAuthorization);
  }
  std::string SetRole(const std::string& name, v1::OperatorRole role) {
    v1::UpdateOperatorRequest request = Request(name, {"role"});
    request.mutable_operator_()->set_role(role);
    return Update(request);
  }
  std::string Move(const std::string& name, const std::string& store) {
    v1::UpdateOperatorRequest request = Request(name, {"store"});
    request.mutable_operator_()->set_store(store);
    return Update(request);
  }
  // Somebody who has signed on at the till in the north.
  std::string SignedOn(v1::OperatorRole role) {
    const std::string name = Create(role, "4071", "Erika");
    EXPECT_EQ(SignOn(name, "4071"), "OK");
    calls.session = session;
    EXPECT_TRUE(IsProven(name));
    return name;
  }
  bool IsProven(const std::string& name) { return Sell(kTill) == name + "|true"; }
  std::vector<std::string> BrokenFields(const v1::UpdateOperatorRequest& request) {
    EXPECT_EQ(Update(request), "INVALID_ARGUMENT");
    std::vector<std::string> fields;
    for (const auto& violation : last_error->violations) fields.push_back(violation.field);
    return fields;
  }

  // What verify finds.
  std::string Difference() {
    return storage::VerifyLedger(calls.world.session(), test::TestKeys(), std::nullopt, std::nullopt,
                                 [](const storage::VerifyReport&) { return true; })
        .first_difference;
  }

  v1::UpdateOperatorResponse updated_;
};
INSTANTIATE_TEST_SUITE_P(Engines, OperatorUpdateTest, test::kBothEngines, test::EngineName);

TEST_P(OperatorUpdateTest, WhatTheMaskNamesChangesAndNothingElse) {
  const std::string name = SignedOn(v1::OPERATOR_ROLE_CASHIER);
  v1::UpdateOperatorRequest request = Request(name, {"display_name", "role"});
  request.mutable_operator_()->set_display_name("Erika M.");
  request.mutable_operator_()->set_role(v1::OPERATOR_ROLE_SUPERVISOR);
  request.mutable_operator_()->set_store("stores/south");
  request.mutable_operator_()->set_state(v1::OPERATOR_STATE_DISABLED);
  ASSERT_EQ(Update(request), "OK");
  EXPECT_EQ(updated_.operator_().display_name(), "") << "no stored answer has it";
  EXPECT_EQ(updated_.operator_().store(), "stores/north");
  const std::string first = updated_.SerializeAsString();
  ASSERT_EQ(Update(request), "OK");
  EXPECT_EQ(updated_.SerializeAsString(), first) << "safe to repeat";
  const v1::Operator now = List("stores/north").operators(0);
  EXPECT_EQ(now.display_name(), "Erika M.");
  EXPECT_EQ(now.role(), v1::OPERATOR_ROLE_SUPERVISOR);
  EXPECT_EQ(now.state(), v1::OPERATOR_STATE_ACTIVE);
  EXPECT_TRUE(IsProven(name)) << "who rises stays signed on";
  EXPECT_EQ(calls.world.database().Number("SELECT COUNT(*) FROM audit WHERE action = 'operator.update' AND "
                                          "detail = 'display_name,role'"),
            1);
  request.mutable_operator_()->set_display_name("Erika N.");
  EXPECT_EQ(Update(request), "REQUEST_ID_REUSED");
  EXPECT_EQ(Difference(), "");
}

TEST_P(OperatorUpdateTest, WhoLosesARightLosesItsSessionsAtOnce) {
  const std::string supervisor = SignedOn(v1::OPERATOR_ROLE_SUPERVISOR);
  EXPECT_EQ(SetRole(supervisor, v1::OPERATOR_ROLE_SUPERVISOR), "OK");
  EXPECT_TRUE(IsProven(supervisor)) << "nothing was taken away";
  EXPECT_EQ(SetRole(supervisor, v1::OPERATOR_ROLE_CASHIER), "OK");
  EXPECT_FALSE(IsProven(supervisor)) << "no supervisor any more";

  const std::string moved = SignedOn(v1::OPERATOR_ROLE_CASHIER);
  EXPECT_EQ(Move(moved, "stores/north"), "OK");
  EXPECT_TRUE(IsProven(moved));
  EXPECT_EQ(Move(moved, "stores/south"), "OK");
  EXPECT_FALSE(IsProven(moved)) << "works elsewhere";
  EXPECT_EQ(SignOn(moved, "4071"), "OPERATOR_UNKNOWN_OR_PIN_WRONG");
  EXPECT_EQ(SignOn(moved, "4071", kSouthTill), "OK");

  const std::string gone = SignedOn(v1::OPERATOR_ROLE_CASHIER);
  v1::UpdateOperatorRequest request = Request(gone, {"state"});
  request.mutable_operator_()->set_state(v1::OPERATOR_STATE_DISABLED);
  EXPECT_EQ(Update(request), "OK");
  EXPECT_FALSE(IsProven(gone));
  EXPECT_EQ(SignOn(gone, "4071"), "OPERATOR_UNKNOWN_OR_PIN_WRONG");
  EXPECT_EQ(List("stores/south").operators_size(), 1);
  EXPECT_EQ(Difference(), "");
}

TEST_P(OperatorUpdateTest, WhoIsNoSupervisorAnyMoreApprovesNothing) {
  const std::string supervisor = Create(v1::OPERATOR_ROLE_SUPERVISOR, "8264");
  EXPECT_EQ(Sell(kTill), "the till's word|false");
  const auto redeem = [&] {
    v1::RedeemRequest request = RedeemRequest(100);
    request.mutable_approval()->set_operator_(supervisor);
    request.mutable_approval()->set_pin("8264");
    return Redeem(request);
  };
  EXPECT_EQ(redeem(), "OK");
  EXPECT_EQ(SetRole(supervisor, v1::OPERATOR_ROLE_CASHIER), "OK");
  EXPECT_EQ(redeem(), "APPROVER_NOT_ALLOWED");
  EXPECT_EQ(SetRole(supervisor, v1::OPERATOR_ROLE_SUPERVISOR), "OK");
  EXPECT_EQ(redeem(), "OK");
  EXPECT_EQ(Move(supervisor, "stores/south"), "OK");
  EXPECT_EQ(redeem(), "OPERATOR_UNKNOWN_OR_PIN_WRONG");
}

TEST_P(OperatorUpdateTest, WhatIsWrongIsSaidAtOnceAndChangesNothing) {
  const std::string name = Create(v1::OPERATOR_ROLE_CASHIER, "4071", "Erika");
  v1::UpdateOperatorRequest request = Request("Erika", {"display_name", "store", "role", "state", "pin"});
  request.set_request_id("short");
  request.mutable_operator_()->set_display_name(std::string(101, 'x'));
  request.mutable_operator_()->set_store("north");
  request.mutable_operator_()->set_state(v1::OPERATOR_STATE_ACTIVE);
  EXPECT_THAT(BrokenFields(request), ElementsAre("request_id", "operator.name", "operator.display_name",
                                                 "operator.store", "operator.role", "operator.state", "update_mask"));
  EXPECT_THAT(BrokenFields(Request(name, {})), ElementsAre("update_mask"));
  EXPECT_EQ(SetRole("operators/99999999", v1::OPERATOR_ROLE_CASHIER), "OPERATOR_UNKNOWN");
  request = Request(name, {"display_name", "store"});
  request.mutable_operator_()->set_store("stores/nowhere");
  EXPECT_EQ(Update(request), "STORE_UNKNOWN");
  EXPECT_EQ(List("stores/north").operators(0).display_name(), "Erika") << "a refusal leaves nothing behind";
  EXPECT_EQ(Ask(kUpdate, Request(name, {"role"}), updated_, kTill), "PERMISSION_DENIED");
}

}  // namespace
}  // namespace loyalty
