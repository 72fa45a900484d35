// What no till would send: each is refused with a clear status, and nothing of it is left.
//
// Method: good requests are spoilt one value at a time and sent to a real server as bytes; the reason must be the one
// in the table, and the rows of every table must be as many as before. tests/fuzz tries what nobody thought of.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <limits>

#include "tests/e2e/caller.h"
#include "tests/e2e/hostile_requests.h"
#include "tests/e2e/server.h"
#include "tests/support/database.h"

namespace loyalty::test {
namespace {

using ::testing::AnyOf;
using ::testing::SizeIs;

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kTooMuch = 1'000'000'000'000'001;
constexpr std::int64_t kYearZero = -62'167'219'200;
constexpr std::int64_t kYear9999 = 253'370'764'800;

class HostileInput : public ::testing::TestWithParam<storage::Engine> {
 protected:
  HostileInput() {
    SetUpProgram(admin_, 1);
    v1::ScanResponse scanned;
    v1::ScanRequest scan = *dynamic_cast<const v1::ScanRequest*>(Good("Scan").get());
    scan.mutable_receipt()->set_total_minor(100'000);
    scan.mutable_receipt()->mutable_lines(0)->set_amount_minor(100'000);
    EXPECT_EQ(admin_.Call(&v1::TerminalService::Stub::Scan, scan, &scanned).reason(), "OK");
    member_ = scanned.result().member();
    v1::RedeemRequest redeem;
    redeem.set_request_id(NewRequestId("redeem"));
    redeem.mutable_identifier()->set_card("2600000001");
    redeem.set_points(100);
    v1::RedeemResponse redeemed;
    EXPECT_EQ(admin_.Call(&v1::TerminalService::Stub::Redeem, redeem, &redeemed).reason(), "OK");
    redemption_ = redeemed.result().redemption();
    before_ = installation_.RowCounts();
  }

  std::shared_ptr<const google::protobuf::Message> Good(const std::string& method) const {
    for (const GoodRequest& good : GoodRequests(member_, redemption_))
      if (good.path.substr(good.path.rfind('/') + 1) == method) return good.message;
    throw std::logic_error("no method " + method);
  }

  template <typename Request>
  Request GoodOf(const std::string& method) const {
    return *dynamic_cast<const Request*>(Good(method).get());
  }

  // Sends it and expects this reason and no trace.
  void Refused(const std::string& path, const std::string& bytes, const std::string& reason, const std::string& what) {
    EXPECT_EQ(CallBytes(admin_, path, bytes).reason(), reason) << what;
    EXPECT_EQ(installation_.RowCounts(), before_) << what;
  }

  // A good scan with one thing changed.
  void ScanRefused(const std::string& what, const std::string& reason,
                   const std::function<void(v1::ScanRequest&)>& spoil) {
    auto scan = GoodOf<v1::ScanRequest>("Scan");
    spoil(scan);
    Refused("/loyalty.v1.TerminalService/Scan", scan.SerializeAsString(), reason, what);
  }

  Installation installation_{GetParam()};
  Server server_{installation_};
  Caller admin_{Connect(server_.address()), installation_.admin_key()};
  std::string member_ = "members/0000000000000000", redemption_;
  std::map<std::string, std::int64_t> before_;
};
INSTANTIATE_TEST_SUITE_P(Engines, HostileInput, kBothEngines, EngineName);

TEST_P(HostileInput, NumbersBeyondWhatMoneyAndGoodsCanBe) {
  using Spoil = std::function<void(v1::ScanRequest&, std::int64_t)>;
  const std::pair<const char*, Spoil> kFields[] = {
      {"total", [](auto& scan, auto number) { scan.mutable_receipt()->set_total_minor(number); }},
      {"amount", [](auto& scan, auto number) { scan.mutable_receipt()->mutable_lines(0)->set_amount_minor(number); }},
      {"discount",
       [](auto& scan, auto number) { scan.mutable_receipt()->mutable_lines(0)->set_discount_minor(number); }},
      {"quantity",
       [](auto& scan, auto number) { scan.mutable_receipt()->mutable_lines(0)->set_quantity_micros(number); }},
      {"tax",
       [](auto& scan, auto number) {
         scan.mutable_receipt()->mutable_lines(0)->mutable_taxes(0)->set_amount_minor(number);
       }},
      {"payment",
       [](auto& scan, auto number) { scan.mutable_receipt()->mutable_payments(0)->set_amount_minor(number); }}};
  for (const auto& [field, spoil] : kFields)
    for (const std::int64_t number : {kLeast, kMost, kTooMuch, -kTooMuch})
      ScanRefused(field + std::to_string(number), "INVALID_ARGUMENT",
                  [&, spoil = spoil](auto& scan) { spoil(scan, number); });
  for (const std::int64_t price : {kLeast, kMost, 1'000 * kTooMuch, -1'000 * kTooMuch})
    ScanRefused("unit price " + std::to_string(price), "INVALID_ARGUMENT",
                [&](auto& scan) { scan.mutable_receipt()->mutable_lines(0)->set_unit_price_micros(price); });
  ScanRefused("negative payment", "INVALID_ARGUMENT",
              [](auto& scan) { scan.mutable_receipt()->mutable_payments(0)->set_amount_minor(-1); });
  ScanRefused("negative rate", "INVALID_ARGUMENT",
              [](auto& scan) { scan.mutable_receipt()->mutable_lines(0)->mutable_taxes(0)->set_rate_millionths(-1); });
  for (const std::int64_t points : {kLeast, std::int64_t{-1}, std::int64_t{0}, kMost}) {
    auto redeem = GoodOf<v1::RedeemRequest>("Redeem");
    redeem.set_points(points);
    Refused("/loyalty.v1.TerminalService/Redeem", redeem.SerializeAsString(), "INVALID_ARGUMENT",
            std::to_string(points) + " points");
  }
  for (const std::int32_t epoch : {std::numeric_limits<std::int32_t>::max(), 1'000'001, -1}) {
    auto create = GoodOf<v1::CreateTerminalRequest>("CreateTerminal");
    create.mutable_terminal()->set_epoch(epoch);
    Refused("/loyalty.v1.AdminService/CreateTerminal", create.SerializeAsString(), "INVALID_ARGUMENT", "epoch");
  }
  for (const std::int32_t size : {std::numeric_limits<std::int32_t>::min(), -1}) {
    v1::ListStoresRequest list;
    list.set_page_size(size);
    Refused("/loyalty.v1.AdminService/ListStores", list.SerializeAsString(), "INVALID_ARGUMENT", "page size");
  }
}

TEST_P(HostileInput, MoreThanALimitAllows) {
  const auto copies = [](auto* list, int count) {
    while (list->size() < count) *list->Add() = list->Get(0);
  };
  ScanRefused("501 lines", "INVALID_ARGUMENT", [&](auto& scan) {
    scan.mutable_receipt()->mutable_lines(0)->clear_line_id();
    copies(scan.mutable_receipt()->mutable_lines(), 501);
  });
  ScanRefused("21 payments", "INVALID_ARGUMENT",
              [&](auto& scan) { copies(scan.mutable_receipt()->mutable_payments(), 21); });
  ScanRefused("17 categories", "INVALID_ARGUMENT",
              [&](auto& scan) { copies(scan.mutable_receipt()->mutable_lines(0)->mutable_category_ids(), 17); });
  ScanRefused("21 vouchers", "INVALID_ARGUMENT", [&](auto& scan) { copies(scan.mutable_voucher_codes(), 21); });
  auto enroll = GoodOf<v1::EnrollMemberRequest>("EnrollMember");
  while (enroll.identifiers_size() < 11)
    enroll.add_identifiers()->set_card("26000000" + std::to_string(10 + enroll.identifiers_size()));
  Refused("/loyalty.v1.MemberService/EnrollMember", enroll.SerializeAsString(), "INVALID_ARGUMENT", "11 identifiers");
  auto apply = GoodOf<v1::ApplyCatalogueRequest>("ApplyCatalogue");
  copies(apply.mutable_catalogue()->mutable_rewards(), 1'001);
  Refused("/loyalty.v1.CampaignService/ApplyCatalogue", apply.SerializeAsString(), "INVALID_ARGUMENT", "1001 rewards");
  // gRPC itself: no handler sees it.
  ScanRefused("2 MB", "RESOURCE_EXHAUSTED",
              [](auto& scan) { scan.mutable_receipt()->set_receipt_no(std::string(2 << 20, 'x')); });
}

TEST_P(HostileInput, TimesThatNoShopHasSeen) {
  for (const std::int64_t seconds : {kYearZero, kYearZero - 1, kYear9999, kLeast, kMost, std::time(nullptr) + 3'600})
    ScanRefused("time " + std::to_string(seconds), "BUSINESS_TIME_OUT_OF_RANGE",
                [&](auto& scan) { scan.mutable_receipt()->mutable_business_time()->set_seconds(seconds); });
  for (const char* date : {"9999-12-31", "0000-00-00", "1900-01-01", "2026-02-30", "-999-01-01", "today"})
    ScanRefused(date, "INVALID_ARGUMENT", [&](auto& scan) { scan.mutable_receipt()->set_business_date(date); });
  ScanRefused("long ago", "NOT_AFTER_PASSED", [](auto& scan) { scan.mutable_not_after()->set_seconds(kYearZero); });
  for (const std::int64_t seconds : {kYearZero, kYear9999, kLeast, kMost}) {
    auto key = GoodOf<v1::EnrollTerminalRequest>("EnrollTerminal");
    key.mutable_expire_time()->set_seconds(seconds);
    Refused("/loyalty.v1.AdminService/EnrollTerminal", key.SerializeAsString(), "INVALID_ARGUMENT", "a key's end");
  }
  auto apply = GoodOf<v1::ApplyCatalogueRequest>("ApplyCatalogue");
  apply.mutable_effective_time()->set_seconds(kYear9999);
  Refused("/loyalty.v1.CampaignService/ApplyCatalogue", apply.SerializeAsString(), "INVALID_ARGUMENT",
          "a catalogue of 9999");
}

// Every text of every request: what cannot be seen, what shows otherwise than it is, what is too long.
TEST_P(HostileInput, TextsThatHideSomething) {
  const std::pair<const char*, std::string> kTexts[] = {
      {"NUL", std::string("a\0b", 3)}, {"line break", "a\nb"},     {"bidi override", "a\u202Eb"},
      {"bidi isolate", "a\u2066b"},    {"C1 control", "a\u0085b"}, {"64 KB", std::string(65'536, 'x')}};
  const auto requests = GoodRequests(member_, redemption_);
  EXPECT_THAT(requests, SizeIs(65)) << "all methods but the streams, those without a text, and those not built";
  int texts = 0;
  for (const auto& [what, text] : kTexts)
    for (const GoodRequest& good : requests)
      ForEachText(*good.message, text, [&, &kind = what](const std::string& field, const auto& spoilt) {
        const CallResult result = CallBytes(admin_, good.path, spoilt.SerializeAsString());
        EXPECT_THAT(result.reason(), AnyOf("INVALID_ARGUMENT", "PAGE_TOKEN_INVALID"))
            << kind << " in " << field << " of " << good.path;
        EXPECT_LT(result.status.error_details().size(), 2'000U) << field;
        ++texts;
      });
  EXPECT_GT(texts, 400);
  EXPECT_EQ(installation_.RowCounts(), before_);
}

TEST_P(HostileInput, NumbersThatAreNoneOfAnEnum) {
  for (const int kind : {99, -1, std::numeric_limits<int>::min()}) {
    ScanRefused("receipt", "INVALID_ARGUMENT",
                [&](auto& scan) { scan.mutable_receipt()->set_kind(static_cast<v1::ReceiptKind>(kind)); });
    ScanRefused("payment", "INVALID_ARGUMENT", [&](auto& scan) {
      scan.mutable_receipt()->mutable_payments(0)->set_kind(static_cast<v1::PaymentKind>(kind));
    });
    ScanRefused("tax", "INVALID_ARGUMENT", [&](auto& scan) {
      scan.mutable_receipt()->mutable_lines(0)->set_tax_mode(static_cast<v1::TaxMode>(kind));
    });
    auto range = GoodOf<v1::RegisterCardRangeRequest>("RegisterCardRange");
    range.set_check_digit(static_cast<v1::CheckDigit>(kind));
    Refused("/loyalty.v1.MemberService/RegisterCardRange", range.SerializeAsString(), "INVALID_ARGUMENT", "digit");
    auto apply = GoodOf<v1::ApplyCatalogueRequest>("ApplyCatalogue");
    apply.mutable_catalogue()->mutable_earning()->set_rounding(static_cast<v1::RoundingMode>(kind));
    Refused("/loyalty.v1.CampaignService/ApplyCatalogue", apply.SerializeAsString(), "INVALID_ARGUMENT", "rounding");
    auto member = GoodOf<v1::GetMemberRequest>("GetMember");
    member.set_view(static_cast<v1::MemberView>(kind));
    Refused("/loyalty.v1.MemberService/GetMember", member.SerializeAsString(), "INVALID_ARGUMENT", "view");
  }
}

// They never reach a handler, and gRPC itself would say that the method does not exist.
TEST_P(HostileInput, BytesThatAreNoRequest) {
  const std::string path = "/loyalty.v1.TerminalService/Scan";
  for (const std::string text : {"\xC0\x80", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF\xFE"}) {
    const std::string place(text.size(), '@');
    auto scan = GoodOf<v1::ScanRequest>("Scan");
    scan.mutable_receipt()->mutable_lines(0)->set_sku(place);
    std::string bytes = scan.SerializeAsString();
    bytes.replace(bytes.find(place), place.size(), text);
    Refused(path, bytes, "INVALID_ARGUMENT", "a text that is no UTF-8");
  }
  const std::string good = Good("Scan")->SerializeAsString();
  Refused(path, good + std::string(5'000, '\xA3'), "INVALID_ARGUMENT", "groups within groups");
  Refused(path, good.substr(0, good.size() / 2), "INVALID_ARGUMENT", "half of a request");
  Refused(path, good + "\x07", "INVALID_ARGUMENT", "a type that does not exist");
  Refused(path, "", "INVALID_ARGUMENT", "nothing at all");
  Refused(path, good + good, "INVALID_ARGUMENT", "everything twice: the same line twice on a receipt");
}

}  // namespace
}  // namespace loyalty::test
