// loyaltyd's command line: what it makes, what it refuses to serve, and how it ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "storage/working_set.h"
#include "tests/e2e/caller.h"
#include "tests/e2e/server.h"
#include "tests/support/database.h"
#include "tests/support/free_port.h"

namespace loyalty::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class CommandLine : public ::testing::TestWithParam<storage::Engine> {};
INSTANTIATE_TEST_SUITE_P(Engines, CommandLine, kBothEngines, EngineName);

Ended Serve(const Installation& installation, const std::vector<std::string>& flags) {
  return installation.Loyaltyd("serve", flags, std::chrono::seconds(20));
}
const std::vector<std::string> kLocal{"--listen", "127.0.0.1:0", "--insecure"};

TEST_P(CommandLine, InitMakesKeysThatOnlyTheirOwnerCanReadAndARepeatKeepsThem) {
  const Installation installation(GetParam(), {.init = {"--self-signed"}});
  const auto content = [&](const char* file) { return ReadText(installation.state_dir() / file); };
  for (const char* file : {"admin.key", "chain.key", "tls.key"}) {
    struct stat status {};
    ASSERT_EQ(stat((installation.state_dir() / file).c_str(), &status), 0) << file;
    EXPECT_EQ(status.st_mode & 0777, 0600) << file;
  }
  const auto admin = content("admin.key");
  const auto chain = content("chain.key");
  const auto tls = content("tls.key");
  const Ended again = installation.Loyaltyd("init", Installation::InitFlags());
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr("Already there"));
  EXPECT_THAT(again.out, Not(HasSubstr(admin.substr(0, 20)))) << "keys are not printed";
  EXPECT_EQ(content("admin.key"), admin);
  EXPECT_EQ(content("chain.key"), chain);
  EXPECT_EQ(content("tls.key"), tls);
  EXPECT_EQ(installation.Number("SELECT COUNT(*) FROM program"), 1);
  EXPECT_EQ(installation.Number("SELECT COUNT(*) FROM access_keys"), 1);
}

TEST(CommandLineOfAll, EachProgramSaysItsVersionAndWhatItWasBuiltFrom) {
  const ScratchDirectory directory;
  for (const std::string program : {"loyaltyd", "loyalty-admin", "loyalty-till", "loyalty-generate"}) {
    const Ended version =
        RunProgram({.arguments = {ProgramPath(program), "--version"}, .log = directory.path() / program});
    EXPECT_EQ(version.code, 0) << version.err;
    EXPECT_THAT(version.out, ::testing::ContainsRegex("^" + program + " " + LOYALTY_VERSION +
                                                      "( \\([0-9a-f]{12,40}(-dirty)?\\))?\n"));
    EXPECT_THAT(version.out, HasSubstr("gRPC " + grpc::Version()));
  }
  const Ended server = RunProgram({.arguments = {ProgramPath("loyaltyd"), "--version"}, .log = directory.path() / "d"});
  EXPECT_THAT(server.out, ::testing::ContainsRegex("schema [0-9]+, gRPC .*, SOCI 4.*, SQLite 3.*, MariaDB client 3"));
}

TEST_P(CommandLine, TheCurrencyNeverChanges) {
  const Installation installation(GetParam());
  const Ended other = installation.Loyaltyd("init", {"--currency", "USD", "--time-zone", "Europe/Berlin"});
  EXPECT_EQ(other.code, 1);
  EXPECT_THAT(other.err, HasSubstr("EUR"));
  EXPECT_EQ(installation.Number("SELECT COUNT(*) FROM program WHERE currency = 'EUR'"), 1);
  for (const std::vector<std::string>& wish : {std::vector<std::string>{"--time-zone", "UTC"}, {"--language", "fr"}}) {
    const Ended changed = installation.Loyaltyd("init", wish);
    EXPECT_EQ(changed.code, 1) << wish[0];
    EXPECT_THAT(changed.err, HasSubstr(wish[0]));
  }
}

TEST_P(CommandLine, AnUnusableWishMakesNoProgram) {
  const Installation installation(GetParam(), {.initialised = false});
  for (const std::vector<std::string>& wish : {std::vector<std::string>{"--currency", "EURO", "--time-zone", "UTC"},
                                               {"--currency", "EUR", "--time-zone", "Mars/Olympus"},
                                               {"--currency", "EUR"},
                                               {"--currency", "EUR", "--time-zone", "UTC", "--language", "xx!"},
                                               {"--currency", "EUR", "--time-zone", "UTC", "--tls-names", "a,b c"},
                                               {"--curency", "EUR"}})
    EXPECT_EQ(installation.Loyaltyd("init", wish).code, 2) << wish[1];
  const Ended serve = Serve(installation, kLocal);
  EXPECT_NE(serve.code, 0) << serve.out;
  EXPECT_THAT(serve.err, HasSubstr("init"));
  if (GetParam() == storage::Engine::kSqlite) {
    EXPECT_FALSE(std::filesystem::exists(installation.url().path));
  }
  EXPECT_EQ(installation.Loyaltyd("init", Installation::InitFlags()).code, 0);
}

