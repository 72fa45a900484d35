// loyalty-admin retention: what a server says of its members is what the same receipts say from a file, to the last
// digit, whatever the order in which they came; and what it has said is kept.
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <gtest/gtest.h>

#include <cmath>
#include <ctime>
#include <thread>

#include "domain/time.h"
#include "tests/e2e/caller.h"
#include "tests/e2e/catalogue.h"
#include "tests/e2e/receipts_csv.h"
#include "tests/e2e/server.h"
#include "tests/e2e/shell.h"
#include "tests/support/database.h"

namespace loyalty::test {
namespace {

using google::protobuf::Struct;
using ::testing::HasSubstr;

constexpr int kMembers = 600;

class Retention : public ::testing::TestWithParam<storage::Engine> {
 protected:
  Retention() { SetUpProgram(admin_, 1); }

  // loyalty-admin retention ...: it must end well.
  std::string Run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "retention");
    const Ended ended = shell_.Admin(arguments);
    EXPECT_EQ(ended.code, 0) << arguments[1] << ": " << ended.err;
    return ended.out;
  }

  Struct Json(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--output", "json"});
    Struct json;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(Run(std::move(arguments)), &json).ok());
    return json;
  }

  // The same question to the server and to the file; the server's answer without what only it has.
  void ExpectAlike(std::vector<std::string> arguments) const {
    Struct of_server = Json(arguments);
    EXPECT_THAT(of_server.fields().at("run").string_value(), HasSubstr("retentionRuns/"));
    of_server.mutable_fields()->erase("run");
    of_server.mutable_fields()->erase("model_run");
    ExpectSame(of_server, arguments);
  }
  void ExpectSame(const Struct& of_server, std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--receipts", file_});
    EXPECT_EQ(of_server.DebugString(), Json(arguments).DebugString()) << arguments.front();
  }

  TestClock clock_;
  Installation installation_{GetParam()};
  Server server_{installation_, {.clock = &clock_}};
  Caller admin_{Connect(server_.address()), installation_.admin_key()};
  Shell shell_{installation_, server_.address(), false};
  std::string file_ = shell_.Write("year.csv", YearOfReceipts(kMembers));
  std::string until_ = FormatDay(Today() - 1);
};
INSTANTIATE_TEST_SUITE_P(Engines, Retention, kBothEngines, EngineName);

TEST_P(Retention, AServerSaysWhatAFileSays) {
  ASSERT_EQ(shell_.Till({"replay", file_}).code, 0);
  ExpectAlike({"fit", "--until", until_});
  ExpectAlike({"fit", "--until", until_, "--from", FormatDay(Today() - 300), "--unit", "days", "--k-max", "2"});
  ExpectAlike({"backtest", "--until", FormatDay(Today() - 100), "--holdout-until", until_});
  ExpectAlike({"backtest", "--until", FormatDay(Today() - 100), "--holdout-until", until_, "--model", "bg-nbd"});
  ExpectSame(Json({"cohorts", "--until", until_}), {"cohorts", "--until", until_});
  ExpectSame(Json({"cohorts", "--until", until_, "--from", FormatDay(Today() - 200)}),
             {"cohorts", "--until", until_, "--from", FormatDay(Today() - 200)});

  // The members of an RFM run have names of their own and another order.
  const auto scored = [this](std::vector<std::string> arguments) {
    std::map<std::string, int> scores;
    const Struct json = Json(std::move(arguments));
    for (const auto& customer : json.fields().at("customers").list_value().values()) {
      auto fields = customer.struct_value();
      fields.mutable_fields()->erase("card");
      fields.mutable_fields()->erase("member");
      ++scores[fields.DebugString()];
    }
    return scores;
  };
  EXPECT_EQ(scored({"rfm", "--until", until_}), scored({"rfm", "--until", until_, "--receipts", file_}));
  const auto cut_points = [this](std::vector<std::string> arguments) {
    const Struct json = Json(std::move(arguments));
    return json.fields().at("cut_points").DebugString() + json.fields().at("segments").DebugString();
  };
  EXPECT_EQ(cut_points({"rfm", "--until", until_}), cut_points({"rfm", "--until", until_, "--receipts", file_}));
  EXPECT_THAT(Run({"rfm", "--until", until_}), HasSubstr("Champions"));

  // By the measure of an earlier day.
  const std::string earlier = FormatDay(Today() - 90);
  const auto given = shell_.Write("cut_points.json", Run({"rfm", "--until", earlier, "--output", "json"})).string();
  EXPECT_EQ(cut_points({"rfm", "--until", until_, "--cut-points", given}),
            cut_points({"rfm", "--until", until_, "--cut-points", given, "--receipts", file_}));
  EXPECT_EQ(Json({"rfm", "--until", until_, "--cut-points", given}).fields().at("cut_points").DebugString(),
            Json({"rfm", "--until", earlier}).fields().at("cut_points").DebugString());
}

