#include "tests/e2e/caller.h"
#include "tests/e2e/hostile_parts.h"

namespace loyalty::test {

void AddKeys(Requests& requests) {
  requests.Add<v1::CreateKeyRequest>("AdminService", "CreateKey", [](auto& request) {
    request.set_request_id(NewRequestId("key"));
    request.set_key_id("web-shop");
    request.set_role(v1::ROLE_SERVICE);
    request.set_store("stores/S1");
  });
  requests.Add<v1::ListKeysRequest>("AdminService", "ListKeys", [](auto& request) {
    request.set_name("keys/admin");
    request.set_page_token("x");
  });
  requests.Add<v1::RotateKeyRequest>("AdminService", "RotateKey", [](auto& request) {
    request.set_request_id(NewRequestId("rotate"));
    request.set_name("keys/web-shop");
  });
  requests.Add<v1::RevokeKeyRequest>("AdminService", "RevokeKey", [](auto& request) {
    request.set_request_id(NewRequestId("revoke"));
    request.set_name("keys/web-shop");
  });
  requests.Add<v1::ListAuditEventsRequest>("AdminService", "ListAuditEvents", [](auto& request) {
    request.set_name("keys/admin");
    request.set_page_token("x");
  });
}

// Who operates tills.
void AddOperators(Requests& requests) {
  requests.Add<v1::UpdateStoreRequest>("AdminService", "UpdateStore", [](auto& request) {
    request.set_request_id(NewRequestId("store"));
    request.mutable_store()->set_name("stores/S1");
    request.mutable_store()->set_display_name("Nord");
    request.mutable_update_mask()->add_paths("display_name");
  });
  requests.Add<v1::CreateOperatorRequest>("AdminService", "CreateOperator", [](auto& request) {
    request.set_request_id(NewRequestId("operator"));
    request.set_store("stores/S1");
    request.set_display_name("Erika");
    request.set_role(v1::OPERATOR_ROLE_CASHIER);
    request.set_pin("4071");
  });
  requests.Add<v1::ListOperatorsRequest>("AdminService", "ListOperators", [](auto& request) {
    request.set_store("stores/S1");
    request.set_page_token("x");
  });
  requests.Add<v1::ResetOperatorPinRequest>("AdminService", "ResetOperatorPin", [](auto& request) {
    request.set_request_id(NewRequestId("reset"));
    request.set_operator_("operators/99999999");
    request.set_pin("8264");
  });
  requests.Add<v1::UpdateOperatorRequest>("AdminService", "UpdateOperator", [](auto& request) {
    request.set_request_id(NewRequestId("update"));
    request.mutable_operator_()->set_name("operators/99999999");
    request.mutable_operator_()->set_display_name("Erika");
    request.mutable_update_mask()->add_paths("display_name");
  });
  requests.Add<v1::DisableOperatorRequest>("AdminService", "DisableOperator", [](auto& request) {
    request.set_request_id(NewRequestId("disable"));
    request.set_operator_("operators/99999999");
  });
}

}  // namespace loyalty::test
