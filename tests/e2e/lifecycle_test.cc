// Stages, moves and candidates: what a receipt does at once, what time does, what a new measure does, and that all ways
// to ask agree.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "domain/time.h"
#include "tests/e2e/browser.h"
#include "tests/e2e/caller.h"
#include "tests/e2e/receipts_csv.h"
#include "tests/e2e/server.h"
#include "tests/e2e/shell.h"
#include "tests/support/database.h"

namespace loyalty::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kMembers = 600;
constexpr std::chrono::seconds kReport{60};

class Lifecycle : public ::testing::TestWithParam<storage::Engine> {
 protected:
  Lifecycle() {
    SetUpProgram(admin_, 1);
    EXPECT_EQ(shell_.Till({"replay", shell_.Write("year.csv", YearOfReceipts(kMembers)).string()}).code, 0);
  }

  v1::MeasureRun Classify(std::vector<std::string> flags = {}) const {
    flags.insert(flags.begin(), {"retention", "classify"});
    return shell_.AdminJson<v1::RetentionRun>(flags).measure();
  }
  void Apply(const std::string& retention) const {
    const auto file =
        shell_.Write("catalogue.json",
                     R"({"earning": {"points": 1, "per_amount_minor": 100}, "burn": {"points": 100, "value_minor": 100},
            "retention": )" +
                         retention + "}");
    ASSERT_EQ(shell_.Admin({"apply", "-f", file}).code, 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(3'200));  // a later version is in force after 3 s
  }

  template <typename Request, typename Response>
  Response Ask(grpc::Status (v1::RetentionService::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
               const Request& request) const {
    Response response;
    EXPECT_EQ(admin_.Call(method, request, &response, kReport).reason(), "OK");
    return response;
  }
  std::vector<v1::ReactivationCandidate> Candidates(v1::CandidateView view, int page_size = 1'000) const {
    v1::ListReactivationCandidatesRequest request;
    request.set_view(view);
    request.set_page_size(page_size);
    std::vector<v1::ReactivationCandidate> all;
    do {
      const auto page = Ask(&v1::RetentionService::Stub::ListReactivationCandidates, request);
      all.insert(all.end(), page.candidates().begin(), page.candidates().end());
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return all;
  }
  std::vector<v1::LifecycleTransition> Moves(v1::TransitionCause cause = v1::TRANSITION_CAUSE_UNSPECIFIED) const {
    v1::ListTransitionsRequest request;
    request.set_cause(cause);
    request.set_page_size(100);
    std::vector<v1::LifecycleTransition> all;
    do {
      const auto page = Ask(&v1::RetentionService::Stub::ListTransitions, request);
      all.insert(all.end(), page.transitions().begin(), page.transitions().end());
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return all;
  }
  std::string CardOf(const std::string& member) const {
    v1::GetMemberRequest request;
    request.set_name(member);
    request.set_view(v1::MEMBER_VIEW_KIND_FULL);
    v1::GetMemberResponse response;
    EXPECT_EQ(admin_.Call(&v1::MemberService::Stub::GetMember, request, &response).reason(), "OK");
    return response.member().identifiers(0).identifier().card();
  }
  v1::ScanResponse Scan(const std::string& card) const {
    v1::ScanResponse response;
    const auto request = PlainScan(NewRequestId("scan"), card);
    EXPECT_EQ(admin_.Call(&v1::TerminalService::Stub::Scan, request, &response).reason(), "OK");
    return response;
  }
  v1::GetLifecycleResponse Explain(const std::string& member) const {
    v1::GetLifecycleRequest request;
    request.set_name(member);
    return Ask(&v1::RetentionService::Stub::GetLifecycle, request);
  }
  // As if everything had happened so many days earlier.
  void LetPass(int days) const {
    for (const char* column : {"first_day", "last_day", "enrolled_day", "since_day"})
      installation_.Execute(fmt::format("UPDATE member_statistics SET {0} = {0} - {1} WHERE days > 0", column, days));
    installation_.Execute(fmt::format("UPDATE member_statistics SET due_day = due_day - {}", days));
    // By way of days that nobody has: two days of a member must not meet.
    installation_.Execute(fmt::format("UPDATE member_day SET day = day - {}", days + 10'000));
    installation_.Execute("UPDATE member_day SET day = day + 10000");
  }
  std::int64_t Number(const std::string& sql) const { return installation_.Number(sql); }
  // What classifications have left behind, by card: standings and sums, then all moves.
  std::string Tables() const {
    storage::Session session(installation_.url());
    std::string text;
    const auto add = [&session, &text](const std::string& columns, int count, const std::string& table) {
      session.Read("SELECT i.normalised, " + columns + " FROM " + table +
                       " s JOIN identifiers i ON i.member_id = s.member_id ORDER BY i.normalised, " + columns,
                   "t" + std::string(static_cast<std::size_t>(count), 'i'), [&](const storage::ResultRow& row) {
                     text += row.Text(0);
                     for (int i = 1; i <= count; ++i)
                       text += fmt::format(" {}", row.Number(static_cast<std::size_t>(i)));
                     text += '\n';
                   });
    };
    add("stage, segment, lost_stage, rule, since_day, retained, due_day, transitions, days, amount, sum_ln_gap", 11,
        "member_statistics");
    add("seq, from_stage, from_segment, from_lost_stage, to_stage, to_segment, to_lost_stage, day, cause, rule, run_id",
        11, "lifecycle_transitions");
    return text;
  }

  Installation installation_{GetParam()};
  Server server_{installation_};
  Caller admin_{Connect(server_.address()), installation_.admin_key()};
  Shell shell_{installation_, server_.address(), false};
};
INSTANTIATE_TEST_SUITE_P(Engines, Lifecycle, kBothEngines, EngineName);

TEST_P(Lifecycle, AReceiptMovesItsMemberAtOnceAndEveryAnswerSaysWhere) {
  EXPECT_FALSE(Scan("2600000000").member_view().has_lifecycle()) << "nobody is classified before the first measure";
  Classify();
  const auto lapsed = Candidates(v1::CANDIDATE_VIEW_NOT_WORTH).front();
  const std::string& member = lapsed.member();
  EXPECT_EQ(Explain(member).view().standing().stage(), v1::LIFECYCLE_STAGE_REACTIVATE);

  const auto scanned = Scan(CardOf(member));
  const v1::LifecycleView& view = scanned.member_view().lifecycle();
  EXPECT_NE(view.standing().stage(), v1::LIFECYCLE_STAGE_REACTIVATE);
  EXPECT_NE(view.standing().stage(), v1::LIFECYCLE_STAGE_UNSPECIFIED);
  EXPECT_FALSE(view.suggestion().empty());
  EXPECT_TRUE(view.has_overdue());
  EXPECT_GT(view.next().date(), FormatDay(Today()));
  EXPECT_EQ(Explain(member).view().SerializeAsString(), view.SerializeAsString());
  v1::GetMemberRequest get;
  get.set_name(member);
  v1::GetMemberResponse got;
  EXPECT_EQ(admin_.Call(&v1::MemberService::Stub::GetMember, get, &got).reason(), "OK");
  EXPECT_EQ(got.member().lifecycle().SerializeAsString(), view.SerializeAsString());
  EXPECT_EQ(Explain(member).recency().value(), 0);
  EXPECT_EQ(Explain(member).frequency().score() > 0, true);

  const auto moves = Moves(v1::TRANSITION_CAUSE_RECEIPT);
  ASSERT_EQ(moves.size(), 1);
  EXPECT_EQ(moves[0].direction(), v1::TRANSITION_DIRECTION_FORWARD);
  EXPECT_EQ(moves[0].from().SerializeAsString(), lapsed.standing().SerializeAsString());
  EXPECT_EQ(moves[0].to().SerializeAsString(), view.standing().SerializeAsString());
  EXPECT_EQ(moves[0].receipt(), scanned.result().sale().name());
  EXPECT_EQ(moves[0].name(), member + "/transitions/1");

  EXPECT_EQ(Scan("2600009999").member_view().lifecycle().standing().stage(), v1::LIFECYCLE_STAGE_CONVERT);
  EXPECT_THAT(shell_.Admin({"retention", "lifecycle", member}).out, HasSubstr("Own cycle"));
  EXPECT_THAT(shell_.Admin({"retention", "transitions", "--direction", "forward"}).out, HasSubstr(member));
}

TEST_P(Lifecycle, WhoHasNotBoughtIsAcquiredAndDormantAfterAMonth) {
  Classify();
  const auto enrolled =
      shell_.AdminJson<v1::EnrollMemberResponse>({"member", "enroll", "--card", "4711", "--given-name", "Anna"});
  const v1::LifecycleView& view = enrolled.member_view().lifecycle();
  EXPECT_EQ(view.standing().segment(), v1::LIFECYCLE_SEGMENT_REGISTERED);
  EXPECT_EQ(view.next().to().segment(), v1::LIFECYCLE_SEGMENT_DORMANT_REGISTRANT);
  EXPECT_EQ(view.next().to().lost_stage(), v1::LOST_STAGE_L1);
  EXPECT_EQ(view.next().date(), FormatDay(*ParseDay(view.since_date()) + 31));
  EXPECT_FALSE(view.has_overdue());
}

TEST_P(Lifecycle, AFullRunAndOneOverThoseWhoAreDueLeaveTheSameBehind) {
  const auto measure = Classify();
  LetPass(25);
  installation_.Execute("CREATE TABLE before_statistics AS SELECT * FROM member_statistics");
  Classify({"--measure", "keep"});
  const auto moved = Number("SELECT COUNT(*) FROM lifecycle_transitions WHERE cause = 2");
  EXPECT_GT(moved, 50);
  EXPECT_EQ(Number("SELECT COUNT(*) FROM lifecycle_transitions"), moved) << "time alone has moved anybody";
  EXPECT_EQ(Number("SELECT COUNT(*) FROM lifecycle_transitions WHERE to_stage = 5 AND from_stage <> 5") > 0, true);
  // The same data under the same measure: the same bytes on the other engine, fit, cut points and all.
  static std::map<std::string, std::string> others;
  const std::string tables = measure.SerializeAsString() + Tables();
  const auto& other = others.emplace(measure.as_of_date(), tables).first->second;
  EXPECT_TRUE(tables == other) << tables << "\n--- and elsewhere\n" << other;
  installation_.Execute("CREATE TABLE due_statistics AS SELECT * FROM member_statistics");
  installation_.Execute("CREATE TABLE due_transitions AS SELECT * FROM lifecycle_transitions");
  installation_.Execute("DELETE FROM member_statistics");
  installation_.Execute("INSERT INTO member_statistics SELECT * FROM before_statistics");
  installation_.Execute("DELETE FROM lifecycle_transitions");
  Classify({"--measure", "keep", "--everybody"});
  EXPECT_EQ(Number("SELECT COUNT(*) FROM (SELECT * FROM member_statistics EXCEPT SELECT * FROM due_statistics) d"), 0);
  const std::string move =
      "member_id, seq, from_stage, from_segment, from_lost_stage, to_stage, to_segment, to_lost_stage, day, cause, "
      "rule, "
      "run_id";
  EXPECT_EQ(Number("SELECT COUNT(*) FROM lifecycle_transitions"), moved);
  EXPECT_EQ(Number("SELECT COUNT(*) FROM (SELECT " + move + " FROM lifecycle_transitions EXCEPT SELECT " + move +
                   " FROM due_transitions) d"),
            0);
  // Late, but each move has its own day; and once more finds nothing.
  EXPECT_GT(Number("SELECT COUNT(DISTINCT day) FROM lifecycle_transitions"), 5);
  Classify({"--measure", "keep", "--everybody"});
  EXPECT_EQ(Number("SELECT COUNT(*) FROM lifecycle_transitions"), moved);
}

TEST_P(Lifecycle, ANewMeasureIsNoBehaviour) {
  const auto first = Classify();
  EXPECT_TRUE(first.has_model());
  EXPECT_FALSE(first.show_probabilities()) << "no backtest has said that they may be shown";
  EXPECT_EQ(Classify().SerializeAsString(), first.SerializeAsString()) << "nothing has changed: the same measure";
  Apply(R"({"lifecycle": {"lapse_ceiling_days": 20, "lapse_floor_days": 1,
            "segments": [{"name": "lifecycleSegments/LOYAL", "stage": "LIFECYCLE_STAGE_DEVELOP",
                          "suggestion": "Ein Lächeln"}]}})");
  const auto second = Classify();
  EXPECT_EQ(second.rules().lapse_ceiling_days(), 20);
  EXPECT_GT(Moves(v1::TRANSITION_CAUSE_REFIT).size(), 20);
  EXPECT_EQ(Moves(v1::TRANSITION_CAUSE_REFIT).size(), Moves().size());
  EXPECT_EQ(Number("SELECT COUNT(*) FROM member_statistics WHERE segment = 2 AND stage = 4"), 0);
  EXPECT_EQ(
      Number(fmt::format("SELECT COUNT(*) FROM member_statistics WHERE stage <> 5 AND days > 0 AND last_day <= {}",
                         Today() - 21)),
      0);

  // With a fit and a backtest of the shop's own.
  ASSERT_EQ(shell_.Admin({"retention", "fit", "--until", FormatDay(Today() - 1)}).code, 0);
  ASSERT_EQ(shell_
                .Admin({"retention", "backtest", "--until", FormatDay(Today() - 100), "--holdout-until",
                        FormatDay(Today() - 1)})
                .code,
            0);
  const auto third = Classify();
  EXPECT_EQ(third.fit_run(), "retentionRuns/3");
  EXPECT_EQ(third.backtest_run(), "retentionRuns/4");
  const auto candidate = Candidates(v1::CANDIDATE_VIEW_NOT_WORTH).front();
  EXPECT_EQ(candidate.has_probability(), third.show_probabilities());
  EXPECT_EQ(Explain(candidate.member()).has_lifetime_value_minor(), third.show_probabilities());
}

TEST_P(Lifecycle, AllWaysToAskAgree) {
  Classify();
  const std::string today = FormatDay(Today());
  const auto stages = shell_.AdminJson<v1::GetLifecycleSummaryResponse>({"retention", "stages", "--as-of", today});
  EXPECT_EQ(stages.members(), Number("SELECT COUNT(*) FROM members"));
  std::int64_t sum = 0;
  for (const auto& total : stages.totals()) {
    const auto& standing = total.standing();
    EXPECT_EQ(total.members(),
              Number(fmt::format("SELECT COUNT(*) FROM member_statistics WHERE stage = {} AND segment = {} AND "
                                 "lost_stage = {}",
                                 static_cast<int>(standing.stage()), static_cast<int>(standing.segment()),
                                 static_cast<int>(standing.lost_stage()))))
        << "recomputed from receipts as it is kept";
    sum += total.members();
  }
  EXPECT_EQ(sum, stages.members());

  const std::string earlier = FormatDay(Today() - 60);
  const auto matrix =
      shell_.AdminJson<v1::GetLifecycleMatrixResponse>({"retention", "matrix", "--from", earlier, "--until", today});
  std::map<int, std::int64_t> from, to;
  for (const auto& flow : matrix.flows()) {
    from[flow.from()] += flow.members();
    to[flow.to()] += flow.members();
  }
  const auto by_stage = [](const v1::GetLifecycleSummaryResponse& summary) {
    std::map<int, std::int64_t> members;
    for (const auto& total : summary.totals()) members[total.standing().stage()] += total.members();
    return members;
  };
  EXPECT_EQ(to, by_stage(stages));
  const auto before = shell_.AdminJson<v1::GetLifecycleSummaryResponse>({"retention", "stages", "--as-of", earlier});
  from.erase(0);  // who was no member yet
  EXPECT_EQ(from, by_stage(before));

  const auto rfm = shell_.AdminJson<v1::GetRfmMatrixResponse>({"retention", "rfm-matrix", "--as-of", today});
  std::int64_t buyers = 0;
  for (const auto& cell : rfm.cells()) buyers += cell.members();
  EXPECT_EQ(buyers, kMembers);
  EXPECT_EQ(shell_.Admin({"retention", "stages", "--as-of", FormatDay(Today() + 9)}).code, 1);
  EXPECT_THAT(shell_.Admin({"retention", "stages"}).out, HasSubstr("REACTIVATE")) << "of yesterday";
}

TEST_P(Lifecycle, CandidatesAreWorthItOrSayWhyNot) {
  Apply(R"({"candidates": {"contact_cost_minor": 400}})");
  Classify();
  const auto worth = Candidates(v1::CANDIDATE_VIEW_WORTH), rest = Candidates(v1::CANDIDATE_VIEW_NOT_WORTH);
  EXPECT_GT(worth.size(), 5);
  EXPECT_GT(rest.size(), 5);
  EXPECT_EQ(static_cast<std::int64_t>(worth.size() + rest.size()),
            Number("SELECT COUNT(*) FROM member_statistics WHERE stage = 5"));
  std::set<std::string> once;
  for (const auto& candidate : worth) {
    EXPECT_TRUE(once.insert(candidate.member()).second);
    EXPECT_GE(candidate.value_minor(), 400);
    EXPECT_EQ(candidate.not_worth(), v1::NOT_WORTH_REASON_UNSPECIFIED);
    EXPECT_NE(candidate.action(), v1::REACTIVATION_ACTION_UNSPECIFIED);
    EXPECT_EQ(candidate.expire_date(), FormatDay(Today() + 30));
  }
  std::set<int> reasons;
  for (const auto& candidate : rest) reasons.insert(candidate.not_worth());
  EXPECT_FALSE(reasons.contains(v1::NOT_WORTH_REASON_UNSPECIFIED));
  EXPECT_GT(reasons.size(), 1);
  // In pages of any size in the same order: without a backtest, the last buyer first.
  const auto paged = Candidates(v1::CANDIDATE_VIEW_WORTH, 3);
  ASSERT_EQ(paged.size(), worth.size());
  for (std::size_t i = 0; i < worth.size(); ++i) EXPECT_EQ(paged[i].member(), worth[i].member());
  for (std::size_t i = 1; i < worth.size(); ++i) EXPECT_LE(worth[i - 1].days_since_last(), worth[i].days_since_last());

  // Who has refused is not asked, whoever is in the control group is left in peace.
  const std::string refusing = worth.front().member();
  installation_.Execute(
      fmt::format("INSERT INTO consents SELECT id, 1, 'marketing', 'email', 0, '1', 'web', '', 0 FROM members WHERE "
                  "public_id = {}",
                  static_cast<std::int64_t>(std::stoull(refusing.substr(8), nullptr, 16))));
  Apply(R"({"candidates": {"contact_cost_minor": 400}, "holdout": {"salt": "2026", "share_basis_points": 3000}})");
  std::int64_t held = 0;
  for (const auto& candidate : Candidates(v1::CANDIDATE_VIEW_NOT_WORTH)) {
    held += candidate.holdout() ? 1 : 0;
    EXPECT_EQ(candidate.holdout(), candidate.not_worth() == v1::NOT_WORTH_REASON_HOLDOUT);
    if (candidate.member() == refusing && !candidate.holdout()) {
      EXPECT_EQ(candidate.not_worth(), v1::NOT_WORTH_REASON_NO_CONSENT);
    }
  }
  const auto left = Candidates(v1::CANDIDATE_VIEW_WORTH);
  for (const auto& candidate : left) EXPECT_NE(candidate.member(), refusing);
  EXPECT_LT(left.size(), worth.size());
  EXPECT_NEAR(static_cast<double>(held), 0.3 * static_cast<double>(worth.size() + rest.size()),
              0.15 * static_cast<double>(worth.size() + rest.size()));
  EXPECT_EQ(shell_.AdminJson<v1::ListReactivationCandidatesResponse>({"retention", "candidates", "--lost-stage", "L6"})
                .candidates_size(),
            0)
      << "whoever is written off is not worth it";
  EXPECT_EQ(shell_.Admin({"retention", "candidates", "--store", "S9"}).code, 1);
  EXPECT_THAT(shell_.Admin({"retention", "candidates"}).out, HasSubstr("at stake"));
}

TEST_P(Lifecycle, TheReportShowsAllOfIt) {
  ASSERT_EQ(shell_
                .Admin({"retention", "backtest", "--until", FormatDay(Today() - 100), "--holdout-until",
                        FormatDay(Today() - 1)})
                .code,
            0);
  Classify();
  const std::string best = Candidates(v1::CANDIDATE_VIEW_WORTH).front().member().substr(8);
  for (const char* language : {"en", "de"}) {
    const auto file = shell_.File("report.html").string();
    ASSERT_EQ(
        shell_.Admin({"retention", "report", "--html", file, "--language", language, "--title", "Laden <b>"}).code, 0);
    const SeenPage seen = OpenPage(ReadText(file), 1'100);
    EXPECT_TRUE(seen.ready);
    EXPECT_EQ(seen.charts.size(), 5);
    for (const auto& [chart, drawn] : seen.charts) EXPECT_TRUE(drawn) << chart;
    EXPECT_TRUE(seen.console.empty());
    EXPECT_EQ(seen.requests, 0);
    EXPECT_EQ(seen.intruders, 0);
    EXPECT_THAT(seen.text, HasSubstr(best));
    EXPECT_THAT(seen.text, Not(HasSubstr("undefined")));
    EXPECT_THAT(seen.text, Not(HasSubstr("_")));  // a code without words
  }
  EXPECT_EQ(shell_.Admin({"retention", "report", "--html", "/nowhere/at/all.html"}).code, 5);
}

TEST_P(Lifecycle, MovesCanBeWatchedInOrderAndFromAnyPosition) {
  Classify();
  LetPass(10);
  Classify({"--measure", "keep"});
  const auto watch = [&](std::int64_t after, std::size_t count) {
    grpc::ClientContext context;
    admin_.Prepare(context);
    v1::RetentionService::Stub stub(admin_.channel());
    v1::WatchTransitionsRequest request;
    request.set_resume_position(after);
    const auto stream = stub.WatchTransitions(&context, request);
    std::vector<v1::LifecycleTransition> seen;
    v1::WatchTransitionsResponse response;
    while (seen.size() < count && stream->Read(&response)) seen.push_back(response.transition());
    context.TryCancel();
    stream->Finish();
    return seen;
  };
  const auto moves = Moves();
  ASSERT_GT(moves.size(), 10);
  const auto seen = watch(0, moves.size());
  ASSERT_EQ(seen.size(), moves.size());
  for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i].position(), i + 1) << "without a gap";
  const auto last = watch(seen.back().position() - 1, 1);
  EXPECT_EQ(last.at(0).name(), seen.back().name());
  // One that comes while somebody watches.
  std::thread till([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(800));
    Scan("2600008888");
  });
  const auto live = watch(-1, 1);
  till.join();
  ASSERT_EQ(live.size(), 1);
  EXPECT_EQ(live[0].cause(), v1::TRANSITION_CAUSE_RECEIPT);
  EXPECT_EQ(live[0].from().stage(), v1::LIFECYCLE_STAGE_UNSPECIFIED);
  EXPECT_EQ(live[0].position(), moves.size() + 1);
}

}  // namespace
}  // namespace loyalty::test
