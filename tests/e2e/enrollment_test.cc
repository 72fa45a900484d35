// A chain's list of tills becomes sheets of paper, and a code of a sheet a till that sells: with the programs of the
// people who do it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <regex>

#include "domain/enrollment_code.h"
#include "tests/e2e/caller.h"
#include "tests/e2e/server.h"
#include "tests/e2e/shell.h"
#include "tests/support/database.h"

namespace loyalty::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr const char* kList =
    "store,terminal,display_name,store_name,store_time_zone\n"
    "S1,T1,Till one,,\n"
    "S1,T9,\"Till, nine\",,\n"
    "N1,T1,Till one,Neustadt & Co,Europe/Berlin\n"
    "N1,T2,Till two,,\n";

unsigned ModeOf(const std::string& file) {
  struct stat about {};
  EXPECT_EQ(stat(file.c_str(), &about), 0) << file;
  return about.st_mode & 0777U;
}

std::vector<std::string> CodesIn(const std::string& text) {
  static const std::regex kCode("[0-9A-Z]{4}(-[0-9A-Z]{4}){3}");
  std::vector<std::string> codes;
  for (std::sregex_iterator at(text.begin(), text.end(), kCode), end; at != end; ++at) codes.push_back(at->str());
  return codes;
}

class Enrollment : public ::testing::TestWithParam<storage::Engine> {
 protected:
  Enrollment() {
    SetUpProgram(admin_, 1);  // S1 with T1
    shell_.Write("tills.csv", kList);
  }
  Ended Import(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"terminals", "import", "tills.csv", "--codes-out", "sheets"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return shell_.Admin(arguments);
  }
  std::string Sheet(const std::string& store) const { return ReadText(shell_.File("sheets/" + store + ".html")); }
  // A till that was given a code, and has nothing else.
  Ended Enroll(const std::string& code, const std::string& out, const std::vector<std::string>& more = {}) const {
    shell_.Write("code.txt", code + "\n");
    std::vector<std::string> arguments{"enroll", "--code-file", "code.txt", "--out", out};
    arguments.insert(arguments.end(), more.begin(), more.end());
    Shell till = shell_;
    till.UseKey(shell_.File("no-such-key"));
    return till.Till(arguments);
  }
  Ended Sell(const std::string& key) const {
    Shell till = shell_;
    till.UseKey(shell_.File(key));
    return till.Till({"scan", "--card", "2600000001"});
  }

  Installation installation_{GetParam()};
  Server server_{installation_};
  Caller admin_{Connect(server_.address()), installation_.admin_key()};
  Shell shell_{installation_, server_.address(), false};
};
INSTANTIATE_TEST_SUITE_P(Engines, Enrollment, kBothEngines, EngineName);

TEST_P(Enrollment, ACodeOfASheetMakesATillThatSellsAndWorksOnce) {
  const Ended imported = Import();
  ASSERT_EQ(imported.code, 0) << imported.err << imported.out;
  const std::string sheet = Sheet("N1");
  EXPECT_EQ(ModeOf(shell_.File("sheets/N1.html")), 0600U);
  EXPECT_THAT(sheet, HasSubstr("Neustadt &amp; Co"));
  EXPECT_THAT(sheet, HasSubstr("stores/N1/terminals/T2"));
  EXPECT_THAT(sheet, HasSubstr("loyalty-till enroll --server " + server_.address()));
  const auto codes = CodesIn(sheet);
  ASSERT_THAT(codes, SizeIs(2));
  const Ended enrolled = Enroll(codes[1], "till.key");
  ASSERT_EQ(enrolled.code, 0) << enrolled.err;
  EXPECT_THAT(enrolled.out, HasSubstr("stores/N1/terminals/T2"));
  EXPECT_EQ(ModeOf(shell_.File("till.key")), 0600U);
  const Ended sold = Sell("till.key");
  EXPECT_EQ(sold.code, 0) << sold.err;
  const Ended again = Enroll(codes[1], "other.key");
  EXPECT_EQ(again.code, 1);
  EXPECT_THAT(again.err, HasSubstr("not good"));
  EXPECT_FALSE(std::filesystem::exists(shell_.File("other.key")));
  EXPECT_EQ(Enroll("0000-0000-0000-0001", "other.key").code, 2) << "a typing error is seen at the till";
  // Whatever was printed, logged and kept: no code in it.
  for (const std::string& code : codes) {
    const std::string plain = *ReadEnrollmentCode(code);
    std::string said =
        imported.out + imported.err + enrolled.out + enrolled.err + again.out + again.err + server_.Log();
    for (const auto& entry : std::filesystem::recursive_directory_iterator(shell_.state_dir()))
      if (entry.is_regular_file()) said += ReadText(entry.path());
    EXPECT_THAT(said, Not(HasSubstr(code)));
    EXPECT_THAT(said, Not(HasSubstr(plain)));
  }
  EXPECT_EQ(installation_.Loyaltyd("verify").code, 0);
}

