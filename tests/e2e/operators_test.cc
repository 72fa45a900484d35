// Operators as people handle them: the administrator's program, the till's own, a supervisor who is called; and that
// nobody finds a PIN afterwards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "tests/e2e/caller.h"
#include "tests/e2e/server.h"
#include "tests/e2e/shell.h"
#include "tests/support/database.h"

namespace loyalty::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Long ones, so that what is found is no chance.
constexpr const char* kPin = "407182936451";
constexpr const char* kSupervisorPin = "826471905327";

class Operators : public ::testing::TestWithParam<storage::Engine> {
 protected:
  Operators() {
    v1::Catalogue catalogue;
    catalogue.mutable_earning()->set_points(1);
    catalogue.mutable_earning()->set_per_amount_minor(100);
    catalogue.mutable_burn()->set_points(100);
    catalogue.mutable_burn()->set_value_minor(100);
    catalogue.mutable_burn()->set_approval_from_points(500);
    SetUpProgram(admin_, 2, catalogue);
    till_.UseKey(till_.Write("till.key", EnrollTerminal(admin_, TerminalName(1)) + "\n"));
    till_.UseEnvironment({{"LOYALTY_SESSION_FILE", till_.File("till.session").string()}});
  }

  std::string PinFile(const std::string& pin) { return shell_.Write("pin-" + pin, pin + "\n").string(); }
  // The name of an operator that the program makes.
  std::string Create(const std::string& role, const std::string& pin) {
    return shell_
        .AdminJson<v1::CreateOperatorResponse>({"operator", "create", "S1", "--role", role, "--pin-file", PinFile(pin)})
        .operator_()
        .name();
  }
  v1::RecordedReceipt Sell() {
    const auto sold = till_.TillJson<v1::ScanResponse>(
        {"scan", "--card", "2600000001", "--receipt-no", NewRequestId("r"), "--total", "1000.00", "--currency", "EUR"});
    v1::GetReceiptRequest request;
    request.set_name(sold.result().sale().name());
    v1::GetReceiptResponse response;
    EXPECT_EQ(admin_.Call(&v1::LedgerService::Stub::GetReceipt, request, &response).reason(), "OK");
    return response.receipt();
  }
  Ended Redeem(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"redeem", "--card", "2600000001", "--points", "500"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return till_.Till(arguments);
  }
  // Files of the installation, database and logs and unfinished requests among them, in which the text stands.
  std::vector<std::string> FilesWith(const std::string& text) const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(installation_.directory())) {
      if (!entry.is_regular_file() || entry.path().filename().string().starts_with("pin-")) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
      if (content.find(text) != std::string::npos) found.push_back(entry.path().string());
    }
    return found;
  }

  Installation installation_{GetParam()};
  Server server_{installation_};
  Caller admin_{Connect(server_.address()), installation_.admin_key()};
  Shell shell_{installation_, server_.address(), false};
  Shell till_{installation_, server_.address(), false};
};
INSTANTIATE_TEST_SUITE_P(Engines, Operators, kBothEngines, EngineName);

