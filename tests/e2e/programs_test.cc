// The programs as a retailer uses them, over TLS: from an empty directory to a balanced ledger.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "loyalty/v1/admin_service.pb.h"
#include "loyalty/v1/campaign_service.pb.h"
#include "loyalty/v1/ledger_service.pb.h"
#include "loyalty/v1/member_service.pb.h"
#include "loyalty/v1/terminal_service.pb.h"
#include "tests/e2e/server.h"
#include "tests/e2e/shell.h"

namespace loyalty::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kCatalogue[] = R"({
  "earning": {"points": "1", "per_amount_minor": "10", "rounding": "ROUNDING_MODE_FLOOR"},
  "burn": {"points": "100", "value_minor": "100", "code_from_points": "100000"},
  "rewards": [{"name": "rewards/coffee", "display_name": "A coffee", "cost_points": "200"}]
})";

class Programs : public ::testing::Test {
 protected:
  void Sell() {  // what a program needs before its first sale
    Done(shell_.Admin({"store", "create", "S1", "--time-zone", "Europe/Berlin"}));
    Done(shell_.Admin({"terminal", "create", "stores/S1/terminals/T1"}));
    Done(shell_.Admin({"terminal", "create", "stores/S1/terminals/T2"}));
    Done(shell_.Admin({"apply", "-f", shell_.Write("catalogue.json", kCatalogue)}));
    Done(shell_.Admin({"terminal", "enroll", "stores/S1/terminals/T1", "--out", "till.key"}));
    Done(shell_.Admin({"member", "enroll", "--card", "2600000017", "--given-name", "Anna"}));
  }

  static void Done(const Ended& ended) { ASSERT_EQ(ended.code, 0) << ended.err; }
  static void Refused(const Ended& ended, const std::string& reason) {
    EXPECT_EQ(ended.code, 1) << ended.out;
    EXPECT_THAT(ended.err, HasSubstr(reason));
  }

  Installation installation_{storage::Engine::kSqlite, {.init = {"--self-signed"}}};
  Server server_{installation_, {.tls = true}};
  Shell shell_{installation_, server_.address(), true};
};

TEST_F(Programs, AStoreWithATerminalIsMadeFromAShell) {
  const auto store =
      shell_.AdminJson<v1::CreateStoreResponse>({"store", "create", "S1", "--display-name", "Main Street",
                                                 "--time-zone", "America/New_York", "--day-cut", "240"});
  EXPECT_EQ(store.store().name(), "stores/S1");
  EXPECT_EQ(store.store().day_cut_minutes(), 240);
  Refused(shell_.Admin({"store", "create", "S1"}), "STORE_EXISTS");
  EXPECT_EQ(shell_.AdminJson<v1::GetStoreResponse>({"store", "show", "S1"}).store().time_zone(), "America/New_York");
  EXPECT_EQ(shell_.AdminJson<v1::ListStoresResponse>({"store", "list"}).stores_size(), 1);
  Refused(shell_.Admin({"terminal", "create", "stores/S2/terminals/T1"}), "STORE_UNKNOWN");
  shell_.AdminJson<v1::CreateTerminalResponse>({"terminal", "create", "stores/S1/terminals/T1"});
  Refused(shell_.Admin({"terminal", "create", "stores/S1/terminals/T1"}), "TERMINAL_EXISTS");
  EXPECT_EQ(shell_.AdminJson<v1::ListTerminalsResponse>({"terminal", "list", "S1"}).terminals(0).name(),
            "stores/S1/terminals/T1");
}