TEST_P(Retention, WhatACampaignDidNeedsNoServer) {
  server_.Stop();
  std::string experiment = "arm,converted,spend\n";
  for (int i = 0; i < 2'000; ++i)
    experiment += fmt::format("{},{},{}.00\n", i % 2 == 0 ? "none" : "coupon",
                              i % 10 < 3 || (i % 2 == 1 && i % 7 == 0) ? 1 : 0, i % 40);
  const auto file = shell_.Write("experiment.csv", experiment);
  EXPECT_THAT(Run({"lift", "--csv", file, "--control", "none"}), HasSubstr("coupon"));
  const Struct json = Json({"lift", "--csv", file, "--control", "none"});
  EXPECT_FALSE(json.fields().empty());
  const Ended wrong = shell_.Admin({"retention", "lift", "--csv", file, "--control", "nobody"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("nobody"));
}

TEST_P(Retention, ARunIsKeptAndOneThatFindsNothingSaysWhatToWorkWith) {
  v1::FitModelsRequest fit;
  fit.set_request_id(NewRequestId("fit"));
  fit.set_until_date(until_);
  const auto start = [this](const v1::FitModelsRequest& request, v1::FitModelsResponse& response) {
    return admin_.Call(&v1::RetentionService::Stub::FitModels, request, &response).reason();
  };
  const auto found = [&](const v1::FitModelsRequest& request) {
    v1::FitModelsResponse response;
    EXPECT_EQ(start(request, response), "OK");
    return RunOf(admin_, response.job());
  };
  const v1::RetentionRun nothing = found(fit);
  EXPECT_EQ(nothing.fit().models(1).status(), v1::FIT_STATUS_TOO_THIN) << "no member is no error";
  EXPECT_EQ(nothing.fit().models(1).advice(), v1::FIT_ADVICE_USE_HEURISTICS);
  EXPECT_EQ(nothing.fit().model_run(), "") << "recency and own rate";

  ASSERT_EQ(shell_.Till({"replay", file_}).code, 0);
  EXPECT_EQ(found(fit).SerializeAsString(), nothing.SerializeAsString()) << "a repeat is the same job";
  v1::FitModelsResponse again;
  fit.set_time_unit(v1::TIME_UNIT_DAYS);
  EXPECT_EQ(start(fit, again), "REQUEST_ID_REUSED");

  fit.set_request_id(NewRequestId("fit"));
  const v1::RetentionRun good = found(fit);
  EXPECT_EQ(good.fit().model_run(), good.name());
  EXPECT_EQ(good.fit().model_kind(), v1::MODEL_KIND_MBG_CNBD_K);
  fit.set_request_id(NewRequestId("fit"));
  fit.set_from_date(until_);
  const v1::RetentionRun thin = found(fit);
  EXPECT_EQ(thin.fit().models(2).status(), v1::FIT_STATUS_TOO_THIN);
  EXPECT_EQ(thin.fit().models(2).advice(), v1::FIT_ADVICE_KEEP_PREVIOUS);
  EXPECT_EQ(thin.fit().model_run(), good.name()) << "the last good one stays";
  EXPECT_EQ(thin.fit().model_kind(), v1::MODEL_KIND_MBG_CNBD_K);

  const Ended early =
      shell_.Admin({"retention", "backtest", "--until", FormatDay(Today() - 400), "--holdout-until", until_});
  EXPECT_EQ(early.code, 1);
  EXPECT_THAT(early.err, HasSubstr("TOO_LITTLE_DATA"));
  EXPECT_EQ(shell_.Admin({"retention", "fit", "--until", FormatDay(Today() + 30)}).code, 1) << "not in the future";
  const auto runs = shell_.AdminJson<v1::ListRunsResponse>({"retention", "runs"});
  ASSERT_EQ(runs.runs_size(), 3);
  EXPECT_EQ(runs.runs(0).name(), thin.name());
  EXPECT_EQ(runs.runs(1).fit().SerializeAsString(), good.fit().SerializeAsString()) << "to the last bit";
  EXPECT_THAT(Run({"runs"}), HasSubstr("MBG/CNBD-k"));
}

TEST_P(Retention, ABacktestThatIsSentAgainIsTheSameJob) {
  ASSERT_EQ(shell_.Till({"replay", file_}).code, 0);
  v1::BacktestModelsRequest backtest;
  backtest.set_request_id(NewRequestId("backtest"));
  backtest.set_until_date(FormatDay(Today() - 100));
  backtest.set_holdout_until_date(until_);
  const auto start = [&](v1::BacktestModelsResponse& response) {
    return admin_.Call(&v1::RetentionService::Stub::BacktestModels, backtest, &response).reason();
  };
  v1::BacktestModelsResponse first, second;
  EXPECT_EQ(start(first), "OK");
  const v1::RetentionRun found = RunOf(admin_, first.job());
  installation_.Execute("DELETE FROM member_day");
  installation_.Execute("UPDATE members SET recent_days = x''");  // there is nothing to find any more
  EXPECT_EQ(start(second), "OK");
  EXPECT_EQ(RunOf(admin_, second.job()).SerializeAsString(), found.SerializeAsString());
  backtest.set_k_max(2);
  EXPECT_EQ(start(second), "REQUEST_ID_REUSED");
  backtest.set_request_id(NewRequestId("backtest"));
  EXPECT_EQ(start(second), "OK");
  const v1::Job failed = Await(admin_, second.job());
  EXPECT_EQ(failed.state(), v1::JOB_STATE_FAILED);
  EXPECT_EQ(failed.error_reason(), "TOO_LITTLE_DATA");
  backtest.set_holdout_until_date("9999-12-31");
  EXPECT_EQ(start(second), "INVALID_ARGUMENT");
}

TEST_P(Retention, ProbabilitiesAreWithheldBeyondTheLimitsOfTheCatalogueInForce) {
  ASSERT_EQ(shell_.Till({"replay", file_}).code, 0);
  const std::vector<std::string> backtest{"backtest", "--until", FormatDay(Today() - 100), "--holdout-until", until_};
  const auto found = [&] { return Json(backtest).fields(); };
  const auto by_default = found();
  EXPECT_EQ(by_default.at("calibration_error_max").number_value(), 0.05);
  EXPECT_EQ(by_default.at("total_bias_max").number_value(), 0.25);
  const auto error = static_cast<int>(1e4 * by_default.at("calibration_error").number_value());
  const auto bias = static_cast<int>(1e4 * std::abs(by_default.at("total_bias").number_value()));
  ASSERT_GT(std::min(error, bias), 0);
  const auto withheld_under = [&](int error_max, int bias_max) {
    ApplyCatalogue(shell_,
                   fmt::format(R"({{"retention": {{"calibration_error_max_basis_points": {},
                                           "total_bias_max_basis_points": {}}}}})",
                               error_max, bias_max),
                   clock_, {&admin_});
    const auto fields = found();
    EXPECT_EQ(fields.at("calibration_error_max").number_value(), error_max / 1e4);
    EXPECT_EQ(fields.at("calibration_error").number_value(), by_default.at("calibration_error").number_value());
    return fields.at("withheld_reason").string_value();
  };
  // A hundredth of a percent to either side of what was found.
  EXPECT_EQ(withheld_under(error + 1, bias + 1), "shown");
  EXPECT_EQ(withheld_under(error, bias + 1), "calibration");
  EXPECT_EQ(withheld_under(error + 1, bias), "total_bias");
  EXPECT_THAT(Run(backtest), HasSubstr("off by more than"));
  EXPECT_THAT(shell_.Admin({"catalogue", "show"}).out, HasSubstr("withheld above a calibration error of"));
  const auto runs = shell_.AdminJson<v1::ListRunsResponse>({"retention", "runs"});
  EXPECT_EQ(runs.runs(0).backtest().total_bias_max_basis_points(), bias) << "a run says what it was judged by";
}

