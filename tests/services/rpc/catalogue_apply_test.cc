// Who may lay down which catalogue: judged by what is really replaced.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "loyalty/v1/campaign_service.pb.h"
#include "services/codec/timestamp.h"
#include "tests/services/rpc/another_server.h"

namespace loyalty {
namespace {

using ::testing::AnyOf;

constexpr const char* kApply = "loyalty.v1.CampaignService.ApplyCatalogue";
constexpr const char* kMarketer = "Bearer marketer";

class ApplyTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  ApplyTest() {
    storage::PrincipalRow row;
    row.name = "keys/marketing";
    row.role = Role::kMarketer;
    calls_.AddKey(calls_.AddPrincipal(row).id, "marketer");
    calls_.Refresh();
    catalogue_.mutable_earning()->set_points(1);
    catalogue_.mutable_earning()->set_per_amount_minor(100);
    SetReward("tea", 50);
    EXPECT_EQ(Apply(test::CallWorld::kAuthorization), "OK");
    before_ = Versions();
  }

  void SetReward(const std::string& id, int points) {
    auto& reward = *catalogue_.add_rewards();
    reward.set_name("rewards/" + id);
    reward.set_display_name(id);
    reward.set_cost_points(points);
  }
  v1::ApplyCatalogueRequest Request() {
    v1::ApplyCatalogueRequest request;
    request.set_request_id("catalogue-number-" + std::to_string(++requests_));
    *request.mutable_catalogue() = catalogue_;
    return request;
  }
  // "OK" or the reason, with the paths.
  static std::string Outcome(const test::CallWorld::Sent& sent) {
    std::string outcome = sent.Await();
    if (sent.call->error && sent.call->error->metadata.count("paths") == 1)
      outcome += " " + sent.call->error->metadata.at("paths");
    return outcome;
  }
  std::string Apply(const std::string& who, v1::ApplyCatalogueRequest request) {
    const auto sent = calls_.Begin(kApply, request, who);
    std::string outcome = Outcome(sent);
    if (!request.has_effective_time()) calls_.Pass(4 * kSecond);  // until it is in force
    request.set_validate_only(true);
    const std::string checked = Outcome(calls_.Begin(kApply, request, who));
    if (outcome != "OK") {
      EXPECT_EQ(checked, outcome) << "validate_only tells the same";
    }
    return outcome;
  }
  std::string Apply(const std::string& who) { return Apply(who, Request()); }
  std::int64_t Versions() { return calls_.world.database().Number("SELECT COUNT(*) FROM catalogue_versions"); }

