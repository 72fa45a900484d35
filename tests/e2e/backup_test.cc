// A backup that was made while tills sold is worth what it is for: it becomes a database again, nothing that was
// acknowledged before it began is missing, and it says where its books end. What is wrong with one is told apart.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <mutex>
#include <thread>

#include "storage/backup.h"
#include "tests/e2e/caller.h"
#include "tests/e2e/server.h"
#include "tests/support/database.h"

namespace loyalty::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Tills that sell until they are stopped.
class Selling {
 public:
  Selling(const Installation& installation, const Server& server, int tills) {
    for (int i = 0; i < tills; ++i)
      threads_.emplace_back([this, i, key = installation.admin_key(), channel = Connect(server.address())] {
        const Caller till(channel, key, false);
        for (int n = 0; !stopping_; ++n) {
          const auto scan = PlainScan("sale-" + std::to_string(i) + "-" + std::to_string(n),
                                      "26000000" + std::to_string(10 + n % 50));
          v1::ScanResponse response;
          if (!till.Call(&v1::TerminalService::Stub::Scan, scan, &response).ok()) continue;
          const std::lock_guard lock(mutex_);
          acknowledged_.push_back(scan);
        }
      });
  }
  ~Selling() { Stop(); }
  Selling(const Selling&) = delete;
  Selling& operator=(const Selling&) = delete;

  void Stop() {
    stopping_ = true;
    for (auto& thread : threads_) thread.join();
    threads_.clear();
  }
  std::vector<v1::ScanRequest> Acknowledged() const {
    const std::lock_guard lock(mutex_);
    return acknowledged_;
  }
  void Await(std::size_t sales) const {
    for (int i = 0; i < 6'000 && Acknowledged().size() < sales; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    ASSERT_GE(Acknowledged().size(), sales);
  }

 private:
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;  // guards acknowledged_
  std::vector<v1::ScanRequest> acknowledged_;
  std::vector<std::thread> threads_;
};

void Enroll(const Caller& admin, const std::string& card, const std::string& name) {
  v1::EnrollMemberRequest request;
  request.set_request_id(NewRequestId("enroll"));
  request.add_identifiers()->set_card(card);
  request.mutable_person()->set_given_name(name);
  v1::EnrollMemberResponse response;
  ASSERT_TRUE(admin.Call(&v1::MemberService::Stub::EnrollMember, request, &response).ok());
}

// A server of the database itself on files that were restored; SQLite needs none.
class RestoredDatabase {
 public:
  RestoredDatabase(const Installation& installation, const fs::path& place) : url_(installation.url()) {
    if (url_.engine == storage::Engine::kSqlite) {
      url_.path = (place / "loyalty.db").string();
      return;
    }
    url_.unix_socket = (place / "socket").string();
    const std::string program = fs::exists("/usr/sbin/mariadbd") ? "/usr/sbin/mariadbd" : "mariadbd";
    ProcessOptions options;
    options.arguments = {program,
                         "--no-defaults",
                         "--datadir=" + (place / "mariadb").string(),
                         "--socket=" + url_.unix_socket,
                         "--pid-file=" + (place / "pid").string(),
                         "--innodb-flush-log-at-trx-commit=1",
                         "--skip-networking"};
    if (geteuid() == 0) options.arguments.push_back("--user=root");
    options.log = installation.directory() / "restored";
    process_ = std::make_unique<Process>(std::move(options));
    process_->WaitForLine("ready for connections");
  }
  const storage::DatabaseUrl& url() const { return url_; }

