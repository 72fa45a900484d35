// A till's key is replaced or ended while one of its requests has no answer. Goal: the same request with the new key is
// the same request - answered as it was, and its points are taken once -, because whose it is, is the till, not the
// key.
//
// Method: by the API on both engines; by loyalty-till, whose redemption is lost on its way back and which is started
// anew with another key in its file. A server for which each key is a caller of its own must be noticed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "tests/e2e/caller.h"
#include "tests/e2e/server.h"
#include "tests/e2e/shell.h"
#include "tests/support/database.h"
#include "tests/support/proxy.h"

namespace loyalty::test {
namespace {

using ::testing::HasSubstr;

const std::string kHolder = "2600000001";

// 200 points at one card, and a till with a key in a file.
class ReplacedKey : public ::testing::TestWithParam<storage::Engine> {
 protected:
  explicit ReplacedKey(const ServerOptions& options = {}) : server_(installation_, options) {
    SetUpProgram(admin_, 1);
    v1::ScanRequest sale = PlainScan(NewRequestId("earn"), kHolder);
    sale.mutable_receipt()->set_total_minor(20'000);
    v1::ScanResponse scanned;
    EXPECT_TRUE(admin_.Call(&v1::TerminalService::Stub::Scan, sale, &scanned).ok());
  }

  // A new key of the till, by the administrator's program.
  std::string NewKey() {
    const std::string file = "key-" + std::to_string(++keys_);
    const Ended made = shell_.Admin({"terminal", "enroll", TerminalName(1), "--out", shell_.File(file).string()});
    EXPECT_EQ(made.code, 0) << made.err;
    std::ifstream in(shell_.File(file));
    std::string key;
    std::getline(in, key);
    return key;
  }
  void EndKeys() {
    const Ended ended = shell_.Admin({"terminal", "revoke", TerminalName(1)});
    EXPECT_EQ(ended.code, 0) << ended.err;
  }

  struct Redeemed {
    std::string reason;
    bool replayed = false;
    v1::RedeemResponse response;
  };
  Redeemed Redeem(const std::string& key, const v1::RedeemRequest& request) const {
    Redeemed redeemed;
    const auto result =
        Caller(admin_.channel(), key).Call(&v1::TerminalService::Stub::Redeem, request, &redeemed.response);
    redeemed.reason = result.reason();
    redeemed.replayed = result.replayed;
    return redeemed;
  }
  static v1::RedeemRequest Burn() {
    v1::RedeemRequest request;
    request.set_request_id(NewRequestId("redeem"));
    request.mutable_identifier()->set_card(kHolder);
    request.set_points(100);
    return request;
  }
  std::int64_t Redemptions() const { return installation_.Number("SELECT COUNT(*) FROM redemptions"); }

  Installation installation_{GetParam()};
  Server server_;
  Caller admin_{Connect(server_.address()), installation_.admin_key()};
  Shell shell_{installation_, server_.address(), false};
  int keys_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Engines, ReplacedKey, kBothEngines, EngineName);

TEST_P(ReplacedKey, TheSameRequestWithTheNewKeyIsAnsweredAgainAndTakesNothing) {
  const std::string first = NewKey();
  const v1::RedeemRequest request = Burn();
  const Redeemed before = Redeem(first, request);
  ASSERT_EQ(before.reason, "OK");
  EXPECT_FALSE(before.replayed);
  const std::string second = NewKey();  // beside the first one
  EndKeys();
  const std::string third = NewKey();
  for (const auto& ended : {first, second}) EXPECT_EQ(Redeem(ended, request).reason, "UNAUTHENTICATED");
  const Redeemed after = Redeem(third, request);
  ASSERT_EQ(after.reason, "OK");
  EXPECT_TRUE(after.replayed);
  EXPECT_EQ(after.response.result().SerializeAsString(), before.response.result().SerializeAsString());
  EXPECT_EQ(LookUp(admin_, kHolder).balance().available(), 100);
  EXPECT_EQ(Redemptions(), 1);
  v1::RedeemRequest other = request;
  other.set_points(50);
  EXPECT_EQ(Redeem(third, other).reason, "REQUEST_ID_REUSED") << "with other content it is still another one";
  EXPECT_EQ(installation_.Loyaltyd("verify").code, 0);
}

class ReplacedKeySabotaged : public ReplacedKey {
 protected:
  ReplacedKeySabotaged()
      : ReplacedKey({.program = "loyaltyd_sabotage", .environment = {{"LOYALTY_SABOTAGE", "principal"}}}) {}
};
INSTANTIATE_TEST_SUITE_P(Engines, ReplacedKeySabotaged, kBothEngines, EngineName);

TEST_P(ReplacedKeySabotaged, ItIsNotedWhenEachKeyIsACallerOfItsOwn) {
  const v1::RedeemRequest request = Burn();
  ASSERT_EQ(Redeem(NewKey(), request).reason, "OK");
  const Redeemed after = Redeem(NewKey(), request);
  EXPECT_FALSE(after.reason == "OK" && after.replayed && Redemptions() == 1) << after.reason;
}

// The till's own program: what it has left unfinished is looked for by the place of the key, not by the key.
TEST_P(ReplacedKey, ATillThatIsStartedAnewWithItsNewKeyResumesItsRedemption) {
  const auto place = [this](const std::string& key) { return shell_.Write("till.key", key + "\n"); };
  Proxy proxy(server_.address());
  Shell till(installation_, proxy.address(), false);
  till.UseKey(place(NewKey()));
  const std::vector<std::string> redeem{"redeem", "--card", kHolder, "--points", "100"};
  proxy.LoseAnswersTo("TerminalService/Redeem");
  {
    Process process(till.TillProcess(redeem));
    ASSERT_TRUE(proxy.WaitUntilLost(std::chrono::seconds(20)));
    for (int i = 0; i < 1'000 && Redemptions() < 1; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    process.Kill();
  }
  proxy.Heal();
  ASSERT_EQ(Redemptions(), 1);
  EndKeys();
  place(NewKey());
  const Ended again = till.Till(redeem);
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_THAT(again.err, HasSubstr("resuming unfinished request"));
  EXPECT_THAT(again.out, HasSubstr("this was done before"));
  EXPECT_EQ(Redemptions(), 1);
  EXPECT_EQ(LookUp(admin_, kHolder).balance().available(), 100);
}

}  // namespace
}  // namespace loyalty::test
