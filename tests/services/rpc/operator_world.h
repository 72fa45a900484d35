// A program with tills and operators: short ways to sign on, sell and redeem.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "loyalty/v1/admin_service.pb.h"
#include "loyalty/v1/ledger_service.pb.h"
#include "loyalty/v1/member_service.pb.h"
#include "tests/services/rpc/call_world.h"

namespace loyalty::test {

class OperatorWorld : public ::testing::Test {
 protected:
  static constexpr const char* kAdminService = "loyalty.v1.AdminService.";
  static constexpr const char* kTill = "Bearer north-till";
  static constexpr const char* kNextTill = "Bearer next-till";
  static constexpr const char* kSouthTill = "Bearer south-till";

  explicit OperatorWorld(storage::Engine engine, const CatalogueOptions& catalogue = {})
      : calls(engine, {}, catalogue) {
    Add("stores/north/terminals/t1", Role::kTerminal, kNorth, 1, "north-till");
    Add("stores/north/terminals/t2", Role::kTerminal, kNorth, 2, "next-till");
    Add("stores/south/terminals/t3", Role::kTerminal, kSouth, 3, "south-till");
    calls.Refresh();
  }
  void Add(const char* name, Role role, std::int64_t store_id, std::int64_t terminal_id, const char* key) {
    calls.AddCaller(name, role, store_id, terminal_id, key);
  }
  std::string NewId(const char* what) { return std::string(what) + "-number-" + std::to_string(++requests_); }

  // All below: what was asked for, or "OK", or the reason.
  template <typename Request, typename Response>
  std::string Ask(const std::string& method, const Request& request, Response& response, const std::string& who) {
    const auto sent = calls.Begin(method, request, who);
    const std::string outcome = sent.Await();
    last_error = sent.call->error;
    response = static_cast<const Response&>(*sent.response);
    return outcome;
  }
  std::string Create(v1::OperatorRole role, const std::string& pin, const std::string& display_name = "",
                     const std::string& store = "stores/north") {
    v1::CreateOperatorRequest request;
    request.set_request_id(NewId("create"));
    request.set_store(store);
    request.set_display_name(display_name);
    request.set_role(role);
    request.set_pin(pin);
    v1::CreateOperatorResponse response;
    const std::string outcome =
        Ask(std::string(kAdminService) + "CreateOperator", request, response, CallWorld::kAuthorization);
    return outcome == "OK" ? response.operator_().name() : outcome;
  }
  v1::ListOperatorsResponse List(const std::string& store) {
    v1::ListOperatorsRequest request;
    request.set_store(store);
    v1::ListOperatorsResponse response;
    EXPECT_EQ(Ask(std::string(kAdminService) + "ListOperators", request, response, CallWorld::kAuthorization), "OK");
    return response;
  }
  std::string Disable(const std::string& name) {
    v1::DisableOperatorRequest request;
    request.set_request_id(NewId("disable"));
    request.set_operator_(name);
    v1::DisableOperatorResponse response;
    return Ask(std::string(kAdminService) + "DisableOperator", request, response, CallWorld::kAuthorization);
  }
  std::string ResetPin(const std::string& name, const std::string& pin) {
    v1::ResetOperatorPinRequest request;
    request.set_request_id(NewId("reset"));
    request.set_operator_(name);
    request.set_pin(pin);
    v1::ResetOperatorPinResponse response;
    return Ask(std::string(kAdminService) + "ResetOperatorPin", request, response, CallWorld::kAuthorization);
  }
  void RequireOperators(const std::string& store, bool required) {
    v1::UpdateStoreRequest request;
    request.set_request_id(NewId("update"));
    request.mutable_store()->set_name(store);
    request.mutable_store()->set_operators_required(required);
    request.mutable_update_mask()->add_paths("operators_required");
    v1::UpdateStoreResponse response;
    EXPECT_EQ(Ask(std::string(kAdminService) + "UpdateStore", request, response, CallWorld::kAuthorization), "OK");
    EXPECT_EQ(response.store().operators_required(), required);
    calls.snapshots().Refresh();
  }
  static v1::SignOnOperatorRequest SignOnRequest(const std::string& name, const std::string& pin,
                                                 const std::string& id) {
    v1::SignOnOperatorRequest request;
    request.set_request_id(id);
    request.set_operator_(name);
    request.set_pin(pin);
    return request;
  }
  std::string SignOn(const std::string& name, const std::string& pin, const std::string& who = kTill,
                     const std::string& id = "", v1::SignOnOperatorResponse* answer = nullptr) {
    v1::SignOnOperatorResponse response;
    const std::string outcome = Ask(std::string(kAdminService) + "SignOnOperator",
                                    SignOnRequest(name, pin, id.empty() ? NewId("sign-on") : id), response, who);
    if (outcome == "OK") session = response.session();
    if (answer != nullptr) *answer = response;
    return outcome;
  }
  // A sale of 500.00, and who is recorded to have operated the till: "NAME|proven", and what was rejected.
  std::string Sell(const std::string& who) {
    v1::ScanRequest scan = calls.Sale(NewId("sale"));
    scan.clear_terminal();
    scan.set_operator_("the till's word");
    scan.mutable_receipt()->set_total_minor(50'000);
    scan.mutable_receipt()->mutable_business_time()->set_seconds(calls.now() / kSecond);
    v1::ScanResponse response;
    if (const std::string outcome = Ask(CallWorld::kScan, scan, response, who); outcome != "OK") return outcome;
    v1::GetReceiptRequest get;
    get.set_name(response.result().sale().name());
    v1::GetReceiptResponse found;
    EXPECT_EQ(Ask("loyalty.v1.LedgerService.GetReceipt", get, found, CallWorld::kAuthorization), "OK");
    std::string text = found.receipt().operator_() + (found.receipt().operator_proven() ? "|true" : "|false");
    for (const auto& rejection : response.result().rejected()) {
      EXPECT_TRUE(rejection.operator_());
      text += " " + v1::ErrorReason_Name(rejection.reason()).substr(sizeof("ERROR_REASON_") - 1);
    }
    return text;
  }
  v1::RedeemRequest RedeemRequest(std::int64_t points) {
    v1::RedeemRequest request;
    request.set_request_id(NewId("redeem"));
    request.mutable_identifier()->set_card("2600000001");
    request.set_points(points);
    return request;
  }
  std::string Redeem(const v1::RedeemRequest& request, const std::string& who = kTill,
                     v1::RedeemResponse* answer = nullptr) {
    v1::RedeemResponse response;
    const std::string outcome = Ask(CallWorld::kRedeem, request, response, who);
    if (answer != nullptr) *answer = response;
    return outcome;
  }
  std::string Redeem(std::int64_t points) { return Redeem(RedeemRequest(points)); }
  std::string Enroll(const std::string& card) {
    v1::EnrollMemberRequest request;
    request.set_request_id(NewId("enroll"));
    request.add_identifiers()->set_card(card);
    v1::EnrollMemberResponse response;
    return Ask("loyalty.v1.MemberService.EnrollMember", request, response, kTill);
  }

  CallWorld calls;
  std::string session;              // of the last who has signed on
  std::optional<Error> last_error;  // of the last call

 private:
  int requests_ = 0;
};

}  // namespace loyalty::test