 private:
  storage::DatabaseUrl url_;
  std::unique_ptr<Process> process_;
};

class Backup : public ::testing::TestWithParam<storage::Engine> {
 protected:
  Ended MakeBackup() const { return installation_.Loyaltyd("backup", {backups_.string()}); }
  Ended Restore(const std::vector<std::string>& flags, const fs::path& from = {}) const {
    ProcessOptions options;
    options.arguments = {ProgramPath("loyaltyd"), "restore", "--state-dir", installation_.state_dir().string()};
    options.arguments.insert(options.arguments.end(), flags.begin(), flags.end());
    options.arguments.push_back((from.empty() ? backups_ : from).string());
    options.log = Somewhere("restore");
    return RunProgram(std::move(options));
  }
  // Those in the directory, the oldest first.
  std::vector<fs::path> Backups() const {
    std::vector<fs::path> all;
    for (const auto& entry : fs::directory_iterator(backups_))
      if (entry.is_directory()) all.push_back(entry.path());
    std::sort(all.begin(), all.end());
    return all;
  }
  // Names of files below the backups that have these bytes in them.
  std::vector<std::string> FilesWith(const std::string& bytes) const {
    std::vector<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(backups_))
      if (entry.is_regular_file() && ReadText(entry.path()).find(bytes) != std::string::npos)
        found.push_back(entry.path().lexically_relative(backups_).string());
    return found;
  }
  fs::path Somewhere(const std::string& name) const { return installation_.directory() / name; }

  Installation installation_{GetParam()};
  fs::path backups_ = installation_.directory() / "backups";
};
INSTANTIATE_TEST_SUITE_P(Engines, Backup, kBothEngines, EngineName);

TEST_P(Backup, MadeUnderLoadHasAllThatWasAcknowledgedBeforeItBeganAndSaysWhereItsBooksEnd) {
  Server server(installation_);
  std::vector<v1::ScanRequest> before, later;
  {
    Caller admin(Connect(server.address()), installation_.admin_key());
    SetUpProgram(admin, 1);
    Enroll(admin, "2600000010", "Anna");
  }
  {
    Selling selling(installation_, server, 8);
    selling.Await(300);
    before = selling.Acknowledged();
    const Ended made = MakeBackup();
    ASSERT_EQ(made.code, 0) << made.out << made.err;
    EXPECT_THAT(made.out, HasSubstr("SEAL 1."));
    const auto meanwhile = selling.Acknowledged().size();
    EXPECT_GT(meanwhile, before.size()) << "nobody waited for the backup";
    selling.Await(meanwhile + 60);
    server.Kill();
    selling.Stop();
    later = selling.Acknowledged();
  }
  const Ended checked = Restore({"--check"});
  ASSERT_EQ(checked.code, 0) << checked.out << checked.err;
  EXPECT_THAT(checked.out, HasSubstr("everything agrees"));
  EXPECT_THAT(checked.out, HasSubstr("The books end with receipt sale-"));
  EXPECT_THAT(checked.out, HasSubstr("of stores/S1/terminals/T1 of 20"));
  EXPECT_THAT(checked.out, HasSubstr("SEAL 1."));
  EXPECT_EQ(Backups().size(), 1U) << "a check keeps nothing";

  const auto place = Somewhere("restored");
  const Ended restored = Restore({"--into", place.string()});
  ASSERT_EQ(restored.code, 0) << restored.out << restored.err;
  const RestoredDatabase database(installation_, place);
  const Server again(installation_, {.db = UrlText(database.url())});
  const Caller till(Connect(again.address()), installation_.admin_key());
  // A sale that is there is answered as before, byte for byte; any other would be recorded now.
  const auto missing_of = [&](const std::vector<v1::ScanRequest>& scans) {
    int missing = 0;
    for (const auto& scan : scans) {
      v1::ScanResponse response;
      const auto answer = till.Call(&v1::TerminalService::Stub::Scan, scan, &response);
      if (!answer.ok() || !answer.replayed) ++missing;
    }
    return missing;
  };
  EXPECT_EQ(missing_of(before), 0) << "of " << before.size();
  EXPECT_GE(missing_of(later), 50) << "what was sold after the backup is not in it, and this sees that";
  v1::GetMemberRequest request;
  request.set_name(LookUp(till, "2600000010").name());
  request.set_view(v1::MEMBER_VIEW_FULL);
  v1::GetMemberResponse response;
  ASSERT_TRUE(till.Call(&v1::MemberService::Stub::GetMember, request, &response).ok());
  EXPECT_EQ(response.member().person().given_name(), "Anna") << "its key was put back";
}