TEST_P(CommandLine, ASchemaThatIsNewerThanTheProgramIsNotTouched) {
  const Installation installation(GetParam());
  const std::int64_t before = installation.Number("SELECT COUNT(*) FROM schema_migrations");
  installation.Execute(
      "INSERT INTO schema_migrations (version, name, checksum, steps, total, apply_time) VALUES (9999, 'next', 'x', 1, "
      "1, "
      "0)");
  for (const char* command : {"init", "migrate", "serve", "verify"}) {
    const Ended refused =
        std::string(command) == "serve" ? Serve(installation, kLocal) : installation.Loyaltyd(command);
    EXPECT_EQ(refused.code, std::string(command) == "verify" ? 2 : 1) << command;
    EXPECT_THAT(refused.err, HasSubstr("9999")) << command;
  }
  EXPECT_EQ(installation.Number("SELECT COUNT(*) FROM schema_migrations"), before + 1);
}

TEST_P(CommandLine, AnotherChainKeyServesNobody) {
  const Installation installation(GetParam());
  std::ofstream(installation.state_dir() / "chain.key") << "1 " << std::string(64, 'a') << " current\n";
  EXPECT_EQ(installation.Loyaltyd("init").code, 1);
  EXPECT_EQ(installation.Loyaltyd("verify").code, 2);
  const Ended serve = Serve(installation, kLocal);
  EXPECT_EQ(serve.code, 1);
  EXPECT_THAT(serve.err, HasSubstr("chain key"));
  std::filesystem::remove(installation.state_dir() / "chain.key");
  EXPECT_EQ(Serve(installation, kLocal).code, 1);
  EXPECT_FALSE(std::filesystem::exists(installation.state_dir() / "chain.key")) << "no new one for an old ledger";
}