TEST_P(Retention, ScoresStayThoseOfTheirRunWhenMoreIsSold) {
  ASSERT_EQ(shell_.Till({"replay", file_}).code, 0);
  const Struct before = Json({"rfm", "--until", until_});
  const auto members = [&](int page_size) {
    v1::ListRfmMembersRequest list;
    list.set_run(before.fields().at("run").string_value());
    list.set_page_size(page_size);
    std::map<std::string, std::string> by_name;
    do {
      v1::ListRfmMembersResponse page;
      EXPECT_EQ(admin_.Call(&v1::RetentionService::Stub::ListRfmMembers, list, &page).reason(), "OK");
      for (const auto& member : page.members())
        EXPECT_TRUE(by_name.emplace(member.member(), member.SerializeAsString()).second) << "each once";
      list.set_page_token(page.next_page_token());
    } while (!list.page_token().empty());
    return by_name;
  };
  const auto scored = members(1'000);
  EXPECT_EQ(scored.size(), kMembers);
  EXPECT_EQ(members(7), scored);
  // Everybody buys today, after the window of the run.
  std::string today = "card,receipt_no,business_time,store,terminal,currency,kind,total\n";
  // Now: any fixed hour of the program's day may still be to come.
  const std::string now = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
  for (int member = 0; member < kMembers; ++member)
    today += fmt::format("26000{:05},N{},{},S1,T1,EUR,sale,99.00\n", member, member, now);
  ASSERT_EQ(shell_.Till({"replay", shell_.Write("today.csv", today)}).code, 0);
  EXPECT_EQ(members(1'000), scored);
  v1::ListRfmMembersRequest unknown;
  unknown.set_run("retentionRuns/77");
  v1::ListRfmMembersResponse none;
  EXPECT_EQ(admin_.Call(&v1::RetentionService::Stub::ListRfmMembers, unknown, &none).reason(), "RUN_UNKNOWN");
}

TEST_P(Retention, VerifyRecomputesFromReceiptsAndFindsWhatWasChanged) {
  ASSERT_EQ(shell_.Till({"replay", file_}).code, 0);
  const auto verified = shell_.AdminJson<v1::StatisticsVerification>({"retention", "verify"});
  EXPECT_TRUE(verified.consistent());
  EXPECT_EQ(verified.members(), kMembers);
  EXPECT_EQ(verified.receipts(), installation_.Number("SELECT COUNT(*) FROM receipts"));
  for (const char* change : {"UPDATE members SET sum_ln_gap = sum_ln_gap + 1 WHERE public_id > 0",
                             "UPDATE members SET last_day_amount = last_day_amount + 1 WHERE receipts = 1"}) {
    installation_.Execute(change);
    const Ended found = shell_.Admin({"retention", "verify"});
    EXPECT_EQ(found.code, 1) << change;
    EXPECT_THAT(found.err, HasSubstr("members/"));
  }
  EXPECT_EQ(shell_.Admin({"retention", "verify", "members/0000000000000000"}).code, 1) << "there is no such member";
}

}  // namespace
}  // namespace loyalty::test