TEST_P(Backup, OnlyTheNewestKeysOfMembersAreKeptSoThatWhoeverIsErasedStaysErased) {
  {
    const Server server(installation_);
    const Caller admin(Connect(server.address()), installation_.admin_key());
    SetUpProgram(admin, 1);
    Enroll(admin, "2600000010", "Anna");
    Enroll(admin, "2600000011", "Bert");
  }
  storage::Session session(installation_.url());
  const auto keys = storage::MemberKeysAfter(session, 0, 10);
  ASSERT_EQ(keys.size(), 2U);
  if (GetParam() == storage::Engine::kSqlite) {
    const std::string file = installation_.url().path;
    EXPECT_THAT(ReadText(file) + ReadText(file + "-wal"), HasSubstr(keys[0].secret.value)) << "it can be seen";
  }
  ASSERT_EQ(MakeBackup().code, 0);
  EXPECT_THAT(FilesWith(keys[0].secret.value), IsEmpty()) << "keys are not among the rest";
  EXPECT_EQ(FilesWith(Hex(keys[0].secret)), std::vector<std::string>{"member_keys"});
  installation_.Execute("DELETE FROM member_keys WHERE member_id = " + std::to_string(keys[0].member_id));
  std::this_thread::sleep_for(std::chrono::milliseconds(1'100));  // backups are named by the second
  ASSERT_EQ(MakeBackup().code, 0);
  EXPECT_THAT(FilesWith(Hex(keys[0].secret)), IsEmpty());
  ASSERT_EQ(Backups().size(), 2U);
  // The older one, restored.
  const auto place = Somewhere("restored");
  const Ended restored = Restore({"--into", place.string()}, Backups()[0]);
  ASSERT_EQ(restored.code, 0) << restored.out << restored.err;
  const RestoredDatabase database(installation_, place);
  storage::Session old(database.url());
  const auto left = storage::MemberKeysAfter(old, 0, 10);
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].member_id, keys[1].member_id);
  EXPECT_EQ(left[0].secret, keys[1].secret);
}