TEST_P(Enrollment, AListIsReadAgainWithoutHarm) {
  ASSERT_EQ(Import().code, 0);
  const std::string sheet = Sheet("N1");
  const auto codes = CodesIn(sheet);
  ASSERT_EQ(Enroll(codes[0], "till.key", {"--terminal", "stores/N1/terminals/T1"}).code, 0);
  const auto rows = installation_.RowCounts();
  const Ended again = Import();
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr("kept"));
  EXPECT_EQ(Sheet("N1"), sheet);
  EXPECT_EQ(installation_.RowCounts(), rows);
  // New codes for those without a key, in place of those that were lost.
  const Ended replaced = Import({"--replace"});
  ASSERT_EQ(replaced.code, 0) << replaced.err;
  const auto after = CodesIn(Sheet("N1"));
  ASSERT_THAT(after, SizeIs(1)) << "T1 has a key";
  EXPECT_EQ(Enroll(codes[1], "second.key").code, 1) << "replaced";
  EXPECT_EQ(Enroll(after[0], "second.key", {"--terminal", "stores/N1/terminals/T1"}).code, 1) << "that of T2";
  EXPECT_EQ(Enroll(after[0], "second.key").code, 0);
}

TEST_P(Enrollment, AllThatIsWrongWithAListIsToldAndNothingIsDone) {
  shell_.Write("tills.csv", "store,terminal\nS1,T1\nS1,T1\nS1,T!\nS2,T1\nS1,T2\n");
  const auto rows = installation_.RowCounts();
  const Ended imported = Import();
  EXPECT_EQ(imported.code, 2);
  for (const char* said : {"line 3: terminal T1 of store S1 stands in line 2 already", "line 4: terminal 'T!'",
                           "line 5: there is no store S2", "line 6: store S1 has no terminal T2"})
    EXPECT_THAT(imported.err, HasSubstr(said));
  EXPECT_EQ(installation_.RowCounts(), rows);
  EXPECT_FALSE(std::filesystem::exists(shell_.File("sheets")));
  shell_.Write("tills.csv", "store,till\nS1,T1\n");
  EXPECT_THAT(Import().err, HasSubstr("no column 'till' is known"));
}

TEST_P(Enrollment, ACodeIsMadeShownOnceAndRevoked) {
  const std::string till = TerminalName(1);
  const Ended made = shell_.Admin({"terminal", "code", till, "--valid", "48h"});
  ASSERT_EQ(made.code, 0) << made.err;
  ASSERT_THAT(CodesIn(made.out), SizeIs(1));
  EXPECT_EQ(shell_.Admin({"terminal", "revoke-code", till}).code, 0);
  EXPECT_EQ(Enroll(CodesIn(made.out)[0], "till.key").code, 1);
  EXPECT_EQ(shell_.Admin({"terminal", "code", till, "--valid", "31d"}).code, 2);
  const auto next = shell_.AdminJson<v1::CreateEnrollmentCodeResponse>({"terminal", "code", till});
  const auto enrolled = [&] {
    shell_.Write("code.txt", next.code());
    return shell_.TillJson<v1::EnrollTerminalResult>({"enroll", "--code-file", "code.txt", "--out", "till.key"});
  }();
  EXPECT_EQ(enrolled.terminal(), till);
  EXPECT_EQ(Sell("till.key").code, 0);
  const auto audit = shell_.Admin({"audit", "of", till});
  EXPECT_THAT(audit.out, HasSubstr("terminal.enroll_by_code")) << audit.err;
}

// Whoever has neither key nor code gets nowhere, also where administration is elsewhere; with a code he does.
TEST(EnrollmentBesideAdministration, ATillEnrolsWhereTillsCall) {
  const Installation installation(storage::Engine::kSqlite);
  const Server server(installation, {.admin = true});
  const Caller admin(Connect(server.admin_address()), installation.admin_key());
  SetUpProgram(admin, 1);
  v1::CreateEnrollmentCodeRequest ask;
  ask.set_request_id(NewRequestId("code"));
  ask.set_terminal(TerminalName(1));
  v1::CreateEnrollmentCodeResponse made;
  ASSERT_TRUE(admin.Call(&v1::AdminService::Stub::CreateEnrollmentCode, ask, &made).ok());
  const Caller nobody(Connect(server.address()), "");
  v1::EnrollTerminalRequest request;
  request.set_request_id(NewRequestId("enroll"));
  v1::EnrollTerminalResponse response;
  EXPECT_EQ(nobody.Call(&v1::AdminService::Stub::EnrollTerminal, request, &response).reason(), "UNAUTHENTICATED");
  request.set_code(std::string(5'000, '0'));
  EXPECT_EQ(nobody.Call(&v1::AdminService::Stub::EnrollTerminal, request, &response).status.error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED)
      << "4 kB without a key";
  request.set_code(made.code());
  ASSERT_TRUE(nobody.Call(&v1::AdminService::Stub::EnrollTerminal, request, &response).ok());
  v1::EnrollTerminalResponse again;
  const CallResult replayed = nobody.Call(&v1::AdminService::Stub::EnrollTerminal, request, &again);
  EXPECT_TRUE(replayed.replayed);
  EXPECT_EQ(again.key(), response.key()) << "the answer was lost";
  EXPECT_EQ(nobody.Call(&v1::AdminService::Stub::CreateEnrollmentCode, ask, &made).status.error_code(),
            grpc::StatusCode::UNIMPLEMENTED)
      << "no administration here";
}

}  // namespace
}  // namespace loyalty::test
