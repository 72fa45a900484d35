// Keys as people handle them: the administrator's programs, the till's own, and the one who has lost his.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <ctime>
#include <thread>

#include "domain/time.h"
#include "tests/e2e/caller.h"
#include "tests/e2e/server.h"
#include "tests/e2e/shell.h"
#include "tests/support/database.h"

namespace loyalty::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Keys : public ::testing::TestWithParam<storage::Engine> {
 protected:
  Keys() { SetUpProgram(admin_, 1); }

  // Makes a key of this role; the path of its file.
  std::string Create(const std::string& role, const std::vector<std::string>& more = {}) const {
    const std::string file = shell_.File(role + ".key").string();
    const std::string name = role == "admin" ? "keys/second" : "keys/" + role;  // the first is keys/admin
    std::vector<std::string> arguments{"keys", "create", name, "--role", role, "--key-file-out", file};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ended made = shell_.Admin(arguments);
    EXPECT_EQ(made.code, 0) << made.err;
    EXPECT_THAT(made.out, Not(HasSubstr(KeyIn(file)))) << "it is in the file";
    return file;
  }
  static std::string KeyIn(const std::string& file) {
    const std::string text = ReadText(file);
    return text.substr(0, text.find('\n'));
  }
  static unsigned ModeOf(const std::string& file) {
    struct stat about {};
    EXPECT_EQ(stat(file.c_str(), &about), 0);
    return about.st_mode & 0777U;
  }
  Caller With(const std::string& key) const { return Caller(admin_.channel(), key); }

  // What these methods are answered, one of each kind; "OK" also where the answer is that there is no such thing.
  template <typename Request, typename Response, typename Stub>
  static std::string May(const Caller& caller,
                         grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                         const Request& request) {
    Response response;
    const CallResult result = caller.Call(method, request, &response);
    if (result.ok()) return "OK";
    return result.reason() == "PERMISSION_DENIED" || result.reason() == "UNAUTHENTICATED" ? result.reason() : "OK";
  }
  static std::string MaySell(const Caller& caller) {
    return May(caller, &v1::TerminalService::Stub::Scan, PlainScan(NewRequestId("scan"), "2600000001"));
  }
  static std::string MayReadStores(const Caller& caller) {
    return May(caller, &v1::AdminService::Stub::ListStores, v1::ListStoresRequest());
  }
  static std::string MayReadEntries(const Caller& caller) {
    v1::ListEntriesRequest request;
    request.set_member("members/0123456789abcdef");
    return May(caller, &v1::LedgerService::Stub::ListEntries, request);
  }
  static std::string MayMakeStores(const Caller& caller) {
    return May(caller, &v1::AdminService::Stub::CreateStore, v1::CreateStoreRequest());
  }

  Installation installation_{GetParam()};
  Server server_{installation_};
  Caller admin_{Connect(server_.address()), installation_.admin_key()};
  Shell shell_{installation_, server_.address(), false};
};
INSTANTIATE_TEST_SUITE_P(Engines, Keys, kBothEngines, EngineName);

TEST_P(Keys, EachRoleMayDoItsOwnWorkOnly) {
  struct Row {
    const char* role;
    bool sells, reads_stores, reads_entries;
  };
  for (const Row& row :
       {Row{"clerk", false, false, true}, Row{"marketer", false, true, false}, Row{"analyst", false, true, false},
        Row{"auditor", false, true, true}, Row{"service", true, false, false}}) {
    SCOPED_TRACE(row.role);
    const Caller caller = With(KeyIn(Create(row.role)));
    const auto expected = [](bool may) { return may ? "OK" : "PERMISSION_DENIED"; };
    EXPECT_EQ(MaySell(caller), expected(row.sells));
    EXPECT_EQ(MayReadStores(caller), expected(row.reads_stores));
    EXPECT_EQ(MayReadEntries(caller), expected(row.reads_entries));
    EXPECT_EQ(MayMakeStores(caller), "PERMISSION_DENIED");
  }
  const Caller second = With(KeyIn(Create("admin")));
  EXPECT_EQ(MayMakeStores(second), "OK");
}