TEST_P(Backup, WhatIsWrongWithOneIsToldApart) {
  {
    const Server server(installation_);
    const Caller admin(Connect(server.address()), installation_.admin_key());
    SetUpProgram(admin, 1);
    Enroll(admin, "2600000010", "Anna");
  }
  const auto refused = [&](const std::string& why) {
    const Ended ended = Restore({"--check"});
    EXPECT_EQ(ended.code, 1) << ended.out;
    EXPECT_THAT(ended.err, HasSubstr(why));
    EXPECT_THAT(ended.out, Not(HasSubstr("everything agrees")));
  };
  refused("there is no backup in");
  ASSERT_EQ(MakeBackup().code, 0);
  const fs::path backup = Backups()[0], manifest = backup / "manifest.json", keys = backups_ / "member_keys";
  const fs::path data = backup / (GetParam() == storage::Engine::kSqlite ? "loyalty.db" : "mariadb/ibdata1");
  const auto write = [](const fs::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
  };
  const std::string whole = ReadText(data), known = ReadText(manifest), secrets = ReadText(keys);

  write(data, whole.substr(0, whole.size() - 4'096));
  refused("it was cut off, or changed");
  std::string changed = whole;
  changed[changed.size() / 2] = static_cast<char>(changed[changed.size() / 2] + 1);
  write(data, changed);
  refused("is damaged: it is not what the backup wrote");
  fs::remove(data);
  refused("is missing");
  write(data, whole);

  std::string foreign = known;
  const auto program = foreign.find("\"program\": \"") + 12;
  foreign[program] = foreign[program] == 'a' ? 'b' : 'a';
  write(manifest, foreign);
  refused("is the backup of another program");
  write(manifest, known.substr(0, known.size() / 2));
  refused("manifest.json is damaged");
  write(manifest, known);

  fs::remove(keys);
  refused("member_keys is missing");
  write(keys, secrets.substr(0, secrets.rfind("end ")));
  refused("member_keys was cut off");
  std::string others = secrets;
  const auto owner = others.find("\"program\":\"") + 11;
  others[owner] = others[owner] == 'a' ? 'b' : 'a';
  write(keys, others);
  refused("has the keys of members of another program");
  write(keys, secrets);
  EXPECT_EQ(Restore({"--check"}).code, 0);

  // A backup that lacks what its manifest has seen: set back as a whole, and no seal within would show it.
  if (GetParam() == storage::Engine::kSqlite) {
    std::string claims = known;
    const auto seal = claims.find("\"seal\": \"1.") + 11;
    claims.insert(seal, "9");
    write(manifest, claims);
    refused("SEAL");
  }
}

TEST_P(Backup, HasNoSecretOfTheStateDirectoryAndKeyBackupCopiesThem) {
  ASSERT_EQ(MakeBackup().code, 0);
  const std::string chain = ReadText(installation_.state_dir() / "chain.key");
  for (const auto& secret : {chain.substr(2, 64), installation_.admin_key()}) EXPECT_THAT(FilesWith(secret), IsEmpty());
  const auto key_backup = [&](const Installation& installation, const fs::path& to) {
    return RunProgram({.arguments = {ProgramPath("loyaltyd"), "key", "backup", "--state-dir",
                                     installation.state_dir().string(), to.string()},
                       .log = Somewhere("key-backup")});
  };
  const fs::path safe = Somewhere("safe");
  const Ended copied = key_backup(installation_, safe);
  ASSERT_EQ(copied.code, 0) << copied.err;
  for (const char* name : {"chain.key", "admin.key"}) {
    EXPECT_THAT(copied.out, HasSubstr((safe / name).string()));
    EXPECT_EQ(ReadText(safe / name), ReadText(installation_.state_dir() / name));
    struct stat status {};
    ASSERT_EQ(stat((safe / name).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600) << name;
  }
  EXPECT_EQ(key_backup(installation_, safe).code, 0) << "a repeat";
  EXPECT_EQ(key_backup(Installation(storage::Engine::kSqlite), safe).code, 1) << "never over another one";
  EXPECT_EQ(ReadText(safe / "chain.key"), chain);
  // With the copy, and nothing else of the state directory, a backup is good.
  const Ended checked = RunProgram(
      {.arguments = {ProgramPath("loyaltyd"), "restore", "--check", "--state-dir", safe.string(), backups_.string()},
       .log = Somewhere("check")});
  EXPECT_EQ(checked.code, 0) << checked.err;
}

TEST(BackupOfADatabaseElsewhere, SaysWhereToMakeIt) {
  MariaDb mariadb;
  const Installation installation(storage::Engine::kMysql, {.mariadb = &mariadb});
  // This loyaltyd sees another directory in place of that of the server, as on another machine.
  auto arguments = installation.Flags();
  std::string command = "mount -t tmpfs none " + mariadb.data_dir() + " && exec " + ProgramPath("loyaltyd") + " backup";
  for (const auto& argument : arguments) command += " '" + argument + "'";
  command += " " + (installation.directory() / "backups").string();
  const Ended ended =
      RunProgram({.arguments = {"unshare", "-m", "sh", "-c", command}, .log = installation.directory() / "far"});
  EXPECT_EQ(ended.code, 1) << ended.out;
  EXPECT_THAT(ended.err, HasSubstr("cannot be read here"));
  EXPECT_THAT(ended.err, HasSubstr("run 'loyaltyd backup' on that machine"));
}

}  // namespace
}  // namespace loyalty::test
