// The methods of the API, as it is declared.
#pragma once

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <string>
#include <vector>

#include "loyalty/v1/access.pb.h"

namespace loyalty::test {

struct ApiMethod {
  std::string path;  // as gRPC calls it: /SERVICE/METHOD
  bool for_tills;    // a terminal may call it, or becomes one by it
};

inline std::vector<ApiMethod> ApiMethods() {
  std::vector<ApiMethod> methods;
  for (const char* name : {"Admin", "Campaign", "Fraud", "Job", "Ledger", "Member", "Retention", "Terminal"}) {
    const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
        "loyalty.v1." + std::string(name) + "Service");
    for (int i = 0; i < service->method_count(); ++i) {
      const auto& access = service->method(i)->options().GetExtension(v1::access);
      const auto& roles = access.roles();
      methods.push_back(
          {"/" + service->full_name() + "/" + service->method(i)->name(),
           access.anonymous() || std::find(roles.begin(), roles.end(), v1::ROLE_TERMINAL) != roles.end()});
    }
  }
  return methods;
}

}  // namespace loyalty::test
