// A till's key counts through no phone numbers: whatever tells whether one is known, is counted, and refused above the
// limit.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include "loyalty/v1/campaign_service.pb.h"
#include "loyalty/v1/member_service.pb.h"
#include "tests/services/rpc/another_server.h"

namespace loyalty {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::Message;
using ::testing::AnyOf;

constexpr const char* kLookup = "loyalty.v1.MemberService.LookupMember";
constexpr const char* kEnroll = "loyalty.v1.MemberService.EnrollMember";
constexpr const char* kLink = "loyalty.v1.MemberService.LinkIdentifier";
constexpr const char* kTill = "Bearer one";
constexpr int kLimit = 30;

// Whether a request can say who somebody is.
bool NamesSomebody(const Descriptor& type, int depth = 0) {
  if (type.full_name() == "loyalty.v1.Identifier") return true;
  for (int i = 0; depth < 4 && i < type.field_count(); ++i)
    if (const Descriptor* below = type.field(i)->message_type(); below != nullptr && NamesSomebody(*below, depth + 1))
      return true;
  return false;
}

class LookupLimitTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  LookupLimitTest() {
    AddTill("one");
    AddTill("two");
    Add("clerk", Role::kClerk);
    Add("shop", Role::kService);
    calls_.Refresh();
  }

  void AddTill(const std::string& name) { Add(name, Role::kTerminal, test::kNorth, 1); }
  void Add(const std::string& name, Role role, std::int64_t store_id = 0, std::int64_t terminal_id = 0) {
    storage::PrincipalRow row;
    row.name = "keys/" + name;
    row.role = role;
    row.store_id = store_id;
    row.terminal_id = terminal_id;
    calls_.AddKey(calls_.AddPrincipal(row).id, name);
  }
  std::string NewPhone() { return last_phone_ = "+4930" + std::to_string(1'000'000 + ++phones_); }
  std::string NewId() { return "request-number-" + std::to_string(++requests_); }

  std::string Lookup(const std::string& phone, const std::string& who = kTill) {
    v1::LookupMemberRequest request;
    request.mutable_identifier()->set_phone(phone);
    v1::LookupMemberResponse response;
    return calls_.Call(kLookup, request, response, who);
  }
  // How many of so many new numbers are answered; the rest must be refused for their number.
  int Burst(int count, const std::string& who = kTill) {
    int answered = 0;
    for (int i = 0; i < count; ++i) {
      const std::string outcome = Lookup(NewPhone(), who);
      EXPECT_THAT(outcome, AnyOf("MEMBER_UNKNOWN", "LOOKUP_LIMIT"));
      answered += outcome == "MEMBER_UNKNOWN" ? 1 : 0;
    }
    return answered;
  }
  std::string Enroll(const std::string& phone, const std::string& who = kTill) {
    v1::EnrollMemberRequest request;
    request.set_request_id(NewId());
    request.add_identifiers()->set_phone(phone);
    v1::EnrollMemberResponse response;
    const std::string outcome = calls_.Call(kEnroll, request, response, who);
    member_ = response.result().member();
    return outcome;
  }
  std::string Sell(const std::string& phone, const std::string& who = kTill) {
    v1::ScanRequest scan = calls_.Sale(NewId());
    scan.mutable_identifier()->set_phone(phone);
    v1::ScanResponse response;
    return calls_.Call(test::CallWorld::kScan, scan, response, who);
  }
  // A request that is right but for whom it is about, who is somebody new.
  std::unique_ptr<Message> Ask(const Method& method) {
    v1::Identifier phone;
    phone.set_phone(NewPhone());
    std::unique_ptr<Message> made(method.request->New());
    if (auto* lookup = dynamic_cast<v1::LookupMemberRequest*>(made.get())) *lookup->mutable_identifier() = phone;
    if (auto* scan = dynamic_cast<v1::ScanRequest*>(made.get())) {
      scan->set_request_id(NewId());
      *scan->mutable_identifier() = phone;
    }
    if (auto* quote = dynamic_cast<v1::QuoteRequest*>(made.get())) {
      *quote->mutable_scan() = calls_.Sale(NewId());
      *quote->mutable_scan()->mutable_identifier() = phone;
    }
    const auto redeem = [&](v1::RedeemRequest& request) {
      request.set_request_id(NewId());
      *request.mutable_identifier() = phone;
      request.set_points(100);
    };
    if (auto* request = dynamic_cast<v1::RedeemRequest*>(made.get())) redeem(*request);
    if (auto* quote = dynamic_cast<v1::QuoteRedeemRequest*>(made.get())) redeem(*quote->mutable_redeem());
    if (auto* enroll = dynamic_cast<v1::EnrollMemberRequest*>(made.get())) {
      enroll->set_request_id(NewId());
      *enroll->add_identifiers() = phone;
    }
    if (auto* link = dynamic_cast<v1::LinkIdentifierRequest*>(made.get())) {
      link->set_request_id(NewId());
      link->set_member(member_);
      *link->mutable_identifier() = phone;
    }
    return made;
  }