  test::CallWorld calls_{GetParam()};
  v1::Catalogue catalogue_;
  std::int64_t before_ = 0;  // versions
  int requests_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Engines, ApplyTest, test::kBothEngines, test::EngineName);

TEST_P(ApplyTest, AMarketerChangesRewardsAndSegments) {
  SetReward("cake", 80);
  auto& segment = *catalogue_.mutable_retention()->mutable_lifecycle()->add_segments();
  segment.set_name("lifecycleSegments/AT_RISK");
  segment.set_suggestion("say hello");
  // The segments' own message comes with defaults that are no change.
  EXPECT_EQ(Apply(kMarketer), "OK");
  EXPECT_EQ(Versions(), before_ + 1);
  catalogue_.mutable_rewards()->RemoveLast();
  EXPECT_EQ(Apply(kMarketer), "OK");
}

TEST_P(ApplyTest, AMarketerIsToldAllThatIsNotHis) {
  catalogue_.mutable_earning()->set_points(2);
  catalogue_.mutable_earning()->set_validity_months(12);
  catalogue_.mutable_burn()->set_points(100);
  catalogue_.mutable_burn()->set_value_minor(100);
  catalogue_.mutable_limits()->set_lookups_per_terminal_minute(0);
  catalogue_.mutable_retention()->mutable_schedule()->set_fit_weekday(0);
  SetReward("cake", 80);
  const std::string outcome = Apply(kMarketer);
  for (const char* path : {"earning.points", "earning.validity_months", "burn.points", "burn.value_minor",
                           "limits.lookups_per_terminal_minute", "retention.schedule.fit_weekday"})
    EXPECT_THAT(outcome, ::testing::HasSubstr(path));
  EXPECT_THAT(outcome, ::testing::StartsWith("CATALOGUE_NEEDS_ADMIN "));
  EXPECT_THAT(outcome, ::testing::Not(::testing::HasSubstr("rewards/")));
  EXPECT_EQ(Versions(), before_) << "all of it or nothing";
  EXPECT_EQ(Apply(test::CallWorld::kAuthorization), "OK");
  catalogue_.clear_earning();
  EXPECT_EQ(Apply(kMarketer),
            "CATALOGUE_NEEDS_ADMIN earning.basis,earning.per_amount_minor,earning.points,earning.rounding,"
            "earning.validity_months");
}

// What an administrator has changed meanwhile is not undone by a file of before.
TEST_P(ApplyTest, WhatCountsIsTheVersionThatIsReplaced) {
  SetReward("cake", 80);
  auto before = Request();
  before.set_drop_scheduled(true);
  catalogue_.mutable_earning()->set_points(3);
  const auto release = calls_.Occupy();
  const auto admin = calls_.Begin(kApply, Request());
  const auto marketer = calls_.Begin(kApply, before, kMarketer);
  release->set_value();
  EXPECT_EQ(Outcome(admin), "OK");
  EXPECT_EQ(Outcome(marketer), "CATALOGUE_NEEDS_ADMIN earning.points");
}

// To drop what waits is to undo what it changes, also where it ends as it began.
TEST_P(ApplyTest, AMarketerDropsNoVersionThatChangesWhatIsNotHis) {
  const auto later = [this](int days) {
    auto request = Request();
    *request.mutable_effective_time() = ToTimestamp(calls_.now() + days * kDayLength);
    return request;
  };
  const auto dropping = [this] {
    auto request = Request();
    request.set_drop_scheduled(true);
    return request;
  };
  catalogue_.mutable_earning()->set_points(2);
  EXPECT_EQ(Apply(test::CallWorld::kAuthorization, later(1)), "OK");
  catalogue_.mutable_earning()->set_points(1);
  EXPECT_EQ(Apply(test::CallWorld::kAuthorization, later(2)), "OK");
  SetReward("cake", 80);
  EXPECT_EQ(Outcome(calls_.Begin(kApply, Request(), kMarketer)), "CATALOGUE_SCHEDULED");
  EXPECT_EQ(Apply(kMarketer, dropping()), "CATALOGUE_NEEDS_ADMIN earning.points");
  EXPECT_EQ(Apply(kMarketer, later(3)), "OK") << "behind all of them it is his to change";
  // What changes rewards only is dropped by whom it belongs to.
  EXPECT_EQ(Apply(test::CallWorld::kAuthorization, dropping()), "OK");
  SetReward("pie", 90);
  EXPECT_EQ(Apply(kMarketer, later(1)), "OK");
  catalogue_.mutable_rewards()->RemoveLast();
  EXPECT_EQ(Outcome(calls_.Begin(kApply, dropping(), kMarketer)), "OK");
}

// Two servers, an administrator at one and a marketer at the other: whatever comes first, no version of the marketer's
// earns otherwise than the one before it.
TEST_P(ApplyTest, ARaceChangesNothingThatIsNotHis) {
  test::AnotherServer other(calls_);
  constexpr int kRounds = 20;
  std::thread admin([this] {
    v1::Catalogue catalogue = catalogue_;
    for (int i = 0; i < kRounds; ++i) {
      v1::ApplyCatalogueRequest request;
      request.set_request_id("admin-number-" + std::to_string(i));
      catalogue.mutable_earning()->set_points(2 + i % 2);
      *request.mutable_catalogue() = catalogue;
      request.set_drop_scheduled(true);
      v1::ApplyCatalogueResponse response;
      EXPECT_THAT(calls_.Call(kApply, request, response), AnyOf("OK", "CONTENTION"));
    }
  });
  for (int i = 0; i < kRounds; ++i) {
    v1::ApplyCatalogueRequest request;
    request.set_request_id("marketer-number-" + std::to_string(i));
    *request.mutable_catalogue() = catalogue_;
    request.mutable_catalogue()->mutable_earning()->set_points(2);
    request.mutable_catalogue()->mutable_rewards(0)->set_cost_points(100 + i);
    request.set_drop_scheduled(true);
    v1::ApplyCatalogueResponse response;
    EXPECT_THAT(other.Call(kApply, request, response, kMarketer), AnyOf("OK", "CATALOGUE_NEEDS_ADMIN", "CONTENTION"));
    for (const auto& change : response.changes()) EXPECT_EQ(change.path(), "rewards/tea.cost_points");
  }
  admin.join();
  // By the rows themselves: points of each version beside those of the one before it, where a marketer made it.
  EXPECT_EQ(calls_.world.database().Number(
                "SELECT COUNT(*) FROM catalogue_versions c JOIN catalogue_versions b ON "
                "b.version = c.version - 1 JOIN principals p ON p.id = c.created_by WHERE p.role = 4 "
                "AND SUBSTR(c.content, 1, 24) <> SUBSTR(b.content, 1, 24)"),
            0);
}

}  // namespace
}  // namespace loyalty