TEST_P(Operators, SignOnSellAndCallASupervisor) {
  const std::string cashier = Create("cashier", kPin);
  const std::string supervisor = Create("supervisor", kSupervisorPin);
  EXPECT_THAT(shell_.Admin({"operator", "list", "S1"}).out, HasSubstr(supervisor));
  EXPECT_FALSE(Sell().operator_proven());

  const Ended wrong = till_.Till({"sign-on", cashier, "--pin-file", PinFile("118264")});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("OPERATOR_UNKNOWN_OR_PIN_WRONG"));
  const Ended on = till_.Till({"sign-on", cashier, "--pin-file", PinFile(kPin)});
  ASSERT_EQ(on.code, 0) << on.err;
  const v1::RecordedReceipt receipt = Sell();
  EXPECT_TRUE(receipt.operator_proven());
  EXPECT_EQ(receipt.operator_(), cashier);

  const Ended refused = Redeem({});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("APPROVAL_REQUIRED"));
  EXPECT_THAT(Redeem({"--approver", supervisor, "--approver-pin-file", PinFile("118264")}).err,
              HasSubstr("OPERATOR_UNKNOWN_OR_PIN_WRONG"));
  EXPECT_THAT(Redeem({"--approver", cashier, "--approver-pin-file", PinFile(kPin)}).err,
              HasSubstr("APPROVER_NOT_ALLOWED"));
  const Ended approved = Redeem({"--approver", supervisor, "--approver-pin-file", PinFile(kSupervisorPin)});
  EXPECT_EQ(approved.code, 0) << approved.err;
  EXPECT_EQ(LookUp(admin_, "2600000001").balance().available(), 1'500) << "once";
  v1::ListRedemptionsRequest list;
  list.set_member(LookUp(admin_, "2600000001").name());
  v1::ListRedemptionsResponse redemptions;
  ASSERT_TRUE(admin_.Call(&v1::LedgerService::Stub::ListRedemptions, list, &redemptions).ok());
  ASSERT_EQ(redemptions.redemptions_size(), 1);
  EXPECT_EQ(redemptions.redemptions(0).approver(), supervisor);
  EXPECT_EQ(redemptions.redemptions(0).operator_(), cashier);
  EXPECT_EQ(redemptions.redemptions(0).principal(), TerminalName(1));
  EXPECT_THAT(shell_.Admin({"entries", "--card", "2600000001"}).out, HasSubstr(cashier));
  const std::string& spent = redemptions.redemptions(0).name();
  EXPECT_THAT(shell_.Admin({"redemption", "show", spent}).out, HasSubstr(supervisor));
  const std::vector<std::string> cancel{"cancel", spent, "--reason", "CHANGED_MIND", "--approver", supervisor};
  const auto with_pin = [&](const char* pin) {
    std::vector<std::string> arguments = cancel;
    arguments.insert(arguments.end(), {"--approver-pin-file", PinFile(pin)});
    return till_.Till(arguments);
  };
  EXPECT_THAT(with_pin("118264").err, HasSubstr("OPERATOR_UNKNOWN_OR_PIN_WRONG"));
  EXPECT_EQ(with_pin(kSupervisorPin).code, 0);
  EXPECT_THAT(shell_.Admin({"audit", "of", TerminalName(1)}).out, HasSubstr("redemption.approve_cancel"));
  EXPECT_THAT(shell_.Admin({"audit", "of", TerminalName(1)}).out, HasSubstr("redemption.approve"));

  EXPECT_EQ(shell_.Admin({"operator", "update", supervisor, "--display-name", "Erika M.", "--role", "cashier"}).code,
            0);
  EXPECT_THAT(shell_.Admin({"operator", "list", "S1"}).out, HasSubstr("Erika M."));
  EXPECT_EQ(shell_.Admin({"operator", "update", supervisor}).code, 2) << "nothing is to change";
  EXPECT_TRUE(Sell().operator_proven()) << "the cashier is still there";

  const std::string session = ReadText(till_.File("till.session"));
  EXPECT_EQ(till_.Till({"sign-off", cashier}).code, 0);
  EXPECT_FALSE(std::filesystem::exists(till_.File("till.session")));
  till_.Write("till.session", session);
  EXPECT_FALSE(Sell().operator_proven()) << "whoever kept the session has nothing";
  std::filesystem::remove(till_.File("till.session"));

  for (const std::string& secret : {std::string(kPin), std::string(kSupervisorPin), session.substr(0, 60)})
    EXPECT_THAT(FilesWith(secret), IsEmpty());
  EXPECT_EQ(installation_.Loyaltyd("verify").code, 0);
}

TEST_P(Operators, AStoreThatNeedsOperatorsSellsWithoutAndDoesNothingElse) {
  EXPECT_EQ(shell_.Admin({"store", "require-operators", "S1", "on"}).code, 0);
  const std::string cashier = Create("cashier", kPin);
  EXPECT_FALSE(Sell().operator_proven()) << "a sale is a fact";
  const Ended refused = till_.Till({"redeem", "--card", "2600000001", "--points", "100"});
  EXPECT_THAT(refused.err, HasSubstr("OPERATOR_NEEDED"));
  ASSERT_EQ(till_.Till({"sign-on", cashier, "--pin-file", PinFile(kPin)}).code, 0);
  EXPECT_EQ(till_.Till({"redeem", "--card", "2600000001", "--points", "100"}).code, 0);
}

TEST_P(Operators, TwoServersLookAtFivePinsTogether) {
  const std::string cashier = Create("cashier", kPin);
  // Two servers on one file of SQLite are not allowed.
  std::optional<Server> second;
  if (GetParam() == storage::Engine::kMysql) second.emplace(installation_);
  const std::string key = EnrollTerminal(admin_, TerminalName(2));
  // Not before the second server has read the key: who asks on and on is hung up on.
  v1::GetProgramInfoResponse info;
  while (second &&
         !Caller(Connect(second->address()), key).Call(&v1::TerminalService::Stub::GetProgramInfo, {}, &info).ok())
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  std::vector<std::thread> callers;
  std::map<std::string, int> outcomes;
  std::mutex mutex;
  for (int i = 0; i < 64; ++i)
    callers.emplace_back([&, i] {
      const Caller caller(Connect(second && i % 2 == 1 ? second->address() : server_.address()), key);
      v1::SignOnOperatorRequest request;
      request.set_request_id(NewRequestId("guess"));
      request.set_operator_(cashier);
      request.set_pin(std::to_string(5'000 + i));
      v1::SignOnOperatorResponse response;
      const auto outcome = caller.Call(&v1::AdminService::Stub::SignOnOperator, request, &response).reason();
      const std::lock_guard lock(mutex);
      ++outcomes[outcome];
    });
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(outcomes["OPERATOR_UNKNOWN_OR_PIN_WRONG"], 5);
  EXPECT_EQ(outcomes["OPERATOR_LOCKED"], 59);
}

}  // namespace
}  // namespace loyalty::test