TEST_P(CommandLine, VerifyNamesTheRowThatSomebodyChanged) {
  const Installation installation(GetParam());
  {
    Server server(installation);
    const Caller admin(Connect(server.address()), installation.admin_key());
    SetUpProgram(admin, 1);
    for (int i = 0; i < 20; ++i) {
      v1::ScanRequest scan;
      scan.set_request_id(NewRequestId("scan"));
      scan.set_terminal(TerminalName(1));
      scan.mutable_identifier()->set_card("260000000" + std::to_string(i % 5));
      scan.mutable_receipt()->set_receipt_no(std::to_string(i));
      scan.mutable_receipt()->mutable_business_time()->set_seconds(std::time(nullptr));
      scan.mutable_receipt()->set_currency_code("EUR");
      scan.mutable_receipt()->set_total_minor(1'000);
      v1::ScanResponse response;
      ASSERT_TRUE(admin.Call(&v1::TerminalService::Stub::Scan, scan, &response).ok());
    }
  }
  ASSERT_EQ(installation.Loyaltyd("verify").code, 0);
  const auto id = std::to_string(installation.Number("SELECT MAX(id) FROM members"));
  const auto name =
      "members/" + storage::PublicName(installation.Number("SELECT public_id FROM members WHERE id = " + id));
  struct Change {
    std::string there, back, table;
  };
  for (const Change& change : {
           Change{"UPDATE members SET available = available + 1 WHERE id = " + id,
                  "UPDATE members SET available = available - 1 WHERE id = " + id, "members"},
           Change{"UPDATE entries SET available_delta = available_delta + 1 WHERE seq = 1 AND member_id = " + id,
                  "UPDATE entries SET available_delta = available_delta - 1 WHERE seq = 1 AND member_id = " + id,
                  "entries"},
           Change{"UPDATE open_lots SET remaining = remaining - 1 WHERE member_id = " + id,
                  "UPDATE open_lots SET remaining = remaining + 1 WHERE member_id = " + id, "open_lots"},
           Change{"UPDATE members SET amount = amount + 1 WHERE id = " + id,
                  "UPDATE members SET amount = amount - 1 WHERE id = " + id, "members"},
       }) {
    installation.Execute(change.there);
    const Ended found = installation.Loyaltyd("verify");
    EXPECT_EQ(found.code, 1) << change.there;
    EXPECT_THAT(found.out, HasSubstr(change.table));
    EXPECT_THAT(found.out, HasSubstr(name));
    installation.Execute(change.back);
  }
  EXPECT_EQ(installation.Loyaltyd("verify").code, 0);
}

TEST(CommandLineOf, VerifyCannotSayAnythingAboutADatabaseItCannotOpen) {
  const Installation installation(storage::Engine::kSqlite);
  const auto verify = [&](const std::string& url) {
    return RunProgram(
        {.arguments = {ProgramPath("loyaltyd"), "verify", "--state-dir", installation.state_dir(), "--db", url},
         .log = installation.directory() / "verify"});
  };
  EXPECT_EQ(verify("sqlite:///nowhere/at/all.db").code, 2);
  EXPECT_EQ(verify("mysql://root@127.0.0.1:" + std::to_string(FreePort()) + "/loyalty").code, 4);
  const Ended password = verify("mysql://root:canary@127.0.0.1/loyalty");
  EXPECT_EQ(password.code, 2);
  EXPECT_THAT(password.err, Not(HasSubstr("canary")));
}

TEST(CommandLineOf, AMariaDbThatMayForgetWhatItAcknowledgedServesNobody) {
  struct Weak {
    std::vector<std::string> settings;
    std::string setting, value;
  };
  for (const Weak& weak : {Weak{{"--innodb-flush-log-at-trx-commit=2"}, "innodb_flush_log_at_trx_commit", "1"},
                           Weak{{"--log-bin", "--server-id=1", "--sync-binlog=0"}, "sync_binlog", "1"}}) {
    MariaDb mariadb({.settings = weak.settings});
    const Installation installation(storage::Engine::kMysql, {.mariadb = &mariadb});
    const Ended serve = Serve(installation, kLocal);
    EXPECT_EQ(serve.code, 1) << serve.err;
    EXPECT_THAT(serve.err, HasSubstr(weak.setting + "="));
    mariadb.Execute("SET GLOBAL " + weak.setting + " = " + weak.value);
    Server server(installation);
    EXPECT_EQ(server.Stop(), 0);
  }
}

TEST(CommandLineOf, ASelfSignedCertificateIsGoodForEveryNameThatWasWished) {
  const Installation installation(storage::Engine::kSqlite,
                                  {.init = {"--self-signed", "--tls-names", "points.example,192.0.2.7,2001:db8::7"}});
  const auto check = [&](const std::string& kind, const std::string& name) {
    return RunProgram({.arguments = {"openssl", "x509", "-noout", "-in", installation.state_dir() / "tls.crt",
                                     "-check" + kind, name},
                       .log = installation.directory() / "openssl"})
        .out;
  };
  for (const char* name : {"points.example", "localhost"}) EXPECT_THAT(check("host", name), HasSubstr("does match"));
  for (const char* address : {"192.0.2.7", "2001:db8::7", "127.0.0.1"})
    EXPECT_THAT(check("ip", address), HasSubstr("does match"));
  EXPECT_THAT(check("host", "other.example"), HasSubstr("does NOT match"));
}

// What a service must not try again ends with 1 or 2, what may get better with 4; deploy/loyaltyd.service knows them.
TEST(CommandLineOf, AStartThatSettingsForbidIsToldFromOneThatMayBeTriedAgain) {
  EXPECT_THAT(ReadText(LOYALTY_SOURCE "/deploy/loyaltyd.service"), HasSubstr("\nRestartPreventExitStatus=1 2\n"));
  const Installation installation(storage::Engine::kSqlite);
  const auto at = [&](const std::string& db, std::vector<std::string> flags) {
    flags.insert(flags.begin(),
                 {ProgramPath("loyaltyd"), "serve", "--state-dir", installation.state_dir(), "--db", db});
    return RunProgram({.arguments = flags, .log = installation.directory() / "start"}, std::chrono::seconds(20)).code;
  };
  const std::string db = UrlText(installation.url());
  EXPECT_EQ(at("mysql://root@127.0.0.1:" + std::to_string(FreePort()) + "/loyalty", kLocal), 4);
  EXPECT_EQ(at(db, {"--listen", "192.0.2.1:0", "--insecure"}), 2);
  EXPECT_EQ(at(db, {"--listen", "127.0.0.1:0", "--tls-cert", "/nowhere", "--tls-key", "/nowhere"}), 2);
  EXPECT_EQ(at(db, {"--listen", "127.0.0.1:0", "--insecure", "--lanes", "99"}), 2);
  std::filesystem::remove(installation.state_dir() / "chain.key");
  EXPECT_EQ(at(db, kLocal), 1);
}

// far_disk makes every disk look like NFS.
TEST(CommandLineOf, ADatabaseThatOtherMachinesCanWriteToServesNobody) {
  const Installation installation(storage::Engine::kSqlite), empty(storage::Engine::kSqlite, {.initialised = false});
  const auto run = [](const Installation& there, const std::string& command, std::vector<std::string> flags) {
    ProcessOptions options;
    options.arguments = {ProgramPath("loyaltyd"), command};
    for (const auto& part : {there.Flags(), flags})
      options.arguments.insert(options.arguments.end(), part.begin(), part.end());
    options.environment = {{"LD_PRELOAD", LOYALTY_FAR_DISK}};
    options.log = there.directory() / ("far-" + command);
    return RunProgram(std::move(options), std::chrono::seconds(20));
  };
  for (const Ended& refused : {run(empty, "init", Installation::InitFlags()), run(installation, "migrate", {}),
                               run(installation, "serve", kLocal)}) {
    EXPECT_EQ(refused.code, 1) << refused.err;
    EXPECT_THAT(refused.err, HasSubstr("NFS"));
    EXPECT_THAT(refused.err, HasSubstr("on a disk of this machine"));
  }
  EXPECT_FALSE(std::filesystem::exists(empty.url().path));
}

TEST(CommandLineOf, PlainTextStaysOnThisMachine) {
  const Installation installation(storage::Engine::kSqlite, {.init = {"--self-signed"}});
  for (const char* address : {"0.0.0.0:0", "[::]:0", "192.0.2.1:0"}) {
    const Ended refused = Serve(installation, {"--listen", address, "--insecure"});
    EXPECT_EQ(refused.code, 2) << address;
    EXPECT_THAT(refused.err, HasSubstr("loopback")) << address;
  }
  // A name that looks like an address is none; and one may not ask for both.
  EXPECT_EQ(Serve(installation, {"--listen", "127.example.com:0", "--insecure"}).code, 2);
  const Ended both = Serve(installation, {"--listen", "127.0.0.1:0", "--insecure", "--tls-cert",
                                          (installation.state_dir() / "tls.crt").string()});
  EXPECT_EQ(both.code, 2);
  EXPECT_THAT(both.err, HasSubstr("excludes"));
  const Ended neither = Serve(installation, {"--listen", "127.0.0.1:0"});
  EXPECT_EQ(neither.code, 2);
  EXPECT_THAT(neither.err, HasSubstr("--tls-cert"));
  const Ended foreign =
      Serve(installation, {"--listen", "127.0.0.1:0", "--tls-cert", (installation.state_dir() / "tls.crt").string(),
                           "--tls-key", (installation.state_dir() / "admin.key").string()});
  EXPECT_EQ(foreign.code, 2);
}

TEST(CommandLineOf, PortZeroTakesAFreePortAndSaysWhich) {
  const Installation installation(storage::Engine::kSqlite);
  ProcessOptions options;
  options.arguments = {ProgramPath("loyaltyd"), "serve"};
  for (const auto& part : {installation.Flags(), kLocal})
    options.arguments.insert(options.arguments.end(), part.begin(), part.end());
  options.log = installation.directory() / "free";
  Process server(std::move(options));
  const std::string ready = server.WaitForLine("loyaltyd ready on 127.0.0.1:");
  const std::string address = ready.substr(ready.find("127"));
  EXPECT_NE(address, "127.0.0.1:0");
  SetUpProgram(Caller(Connect(address), installation.admin_key()), 1);
  // Two servers on one port would each get half of the calls.
  const Ended second = Serve(installation, {"--listen", address, "--insecure"});
  EXPECT_EQ(second.code, 4) << second.out;
  EXPECT_THAT(second.err, HasSubstr("cannot listen"));
  server.Signal(SIGINT);
  EXPECT_EQ(server.Wait(), 0);
}

TEST(CommandLineOf, FlagsWinOverTheEnvironmentAndTheEnvironmentOverTheFile) {
  const Installation installation(storage::Engine::kSqlite, {.initialised = false});
  const auto file = installation.directory() / "loyaltyd.toml";
  std::ofstream(file) << "currency = \"USD\"\ntime-zone = \"Europe/Paris\"\nlanguage = \"fr\"\n";
  ProcessOptions options;
  options.arguments = {ProgramPath("loyaltyd"), "init", "--config", file, "--currency", "GBP"};
  const auto flags = installation.Flags();
  options.arguments.insert(options.arguments.end(), flags.begin(), flags.end());
  options.environment = {{"LOYALTY_TIME_ZONE", "Europe/London"},
                         {"LOYALTY_CURRENCY", "CHF"},
                         {"LOYALTY_STATE_DIR", installation.directory() / "elsewhere"},
                         {"LOYALTY_DB", "sqlite://" + (installation.directory() / "elsewhere.db").string()}};
  options.log = installation.directory() / "init";
  const Ended init = RunProgram(std::move(options));
  ASSERT_EQ(init.code, 0) << init.err;
  EXPECT_THAT(init.out, HasSubstr("a program in GBP, time zone Europe/London, language fr"));
  for (const char* name : {"elsewhere", "elsewhere.db"})
    EXPECT_FALSE(std::filesystem::exists(installation.directory() / name)) << name;
}

}  // namespace
}  // namespace loyalty::test
