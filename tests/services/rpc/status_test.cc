// What goes with a refusal; the codes and what clients make of them: tests/services/grpc/status_test.cc.
#include "services/rpc/status.h"

#include <gmock/gmock.h>

#include "domain/violations.h"
#include "google/rpc/error_details.pb.h"
#include "loyalty/v1/errors.pb.h"

namespace loyalty {
namespace {

template <typename Detail>
std::vector<Detail> DetailsOf(const google::rpc::Status& status) {
  std::vector<Detail> found;
  for (const auto& any : status.details())
    if (Detail detail; any.UnpackTo(&detail)) found.push_back(detail);
  return found;
}

TEST(ToRpcStatus, CarriesExactlyOneErrorInfoWithReasonDomainAndMetadata) {
  const google::rpc::Status status =
      ToRpcStatus({Reason::kInsufficientPoints, "not enough points", {{"available", "5"}}});
  EXPECT_EQ(status.code(), google::rpc::FAILED_PRECONDITION);
  EXPECT_EQ(status.message(), "not enough points");
  const auto info = DetailsOf<google::rpc::ErrorInfo>(status);
  ASSERT_EQ(info.size(), 1);
  EXPECT_EQ(info[0].reason(), "INSUFFICIENT_POINTS");
  EXPECT_EQ(info[0].domain(), "stammgast.loyalty");
  EXPECT_EQ(info[0].metadata().at("available"), "5");
  EXPECT_TRUE(DetailsOf<google::rpc::BadRequest>(status).empty());
  EXPECT_TRUE(DetailsOf<google::rpc::RetryInfo>(status).empty());
}

TEST(ToRpcStatus, NamesTheFieldAtFault) {
  const auto bad =
      DetailsOf<google::rpc::BadRequest>(ToRpcStatus(InvalidField("receipt.total_minor", "at most 10^15")));
  ASSERT_EQ(bad.size(), 1);
  ASSERT_EQ(bad[0].field_violations_size(), 1);
  EXPECT_EQ(bad[0].field_violations(0).field(), "receipt.total_minor");
}

TEST(ToRpcStatus, NamesAllFieldsAtFault) {
  Violations violations;
  violations.Add("receipt.total_minor", "at most 10^15");
  violations.Add("operator", "at most 64 bytes");
  const auto bad = DetailsOf<google::rpc::BadRequest>(ToRpcStatus(violations.Done().error()));
  ASSERT_EQ(bad.size(), 1);
  ASSERT_EQ(bad[0].field_violations_size(), 2);
  EXPECT_EQ(bad[0].field_violations(1).field(), "operator");
  EXPECT_EQ(bad[0].field_violations(1).description(), "at most 64 bytes");
}

TEST(ToRpcStatus, SaysItToPeopleInTheirLanguage) {
  const Error error{Reason::kInsufficientPoints, "not enough points", {}};
  const auto german = DetailsOf<google::rpc::LocalizedMessage>(ToRpcStatus(error, Language::kGerman));
  ASSERT_EQ(german.size(), 1);
  EXPECT_EQ(german[0].locale(), "de");
  EXPECT_EQ(german[0].message(), "Es sind nicht genug Punkte da.");
  const auto english = DetailsOf<google::rpc::LocalizedMessage>(ToRpcStatus(error));
  ASSERT_EQ(english.size(), 1);
  EXPECT_EQ(english[0].locale(), "en");
}

// errors.proto says of each reason what the server does: the same names, codes, and whether a repeat helps.
TEST(ErrorReason, IsWhatTheServerDoes) {
  const auto& described = *v1::ErrorReason_descriptor();
  ASSERT_EQ(described.value_count(), static_cast<int>(kReasons.size()) + 1);
  for (const ReasonFacts& known : kReasons) {
    const auto* value = described.FindValueByName("ERROR_REASON_" + std::string(known.name));
    ASSERT_NE(value, nullptr) << known.name;
    const v1::ReasonFacts& facts = value->options().GetExtension(v1::reason_facts);
    EXPECT_EQ(static_cast<int>(facts.code()), static_cast<int>(known.code)) << known.name;
    EXPECT_FALSE(facts.at_till().empty()) << known.name;
    EXPECT_NE(facts.retry(), v1::RETRY_UNSPECIFIED) << known.name;
    if (known.retry_after_ms > 0) {
      EXPECT_NE(facts.retry(), v1::RETRY_NEVER) << known.name;
    }
    EXPECT_TRUE(facts.retry() != v1::RETRY_SOON || known.retry_after_ms > 0) << known.name;
  }
}

}  // namespace
}  // namespace loyalty
