#include "services/rpc/request.h"

#include <gmock/gmock.h>

#include "loyalty/v1/terminal_service.pb.h"
#include "services/codec/names.h"

namespace loyalty {
namespace {

TEST(RequestId, HasEightTo64SafeCharacters) {
  EXPECT_TRUE(CheckRequestId("12345678"));
  EXPECT_TRUE(CheckRequestId("7e57d004-2b97-0e7a-b45f-5387367791cd"));
  EXPECT_TRUE(CheckRequestId(std::string(64, '_')));
  for (const std::string& id : {std::string(), std::string("1234567"), std::string(65, 'a'), std::string("1234 678"),
                                std::string("1234567\xc3\xa4"), std::string("12345678\n")})
    EXPECT_FALSE(CheckRequestId(id)) << id;
}

TEST(PayloadHash, CoversMethodAndContentButNotTheId) {
  v1::ScanRequest request;
  request.set_request_id("request-1");
  request.mutable_identifier()->set_card("4711");
  const Bytes hash = PayloadHash("Scan", request);
  EXPECT_EQ(hash.value.size(), 16);

  v1::ScanRequest again = request;
  again.set_request_id("request-2");
  again.mutable_not_after()->set_seconds(5);
  EXPECT_EQ(PayloadHash("Scan", again), hash);
  EXPECT_NE(PayloadHash("Redeem", request), hash);
  again.mutable_identifier()->set_card("4712");
  EXPECT_NE(PayloadHash("Scan", again), hash);
}

TEST(Timestamp, KeepsMicrosecondsBeforeAndAfter1970) {
  for (const Instant at : {Instant{0}, Instant{1}, Instant{-1}, Instant{1'700'000'000'123'456}, -3 * kSecond})
    EXPECT_EQ(ToInstant(ToTimestamp(at)), at);
  EXPECT_EQ(ToTimestamp(-1).seconds(), -1);
  EXPECT_EQ(ToTimestamp(-1).nanos(), 999'999'000);
}

TEST(Timestamp, ClampsWhatACallerMadeUp) {
  google::protobuf::Timestamp wild;
  wild.set_seconds(std::numeric_limits<std::int64_t>::max());
  wild.set_nanos(-5);
  EXPECT_EQ(FormatTime(ToInstant(wild)), "9999-12-31T23:59:59Z");
}

TEST(Names, AreReadStrictly) {
  EXPECT_EQ(*ParseMemberName("member", "members/00000000000000ff"), 255);
  for (const char* name :
       {"", "members/", "members/ff", "members/00000000000000FF", "members/00000000000000ff/x", "00000000000000ff"})
    EXPECT_FALSE(ParseMemberName("member", name)) << name;
  EXPECT_EQ(*ParseStoreName("store", "stores/a.b-c_1"), "a.b-c_1");
  for (const char* name : {"", "stores/", "stores/a/b", "stores/ä", "store/a"})
    EXPECT_FALSE(ParseStoreName("store", name)) << name;
  const auto terminal = ParseTerminalName("terminal", "stores/a/terminals/b");
  ASSERT_TRUE(terminal);
  EXPECT_EQ(*terminal, std::make_pair(std::string("a"), std::string("b")));
  for (const char* name : {"stores/a", "stores/a/terminals/", "stores//terminals/b", "stores/a/terminals/b/c"})
    EXPECT_FALSE(ParseTerminalName("terminal", name)) << name;
  const std::string redemption = "members/00000000000000ff/redemptions/0000000000000100";
  EXPECT_EQ(ParseRedemptionName(redemption), std::make_pair(std::int64_t{255}, std::int64_t{256}));
  for (const std::string& name :
       {std::string(), redemption + "0", redemption + "/x", std::string("members/ff/redemptions/0000000000000100"),
        std::string("members/00000000000000ff/redemptions/"), redemption.substr(8), "/" + redemption})
    EXPECT_FALSE(ParseRedemptionName(name)) << name;
}

}  // namespace
}  // namespace loyalty