TEST_F(Programs, ATerminalsKeyGoesToAFileThatOnlyItsOwnerCanReadAndNowhereElse) {
  Sell();
  struct stat status {};
  ASSERT_EQ(stat(shell_.File("till.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600);
  const std::string key = ReadText(shell_.File("till.key"));
  EXPECT_GE(key.size(), 44U);
  const auto again = shell_.Admin({"terminal", "enroll", "stores/S1/terminals/T1", "--out", "second.key"});
  const std::string second = ReadText(shell_.File("second.key"));
  EXPECT_NE(key, second);
  EXPECT_THAT(again.out + again.err, Not(HasSubstr(second.substr(0, 20))));
  EXPECT_THAT(server_.Log(), Not(HasSubstr(second.substr(0, 20))));
  shell_.UseKey(shell_.File("till.key"));
  Done(shell_.Till({"scan", "--card", "2600000017"}));
}

TEST_F(Programs, ACatalogueIsCheckedThenComparedThenAppliedOnce) {
  const auto file = shell_.Write("catalogue.json", kCatalogue);
  const auto versions = [this] { return installation_.Number("SELECT COUNT(*) FROM catalogue_versions"); };
  EXPECT_THAT(shell_.Admin({"apply", "-f", file, "--validate-only"}).out, StartsWith("valid;"));
  const auto diff = shell_.AdminJson<v1::ApplyCatalogueResponse>({"apply", "-f", file, "--diff"});
  EXPECT_GT(diff.changes_size(), 0);
  EXPECT_EQ(versions(), 0);
  const auto applied = shell_.AdminJson<v1::ApplyCatalogueResponse>({"apply", "-f", file});
  EXPECT_EQ(applied.version(), 1);
  EXPECT_EQ(applied.changes_size(), diff.changes_size());
  const auto again = shell_.AdminJson<v1::ApplyCatalogueResponse>({"apply", "-f", file});
  EXPECT_EQ(again.changes_size(), 0);
  EXPECT_EQ(versions(), 1);
  // What is shown can be applied: it is the same catalogue.
  const auto shown = shell_.Admin({"catalogue", "show", "--output", "json"});
  EXPECT_THAT(shell_.Admin({"apply", "-f", shell_.Write("shown.json", shown.out)}).out, HasSubstr("no changes"));
  const auto wrong = shell_.Write("wrong.json", R"({"earning": {"points": "0", "per_amount_minor": "10"}})");
  Refused(shell_.Admin({"apply", "-f", wrong, "--validate-only"}), "earning.points");
  EXPECT_EQ(shell_.Admin({"apply", "-f", shell_.Write("typo.json", R"({"earnings": {}})")}).code, 2);
}

constexpr char kBasket[] = R"({
  "receipt_no": "4711", "kind": "RECEIPT_KIND_SALE", "currency_code": "EUR", "total_minor": "9999",
  "lines": [
    {"line_id": "1", "sku": "shirt", "quantity_micros": "1000000", "amount_minor": "5999",
     "taxes": [{"rate_millionths": 190000}]},
    {"line_id": "2", "sku": "milk", "quantity_micros": "3000000", "amount_minor": "3001",
     "taxes": [{"rate_millionths": 70000}]},
    {"line_id": "3", "sku": "book", "quantity_micros": "1000000", "amount_minor": "999",
     "taxes": [{"rate_millionths": 70000}], "no_discount": true, "no_redemption": true}]
})";

TEST_F(Programs, ATillSellsSpendsAndTakesBackAndTheLedgerAgrees) {
  Sell();
  shell_.UseKey(shell_.File("till.key"));
  const auto basket = shell_.Write("basket.json", kBasket);
  const auto before = installation_.RowCounts();
  const auto quote = shell_.TillJson<v1::QuoteResponse>({"quote", "--card", "2600000017", "--receipt-file", basket});
  EXPECT_EQ(quote.scan().result().sale().points_earned(), 999);
  EXPECT_THAT(quote.scan().result().sale().entries(), IsEmpty());
  EXPECT_EQ(installation_.RowCounts(), before) << "a quote writes nothing";

  const auto scan = shell_.TillJson<v1::ScanResponse>({"scan", "--card", "2600000017", "--receipt-file", basket});
  EXPECT_EQ(scan.result().sale().points_earned(), 999);
  EXPECT_EQ(scan.member_snapshot().greeting_name(), "Anna");
  EXPECT_EQ(scan.member_snapshot().balance().available(), 999);
  EXPECT_EQ(installation_.Number("SELECT COUNT(*) FROM receipts"), 1);
  EXPECT_EQ(installation_.Number("SELECT COUNT(*) FROM receipt_lines"), 3);

  const auto redeem = shell_.TillJson<v1::RedeemResponse>(
      {"redeem", "--card", "2600000017", "--points", "500", "--receipt-file", basket});
  EXPECT_EQ(redeem.result().value_minor(), 500);
  std::int64_t allocated = 0;
  for (const auto& share : redeem.result().allocations()) {
    EXPECT_NE(share.line_id(), "3") << "not discountable";
    EXPECT_EQ(share.rate_millionths(), share.line_id() == "1" ? 190'000 : 70'000);
    allocated += share.amount_minor();
  }
  EXPECT_EQ(allocated, 500);
  EXPECT_EQ(redeem.member_snapshot().balance().available(), 499);
  Refused(shell_.Till({"redeem", "--card", "2600000017", "--points", "500"}), "INSUFFICIENT_POINTS");
  Refused(shell_.Till({"redeem", "--card", "2600000017", "--points", "50"}), "POINTS_NOT_REDEEMABLE");
  Refused(shell_.Till({"redeem", "--card", "2600000017", "--reward", "tea"}), "REWARD_UNKNOWN");
  Done(shell_.Till({"redeem", "--card", "2600000017", "--reward", "coffee"}));

  const std::vector<std::string> cancel{"cancel", redeem.result().redemption(), "--reason", "CHANGED_MIND"};
  EXPECT_EQ(shell_.TillJson<v1::CancelRedemptionResponse>(cancel).result().points_restored(), 500);
  Refused(shell_.Till(cancel), "REDEMPTION_ALREADY_CANCELLED");

  shell_.UseKey(shell_.admin_key());
  const std::string member = scan.result().member();
  EXPECT_EQ(shell_.AdminJson<v1::GetBalanceResponse>({"balance", member}).balance().available(), 799);
  const auto entries = shell_.AdminJson<v1::ListEntriesResponse>({"entries", "--card", "2600000017"});
  std::int64_t sum = 0;
  for (const auto& entry : entries.entries()) sum += entry.available_delta();
  EXPECT_EQ(sum, 799);
  EXPECT_EQ(entries.entries_size(), 4);
  EXPECT_EQ(shell_.AdminJson<v1::ListEntriesResponse>({"entries", member, "--limit", "1"}).entries_size(), 1);
  const auto lots = shell_.AdminJson<v1::ListLotsResponse>({"lots", member});
  ASSERT_EQ(lots.lots_size(), 1);
  EXPECT_EQ(lots.lots(0).remaining(), 799);
  const auto shown = shell_.AdminJson<v1::GetMemberResponse>({"member", "show", member});
  EXPECT_EQ(shown.member().statistics().receipts(), 1);
  EXPECT_EQ(shown.member().person().given_name(), "Anna");
  EXPECT_TRUE(shell_.AdminJson<v1::LedgerVerification>({"verify"}).consistent());
  EXPECT_EQ(installation_.Loyaltyd("verify").code, 0);
}

TEST_F(Programs, AKeyOpensOnlyWhatItIsFor) {
  Sell();
  shell_.UseKey(shell_.Write("wrong.key", "la_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"));
  Refused(shell_.Admin({"store", "list"}), "UNAUTHENTICATED");
  Refused(shell_.Till({"scan", "--card", "2600000017"}), "UNAUTHENTICATED");
  shell_.UseKey(shell_.File("till.key"));
  Refused(shell_.Till({"scan", "--card", "2600000017", "--terminal", "stores/S1/terminals/T2"}), "PERMISSION_DENIED");
  Refused(shell_.Admin({"store", "list"}), "PERMISSION_DENIED");
  Refused(shell_.Admin({"apply", "-f", shell_.File("catalogue.json")}), "PERMISSION_DENIED");
  Refused(shell_.Admin({"verify"}), "PERMISSION_DENIED");
  Refused(shell_.Admin({"terminal", "enroll", "stores/S1/terminals/T1", "--out", "third.key"}), "PERMISSION_DENIED");
  EXPECT_FALSE(std::filesystem::exists(shell_.File("third.key")));
  EXPECT_EQ(installation_.Number("SELECT COUNT(*) FROM visits"), 0) << "what is refused leaves nothing behind";
}

TEST_F(Programs, AReceiptSentTwiceFromAShellIsOneReceipt) {
  Sell();
  const std::vector<std::string> scan{"scan",
                                      "--card",
                                      "2600000017",
                                      "--receipt-no",
                                      "7",
                                      "--total",
                                      "12.34",
                                      "--currency",
                                      "EUR",
                                      "--business-time",
                                      "2026-01-01T10:00:00+01:00"};
  shell_.UseKey(shell_.admin_key());
  auto with_terminal = scan;
  with_terminal.insert(with_terminal.end(), {"--terminal", "stores/S1/terminals/T1"});
  const auto first = shell_.TillJson<v1::ScanResponse>(with_terminal);
  const auto second = shell_.TillJson<v1::ScanResponse>(with_terminal);  // another request id, the same receipt
  EXPECT_EQ(first.result().SerializeAsString(), second.result().SerializeAsString());
  EXPECT_EQ(installation_.Number("SELECT COUNT(*) FROM receipts"), 1);
  with_terminal[6] = "12.35";
  Refused(shell_.Till(with_terminal), "RECEIPT_CONFLICT");
}

// A slip is a fact: with a till's own key a time that cannot be is one of now, and everybody is told.
TEST_F(Programs, ATillWithAWrongClockSellsAndSaysSo) {
  Sell();
  shell_.UseKey(shell_.File("till.key"));
  const std::vector<std::string> scan{
      "scan",       "--card", "2600000017",      "--receipt-no",        "7", "--total", "12.34",
      "--currency", "EUR",    "--business-time", "1970-01-01T00:00:00Z"};
  const Ended ended = shell_.Till(scan);
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, ::testing::HasSubstr("set the clock of this till"));
  const auto again = shell_.TillJson<v1::ScanResponse>(scan);
  EXPECT_TRUE(again.result().sale().has_till_time());
  EXPECT_EQ(installation_.Number("SELECT COUNT(*) FROM receipts WHERE receipt_no = '7'"), 1);
  EXPECT_EQ(
      installation_.Number("SELECT COUNT(*) FROM receipts WHERE till_time IS NOT NULL AND business_time > till_time"),
      1);
  EXPECT_THAT(server_.Log(), ::testing::HasSubstr("the clock of stores/S1/terminals/T1 says 1970-01-01"));
}

}  // namespace
}  // namespace loyalty::test
