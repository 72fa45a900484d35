// Whoever forgets fields hears of all of them at once, whatever else is wrong.
#include "services/rpc/required.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/api/field_behavior.pb.h"
#include "loyalty/v1/member_service.pb.h"
#include "tests/services/rpc/call_world.h"

namespace loyalty {
namespace {

using ::testing::ElementsAre;
using ::testing::IsSupersetOf;

std::vector<std::string> FieldsOf(const Error& error) {
  std::vector<std::string> fields;
  for (const Violation& violation : error.violations) fields.push_back(violation.field);
  return fields;
}

std::vector<std::string> RequiredOf(const google::protobuf::Message& request) {
  std::vector<std::string> fields;
  for (int i = 0; i < request.GetDescriptor()->field_count(); ++i) {
    const auto& field = *request.GetDescriptor()->field(i);
    for (int n = 0; n < field.options().ExtensionSize(google::api::field_behavior); ++n)
      if (field.options().GetExtension(google::api::field_behavior, n) == google::api::REQUIRED)
        fields.push_back(field.name());
  }
  return fields;
}

// The API says what is required, and the server refuses what lacks it.
TEST(Required, AnEmptyRequestIsToldOfEveryFieldThatItNeeds) {
  test::CallWorld calls(storage::Engine::kSqlite);
  int looked_at = 0;
  for (const Methods& service : AllServices())
    for (const Method& method : service) {
      const auto needed = RequiredOf(*method.request);
      if (!method.handle || needed.empty()) continue;
      const auto sent = calls.Begin(std::string(method.name).c_str(), *method.request);
      const std::string reason = sent.Await();
      // Not built, or about a key that this caller has none of.
      if (reason == "NOT_ENABLED" || reason == "PERMISSION_DENIED") continue;
      ++looked_at;
      EXPECT_EQ(reason, "INVALID_ARGUMENT") << method.name;
      EXPECT_THAT(FieldsOf(sent.call->error.value()), IsSupersetOf(needed)) << method.name;
    }
  EXPECT_GT(looked_at, 20);
}

TEST(Required, WhatIsWrongAndWhatIsMissingAreToldTogether) {
  test::CallWorld calls(storage::Engine::kSqlite);
  v1::ScanRequest scan = calls.Sale("sale-number-1");
  scan.set_request_id("short");
  scan.set_operator_(std::string(65, 'x'));
  scan.mutable_receipt()->clear_business_time();
  scan.mutable_receipt()->set_currency_code("XXXX");
  auto& line = *scan.mutable_receipt()->add_lines();
  line.set_sku(std::string(65, 'x'));
  line.set_quantity_micros(2'000'000'000'000'000);
  const auto sent = calls.Begin(test::CallWorld::kScan, scan);
  EXPECT_EQ(sent.Await(), "INVALID_ARGUMENT");
  EXPECT_THAT(FieldsOf(sent.call->error.value()),
              ElementsAre("request_id", "receipt.business_time", "receipt.currency_code", "receipt.lines[0].sku",
                          "receipt.lines[0].quantity_micros", "operator"));
}

TEST(Required, OfAQuoteTheRequestInsideNeedsNoId) {
  v1::QuoteRequest quote;
  quote.mutable_scan()->mutable_receipt();
  Error error = InvalidField("scan.receipt.lines", "at most 500");
  AddMissing(quote, error);
  EXPECT_THAT(FieldsOf(error), ElementsAre("scan.receipt.lines", "scan.receipt.receipt_no",
                                           "scan.receipt.business_time", "scan.receipt.currency_code"));
}

TEST(Required, OtherRefusalsStayAsTheyAre) {
  Error error{Reason::kMemberUnknown, "no such member", {}};
  AddMissing(v1::UpdateMemberRequest(), error);
  EXPECT_TRUE(error.violations.empty());
}

}  // namespace
}  // namespace loyalty
