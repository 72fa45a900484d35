// What calls take: what is only to be decided - quotes, training - takes no place in a lane: sales that wait together
// stay together however many of them come in between, and none waits for the lane.
#include "services/rpc/call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "loyalty/v1/member_service.pb.h"
#include "tests/services/rpc/call_world.h"

namespace loyalty {
namespace {

using ::testing::ElementsAre;

class CallTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  test::CallWorld calls_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Engines, CallTest, test::kBothEngines, test::EngineName);

TEST_P(CallTest, QuotesAndTrainingBesideABatchDoNotCutItAndDoNotWaitForIt) {
  const auto sizes = calls_.BatchOfSalesAmong(10, [this](int i) {
    v1::QuoteRequest quote;
    *quote.mutable_scan() = calls_.Sale("quoted-" + std::to_string(i));
    v1::RedeemRequest redeem;
    redeem.set_request_id("redeem-" + std::to_string(i));
    redeem.set_terminal("stores/north/terminals/t1");
    redeem.mutable_identifier()->set_card("2600000001");
    redeem.set_points(1);
    *redeem.mutable_receipt() = calls_.Training("basket").receipt();
    // The lane is busy: whoever is answered now did not wait for it.
    EXPECT_EQ(calls_.Begin(test::CallWorld::kQuote, quote).Await(), "OK");
    EXPECT_EQ(calls_.Begin(test::CallWorld::kScan, calls_.Training("training-" + std::to_string(i))).Await(), "OK");
    EXPECT_EQ(calls_.Begin(test::CallWorld::kRedeem, redeem).Await(), "MEMBER_UNKNOWN") << "its sales wait";
  });
  EXPECT_THAT(sizes, ElementsAre(1, 10));
  EXPECT_EQ(calls_.world.database().Number("SELECT COUNT(*) FROM receipts"), 10);
  EXPECT_EQ(calls_.world.database().Number("SELECT COUNT(*) FROM redemptions"), 0);
  EXPECT_EQ(calls_.world.database().Number("SELECT COUNT(*) FROM requests"), 11) << "and that which was busy";
}

// What a request has on the wire is what it takes of the queue's room.
TEST_P(CallTest, EveryWriteSaysHowLargeItIs) {
  const auto release = calls_.Occupy();
  const v1::ScanRequest sale = calls_.Sale("sale-number-1");
  const auto sent = calls_.Begin(test::CallWorld::kScan, sale);
  EXPECT_EQ(calls_.queue().waiting_bytes(), sale.ByteSizeLong());
  release->set_value();
  EXPECT_EQ(sent.Await(), "OK");
  EXPECT_EQ(calls_.queue().waiting_bytes(), 0U);
}

// Reads that are noted wait like others, and count for whoever asked.
TEST_P(CallTest, OneKeyCannotTakeThePlacesOfAllReadsThatAreNoted) {
  storage::PrincipalRow other;
  other.role = Role::kAdmin;
  other.name = "keys/other";
  calls_.AddKey(calls_.AddPrincipal(other).id, "other");
  calls_.Refresh();
  v1::ScanResponse scanned;
  ASSERT_EQ(calls_.Call(test::CallWorld::kScan, calls_.Sale("sale-number-1"), scanned), "OK");
  v1::GetMemberRequest get;
  get.set_name(scanned.result().member());
  get.set_view(v1::MEMBER_VIEW_FULL);
  v1::GetMemberRequest in_vain = get;
  in_vain.set_min_member_seq(1'000'000);
  constexpr char kGetMember[] = "loyalty.v1.MemberService.GetMember";
  std::vector<test::CallWorld::Sent> greedy, others;
  for (int i = 0; i < kReadsThatWaitMax + 50; ++i) greedy.push_back(calls_.Begin(kGetMember, in_vain));
  for (int i = 0; i < 20; ++i) others.push_back(calls_.Begin(kGetMember, in_vain, "Bearer other"));
  v1::GetMemberResponse member;
  EXPECT_EQ(calls_.Call(kGetMember, get, member, "Bearer other"), "OK") << "it came last: all have begun to wait";
  calls_.Pass(kPatience);
  for (const auto& sent : others) EXPECT_NE(sent.Await(), "QUEUE_FULL") << "it waited";
  int full = 0;
  for (const auto& sent : greedy) full += sent.Await() == "QUEUE_FULL" ? 1 : 0;
  EXPECT_GT(full, 0);
}

}  // namespace
}  // namespace loyalty
