// Keys from their first day to their last: made, listed, rotated, renewed, revoked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "loyalty/v1/admin_service.pb.h"
#include "loyalty/v1/ledger_service.pb.h"
#include "services/codec/timestamp.h"
#include "services/jobs/key_use.h"
#include "storage/access_keys.h"
#include "storage/ids.h"
#include "storage/verify.h"
#include "tests/services/rpc/call_world.h"

namespace loyalty {
namespace {

using test::kStart;
using ::testing::ElementsAre;
using ::testing::StartsWith;

constexpr const char* kCreate = "loyalty.v1.AdminService.CreateKey";
constexpr const char* kListKeys = "loyalty.v1.AdminService.ListKeys";
constexpr const char* kRotate = "loyalty.v1.AdminService.RotateKey";
constexpr const char* kRevoke = "loyalty.v1.AdminService.RevokeKey";
constexpr const char* kRenew = "loyalty.v1.AdminService.RenewKey";
constexpr const char* kEnrollTerminal = "loyalty.v1.AdminService.EnrollTerminal";
constexpr Instant kDays = kDayLength;

class KeysTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  v1::CreateKeyResponse Create(const std::string& id, v1::Role role, const std::string& store = "") {
    v1::CreateKeyRequest request;
    request.set_request_id("create-" + id);
    request.set_key_id(id);
    request.set_role(role);
    request.set_store(store);
    v1::CreateKeyResponse response;
    EXPECT_EQ(calls_.Call(kCreate, request, response), "OK");
    return response;
  }
  v1::EnrollTerminalResponse Enroll(const std::string& request_id, Instant life = 400 * kDays) {
    v1::EnrollTerminalRequest request;
    request.set_request_id(request_id);
    request.set_terminal("stores/north/terminals/t1");
    *request.mutable_expire_time() = ToTimestamp(calls_.now() + life);
    v1::EnrollTerminalResponse response;
    EXPECT_EQ(calls_.Call(kEnrollTerminal, request, response), "OK");
    return response;
  }
  std::string Rotate(const std::string& request_id, const std::string& name, v1::RotateKeyResponse& response,
                     std::optional<std::int64_t> overlap_seconds = {}) {
    v1::RotateKeyRequest request;
    request.set_request_id(request_id);
    request.set_name(name);
    if (overlap_seconds) request.mutable_overlap()->set_seconds(*overlap_seconds);
    return calls_.Call(kRotate, request, response);
  }
  std::string Renew(const std::string& request_id, const std::string& key, v1::RenewKeyResponse& response) {
    v1::RenewKeyRequest request;
    request.set_request_id(request_id);
    return calls_.Call(kRenew, request, response, "Bearer " + key);
  }
  std::int32_t Revoke(const std::string& request_id, const std::string& name, const std::string& id = "") {
    v1::RevokeKeyRequest request;
    request.set_request_id(request_id);
    request.set_name(name);
    request.set_id(id);
    v1::RevokeKeyResponse response;
    EXPECT_EQ(calls_.Call(kRevoke, request, response), "OK");
    return response.revoked_keys();
  }
  v1::ListKeysResponse List(const std::string& name = "", bool ending_soon = false) {
    v1::ListKeysRequest request;
    request.set_name(name);
    request.set_ending_soon(ending_soon);
    v1::ListKeysResponse response;
    EXPECT_EQ(calls_.Call(kListKeys, request, response), "OK");
    return response;
  }
  std::vector<std::string> StatesOf(const std::string& name) {
    std::vector<std::string> states;
    const auto list = List(name);
    for (const auto& key : list.keys()) states.push_back(v1::KeyState_Name(key.state()).substr(10));
    return states;
  }
  // What a balance of nobody is answered with: whether the key is taken.
  std::string Use(const std::string& key) {
    v1::GetBalanceRequest request;
    request.set_member("members/0123456789abcdef");
    v1::GetBalanceResponse response;
    return calls_.Call("loyalty.v1.LedgerService.GetBalance", request, response, "Bearer " + key);
  }
  static constexpr const char* kTaken = "MEMBER_UNKNOWN";
  static constexpr const char* kRefused = "UNAUTHENTICATED";

