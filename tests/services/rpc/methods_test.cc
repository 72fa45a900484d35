#include "services/rpc/methods.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>

#include <set>

#include "services/rpc/auth.h"
#include "services/rpc/services.h"

namespace loyalty {
namespace {

using google::protobuf::DescriptorPool;

TEST(AllServices, HaveEveryMethodOfTheApiAsItIsDeclared) {
  for (const Methods& methods : AllServices()) {
    const std::string first(methods.at(0).name);
    const auto* service = DescriptorPool::generated_pool()->FindServiceByName(first.substr(0, first.rfind('.')));
    ASSERT_NE(service, nullptr) << first;
    std::set<std::string> bound;
    for (const Method& method : methods) {
      const auto* declared = DescriptorPool::generated_pool()->FindMethodByName(std::string(method.name));
      ASSERT_NE(declared, nullptr) << method.name;
      EXPECT_EQ(method.request->GetDescriptor(), declared->input_type()) << method.name;
      EXPECT_EQ(method.response->GetDescriptor(), declared->output_type()) << method.name;
      EXPECT_EQ(method.handle == nullptr, declared->server_streaming()) << method.name;
      EXPECT_EQ(method.open != nullptr, declared->server_streaming()) << method.name;
      EXPECT_EQ(method.reads_many, declared->client_streaming()) << method.name;
      EXPECT_EQ(declared->service(), service);
      bound.insert(std::string(method.name));
    }
    EXPECT_EQ(bound.size(), static_cast<std::size_t>(service->method_count())) << service->full_name();
  }
}

TEST(AllServices, AndTheTableOfAccessNameTheSameMethods) {
  std::set<std::string> bound, allowed;
  for (const Methods& methods : AllServices())
    for (const Method& method : methods) bound.insert(std::string(method.name));
  for (const MethodAccess& row : AccessTable()) allowed.insert(std::string(row.method));
  EXPECT_EQ(bound, allowed);
}

TEST(ShopServices, HaveWhatATerminalMayCallOrBecomesOneByAndNothingElse) {
  std::set<std::string> shop, for_terminals;
  for (const Methods& methods : ShopServices())
    for (const Method& method : methods) shop.insert(std::string(method.name));
  for (const MethodAccess& row : AccessTable())
    if (row.anonymous || row.roles.Has(Role::kTerminal)) for_terminals.insert(std::string(row.method));
  EXPECT_EQ(shop, for_terminals);
  EXPECT_EQ(shop.count("loyalty.v1.TerminalService.Scan"), 1U);
  EXPECT_EQ(shop.count("loyalty.v1.AdminService.CreateEnrollmentCode"), 0U);
}

}  // namespace
}  // namespace loyalty