TEST_P(Keys, AKeyIsMadeListedRotatedAndRevoked) {
  const std::string file = Create("service", {"--store", "stores/S1"});
  EXPECT_EQ(ModeOf(file), 0600U);
  const std::string before = KeyIn(file);
  const Ended rotated = shell_.Admin({"keys", "rotate", "keys/service", "--key-file-out", file});
  ASSERT_EQ(rotated.code, 0) << rotated.err;
  EXPECT_THAT(rotated.out, HasSubstr("Others end"));
  EXPECT_NE(KeyIn(file), before);
  EXPECT_EQ(MaySell(With(before)), "OK") << "for a day";
  EXPECT_EQ(MaySell(With(KeyIn(file))), "OK");
  const auto listed = shell_.AdminJson<v1::ListKeysResponse>({"keys", "list", "keys/service"});
  ASSERT_EQ(listed.keys_size(), 2);
  EXPECT_EQ(listed.keys(0).state(), v1::KEY_STATE_ROTATED);
  EXPECT_EQ(listed.keys(1).state(), v1::KEY_STATE_ACTIVE);
  EXPECT_EQ(listed.keys(1).store(), "stores/S1");
  EXPECT_EQ(shell_.Admin({"keys", "revoke", "keys/service", "--id", listed.keys(0).id()}).code, 0);
  EXPECT_EQ(MaySell(With(before)), "UNAUTHENTICATED");
  EXPECT_EQ(MaySell(With(KeyIn(file))), "OK");
  EXPECT_THAT(server_.Log(), Not(HasSubstr(before)));
  EXPECT_THAT(server_.Log(), Not(HasSubstr(KeyIn(file))));
}

TEST_P(Keys, WithoutAFileAKeyIsShownOnce) {
  const Ended made = shell_.Admin({"keys", "create", "keys/shown", "--role", "service"});
  ASSERT_EQ(made.code, 0) << made.err;
  const std::string key = made.out.substr(0, made.out.find('\n'));
  EXPECT_EQ(MaySell(With(key)), "OK");
  EXPECT_THAT(shell_.Admin({"keys", "list"}).out, Not(HasSubstr(key)));
}

TEST_P(Keys, ATillRenewsItsOwnKeyInPlace) {
  const std::string file = shell_.File("till.key").string();
  const auto enroll = [&](const char* expires) {
    return shell_.Admin({"terminal", "enroll", TerminalName(1), "--out", file, "--expires", expires}).code;
  };
  const auto in_days = [](int days) {
    return FormatTime(static_cast<Instant>(std::time(nullptr)) * kSecond + days * kDayLength);
  };
  ASSERT_EQ(enroll(in_days(61).c_str()), 0);
  shell_.UseKey(file);
  const Ended early = shell_.Till({"renew-key", "--out", file});
  EXPECT_NE(early.code, 0);
  EXPECT_THAT(early.err, HasSubstr("60 days before its end"));
  shell_.UseKey(shell_.admin_key());
  ASSERT_EQ(enroll(in_days(59).c_str()), 0);
  const std::string before = KeyIn(file);
  shell_.UseKey(file);
  const Ended renewed = shell_.Till({"renew-key", "--out", file});
  ASSERT_EQ(renewed.code, 0) << renewed.err;
  EXPECT_NE(KeyIn(file), before);
  EXPECT_EQ(MaySell(With(KeyIn(file))), "OK");
  EXPECT_EQ(MaySell(With(before)), "OK") << "until it ends";
}

TEST_P(Keys, WhoLostTheAdministratorsKeyMakesAnotherOneOnTheMachine) {
  const std::string lost = installation_.admin_key();
  const Ended made = installation_.Loyaltyd("admin-key new");
  ASSERT_EQ(made.code, 0) << made.err;
  const std::string found = installation_.admin_key();
  EXPECT_NE(found, lost);
  EXPECT_EQ(ModeOf((installation_.state_dir() / "admin.key").string()), 0600U);
  std::string may;
  for (int tries = 0; tries < 100 && may != "OK"; ++tries) {
    may = MayMakeStores(With(found));
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_EQ(may, "OK") << "the running server takes it within 5 seconds";
  const auto keys = shell_.AdminJson<v1::ListKeysResponse>({"keys", "list", "keys/admin"});
  ASSERT_EQ(keys.keys_size(), 2);
  EXPECT_EQ(shell_.Admin({"keys", "revoke", "keys/admin", "--id", keys.keys(0).id()}).code, 0);
  EXPECT_EQ(MayMakeStores(With(lost)), "UNAUTHENTICATED");
  EXPECT_EQ(installation_.Loyaltyd("verify").code, 0);
}

}  // namespace
}  // namespace loyalty::test