  test::CallWorld calls_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Engines, KeysTest, test::kBothEngines, test::EngineName);

TEST_P(KeysTest, ANamedKeyWorksAtOnceAndARepeatAnswersTheSameOne) {
  const auto made = Create("web-shop", v1::ROLE_SERVICE, "stores/north");
  EXPECT_THAT(made.key(), StartsWith("lk_"));
  EXPECT_EQ(made.result().name(), "keys/web-shop");
  EXPECT_EQ(ToInstant(made.result().expire_time()), kStart + 400 * kDays);
  EXPECT_EQ(Use(made.key()), kTaken);
  calls_.Pass(kDays);
  EXPECT_EQ(Create("web-shop", v1::ROLE_SERVICE, "stores/north").SerializeAsString(), made.SerializeAsString());
  const auto listed = List("keys/web-shop");
  ASSERT_EQ(listed.keys_size(), 1);
  EXPECT_EQ(listed.keys(0).role(), v1::ROLE_SERVICE);
  EXPECT_EQ(listed.keys(0).store(), "stores/north");
  EXPECT_EQ(listed.keys(0).state(), v1::KEY_STATE_ACTIVE);
}

// Whoever copies the database, or the log of its statements, has no key.
TEST_P(KeysTest, NothingThatIsStoredIsTheKey) {
  const std::string key = Create("web-shop", v1::ROLE_SERVICE).key();
  std::string all;
  const auto add = [&all](const std::string& text) { all += text + "\n"; };
  calls_.world.session().Read("SELECT hash FROM access_keys", add);
  calls_.world.session().Read("SELECT result FROM commands", [&all](const Bytes& bytes) { all += bytes.value + "\n"; });
  calls_.world.session().Read("SELECT detail FROM audit", add);
  EXPECT_GT(all.size(), 64U);
  EXPECT_EQ(all.find(key), std::string::npos);
  EXPECT_EQ(all.find(key.substr(3)), std::string::npos);
}

TEST_P(KeysTest, ANameIsGivenOnceAndOnlyWhatMakesSenseIsMade) {
  Create("web-shop", v1::ROLE_SERVICE);
  v1::CreateKeyRequest request;
  request.set_request_id("another-request");
  request.set_key_id("web-shop");
  request.set_role(v1::ROLE_SERVICE);
  v1::CreateKeyResponse response;
  EXPECT_EQ(calls_.Call(kCreate, request, response), "KEY_EXISTS");
  request.set_key_id("other");
  for (const v1::Role role : {v1::ROLE_UNSPECIFIED, v1::ROLE_TERMINAL, v1::ROLE_MEMBER, static_cast<v1::Role>(257)}) {
    request.set_role(role);
    EXPECT_EQ(calls_.Call(kCreate, request, response), "INVALID_ARGUMENT") << role;
  }
  request.set_role(v1::ROLE_AUDITOR);
  request.set_store("stores/north");
  EXPECT_EQ(calls_.Call(kCreate, request, response), "INVALID_ARGUMENT") << "an auditor has no store";
  request.set_role(v1::ROLE_CLERK);
  request.set_store("stores/nowhere");
  EXPECT_EQ(calls_.Call(kCreate, request, response), "STORE_UNKNOWN");
}

TEST_P(KeysTest, NoKeyLastsLongerThan400Days) {
  v1::CreateKeyRequest create;
  create.set_request_id("create-long");
  create.set_key_id("long");
  create.set_role(v1::ROLE_SERVICE);
  *create.mutable_expire_time() = ToTimestamp(kStart + 400 * kDays + 1);
  v1::CreateKeyResponse created;
  EXPECT_EQ(calls_.Call(kCreate, create, created), "INVALID_ARGUMENT");
  v1::EnrollTerminalRequest enroll;
  enroll.set_request_id("enroll-long");
  enroll.set_terminal("stores/north/terminals/t1");
  *enroll.mutable_expire_time() = create.expire_time();
  v1::EnrollTerminalResponse enrolled;
  EXPECT_EQ(calls_.Call(kEnrollTerminal, enroll, enrolled), "INVALID_ARGUMENT");
  const std::string key = Enroll("enroll-once").key();
  calls_.Pass(400 * kDays - 1);
  EXPECT_EQ(Use(key), kTaken);
  calls_.Pass(1);
  EXPECT_EQ(Use(key), kRefused);
}

TEST_P(KeysTest, ARotatedKeyIsValidForTheOverlapAndNotLonger) {
  const std::string before = Create("web-shop", v1::ROLE_SERVICE).key();
  v1::RotateKeyResponse rotated;
  ASSERT_EQ(Rotate("rotate-1", "keys/web-shop", rotated), "OK");
  EXPECT_NE(rotated.key(), before);
  EXPECT_EQ(ToInstant(rotated.result().others_expire_time()), kStart + kDays);
  EXPECT_THAT(StatesOf("keys/web-shop"), ElementsAre("ROTATED", "ACTIVE"));
  calls_.Pass(kDays - 1);
  EXPECT_EQ(Use(before), kTaken);
  EXPECT_EQ(Use(rotated.key()), kTaken);
  calls_.Pass(1);
  EXPECT_EQ(Use(before), kRefused);
  EXPECT_EQ(Use(rotated.key()), kTaken);
  EXPECT_THAT(StatesOf("keys/web-shop"), ElementsAre("EXPIRED", "ACTIVE"));
  v1::RotateKeyResponse again;
  EXPECT_EQ(Rotate("rotate-1", "keys/web-shop", again), "OK");
  EXPECT_EQ(again.SerializeAsString(), rotated.SerializeAsString()) << "the same request, the same key";
}

TEST_P(KeysTest, TheOverlapIsUpTo30DaysAndMayBeNone) {
  const std::string before = Create("web-shop", v1::ROLE_SERVICE).key();
  v1::RotateKeyResponse rotated;
  EXPECT_EQ(Rotate("rotate-1", "keys/web-shop", rotated, 30 * 86'400 + 1), "INVALID_ARGUMENT");
  EXPECT_EQ(Rotate("rotate-1", "keys/web-shop", rotated, -1), "INVALID_ARGUMENT");
  EXPECT_EQ(Rotate("rotate-1", "keys/nobody", rotated), "KEY_UNKNOWN");
  EXPECT_EQ(Rotate("rotate-1", "keys/web-shop", rotated, 0), "OK");
  EXPECT_EQ(Use(before), kRefused);
  EXPECT_EQ(Use(rotated.key()), kTaken);
}

TEST_P(KeysTest, ATerminalIsRotatedByItsName) {
  const std::string before = Enroll("enroll-1").key();
  v1::RotateKeyResponse rotated;
  ASSERT_EQ(Rotate("rotate-1", "stores/north/terminals/t1", rotated), "OK");
  EXPECT_THAT(rotated.key(), StartsWith("lt_"));
  EXPECT_EQ(Use(before), kTaken);
  EXPECT_EQ(Use(rotated.key()), kTaken);
}

TEST_P(KeysTest, OneKeyIsRevokedOrAllAndDeadAtOnce) {
  const std::string first = Create("web-shop", v1::ROLE_SERVICE).key();
  v1::RotateKeyResponse rotated;
  ASSERT_EQ(Rotate("rotate-1", "keys/web-shop", rotated), "OK");
  EXPECT_EQ(Revoke("revoke-1", "keys/web-shop", List("keys/web-shop").keys(0).id()), 1);
  EXPECT_EQ(Use(first), kRefused);
  EXPECT_EQ(Use(rotated.key()), kTaken);
  EXPECT_EQ(Revoke("revoke-2", "keys/web-shop"), 1) << "the other one was revoked before";
  EXPECT_EQ(Use(rotated.key()), kRefused);
  EXPECT_THAT(StatesOf("keys/web-shop"), ElementsAre("REVOKED", "REVOKED"));
  v1::RevokeKeyRequest foreign;
  foreign.set_request_id("revoke-3");
  foreign.set_name("keys/web-shop");
  foreign.set_id(List("keys/admin").keys(0).id());
  v1::RevokeKeyResponse response;
  EXPECT_EQ(calls_.Call(kRevoke, foreign, response), "KEY_UNKNOWN") << "another principal's";
}

TEST_P(KeysTest, ATerminalRenewsItsKeyFrom60DaysBeforeItsEndOn) {
  const std::string before = Enroll("enroll-1", 100 * kDays).key();
  v1::RenewKeyResponse renewed;
  calls_.Pass(40 * kDays - 1);
  EXPECT_EQ(Renew("renewal-1", before, renewed), "KEY_NOT_ENDING");
  calls_.Pass(1);
  ASSERT_EQ(Renew("renewal-1", before, renewed), "OK");
  EXPECT_THAT(renewed.key(), StartsWith("lt_"));
  EXPECT_EQ(ToInstant(renewed.result().expire_time()), calls_.now() + 400 * kDays);
  EXPECT_EQ(ToInstant(renewed.result().others_expire_time()), kStart + 100 * kDays);
  v1::RenewKeyResponse again;
  ASSERT_EQ(Renew("renewal-1", before, again), "OK") << "the answer was lost";
  EXPECT_EQ(again.key(), renewed.key());
  EXPECT_EQ(Renew("renewal-2", renewed.key(), again), "KEY_NOT_ENDING");
  calls_.Pass(60 * kDays - 1);
  EXPECT_EQ(Use(before), kTaken);
  calls_.Pass(1);
  EXPECT_EQ(Use(before), kRefused);
  EXPECT_EQ(Use(renewed.key()), kTaken);
}

TEST_P(KeysTest, WhoeverHasATerminalsKeyCannotMakeAnyNumberOfThem) {
  const std::string key = Enroll("enroll-1", kDays).key();
  v1::RenewKeyResponse renewed;
  for (int i = 0; i < 9; ++i) EXPECT_EQ(Renew("renew-number-" + std::to_string(i), key, renewed), "OK");
  EXPECT_EQ(Renew("renew-number-9", key, renewed), "TOO_MANY_KEYS");
  EXPECT_EQ(Revoke("revoke-1", "stores/north/terminals/t1"), 10);
  EXPECT_EQ(Use(renewed.key()), kRefused);
}

TEST_P(KeysTest, TheListTellsWhatEndsSoon) {
  Create("soon", v1::ROLE_SERVICE);
  calls_.Pass(370 * kDays - 1);
  Create("later", v1::ROLE_SERVICE);
  KeyUse use(calls_.snapshots(), calls_.queue(), [this] { return calls_.now(); });
  EXPECT_EQ(List("", true).keys_size(), 0);
  EXPECT_EQ(use.CountEnding(), 0);
  calls_.Pass(1);
  const auto ending = List("", true);
  ASSERT_EQ(ending.keys_size(), 1);
  EXPECT_EQ(ending.keys(0).name(), "keys/soon");
  EXPECT_EQ(use.CountEnding(), 1);
  v1::RotateKeyResponse rotated;
  ASSERT_EQ(Rotate("rotate-1", "keys/soon", rotated), "OK");
  EXPECT_EQ(List("", true).keys_size(), 0) << "something was done about it";
  EXPECT_EQ(use.CountEnding(), 0);
}

// A call notes the day in memory; one row is written a day, however many calls there were.
TEST_P(KeysTest, LastUseIsWrittenOncePerDayAndByNoCall) {
  const std::string key = Create("web-shop", v1::ROLE_SERVICE).key();
  KeyUse use(calls_.snapshots(), calls_.queue(), [this] { return calls_.now(); });
  use.Write();  // what came before, the administrator's
  const auto last_use = [this] { return List("keys/web-shop").keys(0).last_use_date(); };
  EXPECT_EQ(last_use(), "");
  std::size_t batches = calls_.batches();
  EXPECT_EQ(Use(key), kTaken);
  EXPECT_EQ(Use(key), kTaken);
  EXPECT_EQ(calls_.batches(), batches) << "reads write nothing";
  EXPECT_EQ(last_use(), "");
  use.Write();
  EXPECT_EQ(calls_.batches(), batches + 1);
  EXPECT_EQ(last_use(), FormatDay(static_cast<Day>(kStart / kDays)));
  EXPECT_EQ(Use(key), kTaken);
  use.Write();
  EXPECT_EQ(calls_.batches(), batches + 1) << "the same day";
  calls_.Pass(kDays);
  EXPECT_EQ(Use(key), kTaken);
  use.Write();
  EXPECT_EQ(last_use(), FormatDay(static_cast<Day>(kStart / kDays + 1)));
}

// The day of a use that was noted before is written after the key was revoked: it must not make it valid again.
TEST_P(KeysTest, WritingTheLastUseDoesNotUndoARevocation) {
  const std::string key = Create("web-shop", v1::ROLE_SERVICE).key();
  KeyUse use(calls_.snapshots(), calls_.queue(), [this] { return calls_.now(); });
  EXPECT_EQ(Use(key), kTaken);
  // At another server, of which this one has not heard yet.
  calls_.world.Edit<storage::KeyRow>(std::stoll(List("keys/web-shop").keys(0).id()),
                                     [](storage::KeyRow& row) { row.revoked_time = kStart; });
  use.Write();
  calls_.Refresh();
  EXPECT_EQ(Use(key), kRefused);
}

// What `loyaltyd admin-key new` writes, beside a server that runs.
TEST_P(KeysTest, AKeyOfTheAdministratorThatIsMadeOnTheMachineIsTakenAndInTheAudit) {
  storage::Session& session = calls_.world.session();
  storage::IdBlock ids;
  ids.Reserve(session, 2);
  ids.Take();  // the world has made a key of its own by it
  storage::Transaction transaction(session);
  storage::InsertAdminKey(session, ids.Take(), TokenHash("la_new"), calls_.now(), calls_.now() + 400 * kDays,
                          test::TestKeys());
  transaction.Commit();
  EXPECT_EQ(Use("la_new"), kRefused) << "not yet";
  calls_.snapshots().Refresh();
  EXPECT_EQ(Use("la_new"), kTaken);
  EXPECT_EQ(calls_.world.database().Number("SELECT COUNT(*) FROM audit WHERE action = 'key.new_on_machine'"), 1);
  const auto go_on = [](const storage::VerifyReport&) { return true; };
  EXPECT_EQ(storage::VerifyLedger(session, test::TestKeys(), std::nullopt, std::nullopt, go_on).first_difference, "");
}

TEST_P(KeysTest, PagesFollowEachOther) {
  for (const char* id : {"one", "two", "three"}) Create(id, v1::ROLE_ANALYST);
  v1::ListKeysRequest request;
  request.set_page_size(2);
  std::vector<std::string> names;
  do {
    v1::ListKeysResponse page;
    ASSERT_EQ(calls_.Call(kListKeys, request, page), "OK");
    for (const auto& key : page.keys()) names.push_back(key.name());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  std::sort(names.begin(), names.end());
  EXPECT_THAT(names, ElementsAre("keys/admin", "keys/admin", "keys/one", "keys/three", "keys/two"));
}

}  // namespace
}  // namespace loyalty
