#include "services/rpc/services.h"

#include <algorithm>
#include <iterator>

#include "services/rpc/auth.h"

namespace loyalty {

const std::vector<Methods>& AllServices() {
  static const std::vector<Methods> kAll{AdminMethods(),  CampaignMethods(), FraudMethods(),     JobMethods(),
                                         LedgerMethods(), MemberMethods(),   RetentionMethods(), TerminalMethods()};
  return kAll;
}

const std::vector<Methods>& ShopServices() {
  static const std::vector<Methods> kShop = [] {
    std::vector<Methods> services;
    for (const Methods& service : AllServices()) {
      Methods methods;
      std::copy_if(service.begin(), service.end(), std::back_inserter(methods), [](const Method& method) {
        const MethodAccess& access = *FindMethod(method.name);
        return access.anonymous || access.roles.Has(Role::kTerminal);
      });
      if (!methods.empty()) services.push_back(std::move(methods));
    }
    return services;
  }();
  return kShop;
}

}  // namespace loyalty