  test::CallWorld calls_{GetParam()};
  std::string member_, last_phone_;
  int phones_ = 0, requests_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Engines, LookupLimitTest, test::kBothEngines, test::EngineName);

TEST_P(LookupLimitTest, OneKeyCountsThroughNoNumbers) {
  EXPECT_EQ(Burst(200), kLimit);
  EXPECT_EQ(Burst(5, "Bearer two"), 5) << "another till";
  v1::LookupMemberRequest request;
  request.mutable_identifier()->set_email("a@example.org");
  const auto sent = calls_.Begin(kLookup, request, kTill);
  EXPECT_EQ(sent.Await(), "LOOKUP_LIMIT") << "numbers and addresses together";
  EXPECT_EQ(sent.call->error->retry_after_ms, 60'000);
  EXPECT_EQ(sent.call->error->metadata.at("limit"), "30");
  // Whoever holds a card is not held up.
  v1::LookupMemberResponse response;
  request.mutable_identifier()->set_card("2600000001");
  EXPECT_EQ(calls_.Call(kLookup, request, response, kTill), "MEMBER_UNKNOWN");
  calls_.Pass(kMinute);
  EXPECT_EQ(Burst(40), kLimit);
}

// Found by walking the API: a method that is added and takes an identifier is counted, or says here why not.
TEST_P(LookupLimitTest, EveryMethodThatTellsWhetherANumberIsKnownIsCounted) {
  int counted = 0;
  // A number that somebody else has makes enrolments and links tell; a member of a till's own can be linked to.
  ASSERT_EQ(Enroll(NewPhone(), test::CallWorld::kAuthorization), "OK");
  const std::string members = member_;
  for (const Methods& service : AllServices())
    for (const Method& method : service) {
      SCOPED_TRACE(method.name);
      const auto& roles = FindMethod(method.name)->roles;
      if (!NamesSomebody(*method.request->GetDescriptor()) || !roles.Has(Role::kTerminal)) continue;
      if (method.open) {
        EXPECT_THAT(std::string(method.name), AnyOf("loyalty.v1.TerminalService.ScanStream",    // as Scan: below
                                                    "loyalty.v1.TerminalService.SyncJournal"))  // not built yet
            << "a stream: say how it counts";
        continue;
      }
      const std::string who = "till-" + std::to_string(++counted);
      AddTill(who);
      calls_.Refresh();
      const bool makes = method.name == kEnroll || method.name == kLink;
      std::string outcome;
      for (int i = 0; i <= kLimit; ++i) {
        auto request = Ask(method);
        if (makes) {
          ASSERT_EQ(Enroll(last_phone_, test::CallWorld::kAuthorization), "OK");
        }
        member_ = members;
        outcome = calls_.Begin(method.name, *request, "Bearer " + who).Await();
        if (outcome == "NOT_ENABLED") break;  // not built yet
        EXPECT_EQ(outcome == "LOOKUP_LIMIT", i == kLimit) << outcome << " " << i;
        EXPECT_NE(outcome, "INVALID_ARGUMENT") << "say what such a request looks like";
      }
    }
  EXPECT_GE(counted, 7);
}

TEST_P(LookupLimitTest, ASaleIsNeverRefusedAndGivesBack) {
  const std::string phone = NewPhone();
  ASSERT_EQ(Enroll(phone), "OK");
  EXPECT_EQ(Lookup(phone), "OK");
  EXPECT_EQ(Burst(40), kLimit - 1);
  EXPECT_EQ(Sell(NewPhone()), "OK") << "to nobody; it is recorded";
  EXPECT_EQ(Burst(3), 0) << "and nothing is given back for it";
  EXPECT_EQ(Sell(phone, "Bearer two"), "OK");
  EXPECT_EQ(Burst(3), 0) << "another till's sale";
  EXPECT_EQ(Sell(phone), "OK");
  EXPECT_EQ(Burst(3), 1);
}

TEST_P(LookupLimitTest, ASaleByCardGivesBackWhatWasAskedByPhone) {
  const std::string phone = NewPhone();
  v1::EnrollMemberRequest request;
  request.set_request_id(NewId());
  request.add_identifiers()->set_phone(phone);
  request.add_identifiers()->set_card("2600000007");
  v1::EnrollMemberResponse response;
  ASSERT_EQ(calls_.Call(kEnroll, request, response, kTill), "OK");
  EXPECT_EQ(Lookup(phone), "OK");
  EXPECT_EQ(Burst(40), kLimit - 1);
  v1::ScanRequest scan = calls_.Sale(NewId());
  scan.mutable_identifier()->set_card("2600000007");
  v1::ScanResponse sold;
  EXPECT_EQ(calls_.Call(test::CallWorld::kScan, scan, sold, kTill), "OK");
  EXPECT_EQ(Burst(3), 1);
}

TEST_P(LookupLimitTest, TrainingLeavesNoReceiptAndCounts) {
  for (int i = 0; i < kLimit; ++i) {
    v1::ScanRequest scan = calls_.Training(NewId());
    scan.mutable_identifier()->set_phone(NewPhone());
    v1::ScanResponse response;
    EXPECT_EQ(calls_.Call(test::CallWorld::kScan, scan, response, kTill), "OK");
  }
  EXPECT_EQ(Burst(3), 0);
}

TEST_P(LookupLimitTest, EnrollingThoseWhoAreNewIsNoLookup) {
  for (int i = 0; i < kLimit + 10; ++i) EXPECT_EQ(Enroll(NewPhone()), "OK");
  const std::string known = NewPhone();
  ASSERT_EQ(Enroll(known, "Bearer two"), "OK");
  EXPECT_EQ(Enroll(known), "IDENTIFIER_TAKEN");
  EXPECT_EQ(Burst(40), kLimit - 1);
  EXPECT_EQ(Enroll(NewPhone()), "LOOKUP_LIMIT") << "whether it is known would be told";
}

// Whoever may list members learns nothing by asking.
TEST_P(LookupLimitTest, HoldsWhoMayNotListMembers) {
  EXPECT_EQ(Burst(40, "Bearer clerk"), 40);
  EXPECT_EQ(Burst(40, test::CallWorld::kAuthorization), 40);
  EXPECT_EQ(Burst(40, "Bearer shop"), kLimit);
}

TEST_P(LookupLimitTest, TheCatalogueSaysHowMany) {
  const auto apply = [this](int limit) {
    v1::ApplyCatalogueRequest request;
    request.set_request_id(NewId());
    request.mutable_catalogue()->mutable_limits()->set_lookups_per_terminal_minute(limit);
    v1::ApplyCatalogueResponse response;
    EXPECT_EQ(calls_.Call("loyalty.v1.CampaignService.ApplyCatalogue", request, response), "OK");
    calls_.Pass(5 * kSecond);
  };
  apply(5);
  EXPECT_EQ(Burst(10), 5);
  apply(0);
  EXPECT_EQ(Burst(100), 100);
}

TEST_P(LookupLimitTest, TwoServersCountTogether) {
  test::AnotherServer other(calls_);
  const auto burst = [this, &other](int count) {
    int answered = 0;
    for (int i = 0; i < count; ++i) {
      v1::LookupMemberRequest request;
      request.mutable_identifier()->set_phone(NewPhone());
      v1::LookupMemberResponse response;
      answered += other.Call(kLookup, request, response, kTill) == "MEMBER_UNKNOWN" ? 1 : 0;
    }
    return answered;
  };
  EXPECT_EQ(Burst(20), 20);
  calls_.ShareLookups();
  EXPECT_EQ(burst(5), 5) << "of this second";
  other.ShareLookups();
  EXPECT_EQ(burst(100), 3) << "half of the five that are left, for the other may be asked as well";
  int answered = 28;
  for (int second = 0; second < 10; ++second) {
    other.ShareLookups();
    calls_.ShareLookups();
    answered += Burst(10) + burst(10);
  }
  EXPECT_GE(answered, kLimit);
  EXPECT_LE(answered, kLimit + 1) << "both give the last one";
  // Rows of past minutes go with the next that is written.
  calls_.Pass(10 * kMinute);
  EXPECT_EQ(Burst(1), 1);
  calls_.ShareLookups();
  EXPECT_EQ(calls_.world.database().Number("SELECT COUNT(*) FROM lookup_counts"), 1);
}

TEST_P(LookupLimitTest, NothingIsWrittenWhileNobodyLooksAnythingUp) {
  const auto leases = [this] { return calls_.world.database().Number("SELECT COUNT(*) FROM leases"); };
  const auto before = leases();
  EXPECT_EQ(Sell(NewPhone()), "OK");
  for (int i = 0; i < 5; ++i) calls_.ShareLookups();
  EXPECT_EQ(leases(), before);
  EXPECT_EQ(Burst(1), 1);
  const auto batches = calls_.batches();
  for (int i = 0; i < 5; ++i) calls_.ShareLookups();
  EXPECT_EQ(calls_.batches(), batches + 1) << "once for what is new";
}

}  // namespace
}  // namespace loyalty
