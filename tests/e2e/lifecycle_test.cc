// Stages and moves: what a receipt does at once, what time does, what a new measure does, and that all ways to ask
// agree.
#include "tests/e2e/lifecycle_program.h"

#include <gmock/gmock.h>

#include <atomic>
#include <map>
#include <thread>

namespace loyalty::test {
namespace {

using ::testing::HasSubstr;

INSTANTIATE_TEST_SUITE_P(Engines, Lifecycle, kBothEngines, EngineName);

TEST_P(Lifecycle, AReceiptMovesItsMemberAtOnceAndEveryAnswerSaysWhere) {
  EXPECT_FALSE(Scan("2600000000").member_snapshot().has_lifecycle()) << "nobody is classified before the first measure";
  Classify();
  const auto lapsed = Candidates(v1::CANDIDATE_VIEW_NOT_WORTH).front();
  const std::string& member = lapsed.member();
  EXPECT_EQ(Explain(member).view().standing().stage(), v1::LIFECYCLE_STAGE_REACTIVATE);

  const auto scanned = Scan(CardOf(member));
  const v1::LifecycleView& view = scanned.member_snapshot().lifecycle();
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
  // The same move by what it is about, and by what it is not.
  const auto filtered = [&](const std::string& of, v1::LifecycleStage from, v1::LifecycleStage to) {
    v1::ListTransitionsRequest request;
    request.set_cause(v1::TRANSITION_CAUSE_RECEIPT);
    request.set_member(of);
    request.set_from_stage(from);
    request.set_to_stage(to);
    v1::ListTransitionsResponse response;
    EXPECT_EQ(admin_.Call(&v1::RetentionService::Stub::ListTransitions, request, &response).reason(), "OK");
    return response.transitions_size();
  };
  const v1::LifecycleStage from = moves[0].from().stage(), to = moves[0].to().stage();
  EXPECT_EQ(filtered(member, from, to), 1);
  EXPECT_EQ(filtered(member, to, from), 0);
  EXPECT_EQ(filtered("", from, to), 1);
  v1::ListTransitionsRequest nobody;
  nobody.set_member("members/0000000000000000");
  v1::ListTransitionsResponse none;
  EXPECT_EQ(admin_.Call(&v1::RetentionService::Stub::ListTransitions, nobody, &none).reason(), "MEMBER_UNKNOWN");

  EXPECT_EQ(Scan("2600009999").member_snapshot().lifecycle().standing().stage(), v1::LIFECYCLE_STAGE_CONVERT);
  EXPECT_THAT(shell_.Admin({"retention", "lifecycle", member}).out, HasSubstr("Own cycle"));
  EXPECT_THAT(shell_.Admin({"retention", "transitions", "--direction", "forward"}).out, HasSubstr(member));
}

TEST_P(Lifecycle, WhoHasNotBoughtIsAcquiredAndDormantAfterAMonth) {
  Classify();
  const auto enrolled =
      shell_.AdminJson<v1::EnrollMemberResponse>({"member", "enroll", "--card", "4711", "--given-name", "Anna"});
  const v1::LifecycleView& view = enrolled.member_snapshot().lifecycle();
  EXPECT_EQ(view.standing().segment(), v1::LIFECYCLE_SEGMENT_REGISTERED);
  EXPECT_EQ(view.next().to().segment(), v1::LIFECYCLE_SEGMENT_DORMANT_REGISTRANT);
  EXPECT_EQ(view.next().to().lost_stage(), v1::LOST_STAGE_L1);
  EXPECT_EQ(view.next().date(), FormatDay(*ParseDay(view.since_date()) + 31));
  EXPECT_FALSE(view.has_overdue());
}

TEST_P(Lifecycle, AFullRunAndOneOverThoseWhoAreDueLeaveTheSameBehind) {
  const auto measure = Classify();
  LetPass(25);
  installation_.Execute("CREATE TABLE members_before AS SELECT * FROM members");
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
  installation_.Execute("CREATE TABLE due_members AS SELECT * FROM members");
  installation_.Execute("CREATE TABLE due_transitions AS SELECT * FROM lifecycle_transitions");
  installation_.Execute("DELETE FROM members");
  installation_.Execute("INSERT INTO members SELECT * FROM members_before");
  installation_.Execute("DELETE FROM lifecycle_transitions");
  Classify({"--measure", "keep", "--everybody"});
  EXPECT_EQ(Number("SELECT COUNT(*) FROM (SELECT * FROM members EXCEPT SELECT * FROM due_members) d"), 0);
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
  EXPECT_EQ(Number("SELECT COUNT(*) FROM members WHERE segment = 2 AND stage = 4"), 0);
  EXPECT_EQ(Number(fmt::format("SELECT COUNT(*) FROM members WHERE stage <> 5 AND days > 0 AND last_day <= {}",
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
              Number(fmt::format("SELECT COUNT(*) FROM members WHERE stage = {} AND segment = {} AND "
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
  EXPECT_EQ(buyers, kYearMembers);
  EXPECT_EQ(shell_.Admin({"retention", "stages", "--as-of", FormatDay(Today() + 9)}).code, 1);
  EXPECT_THAT(shell_.Admin({"retention", "stages"}).out, HasSubstr("REACTIVATE")) << "of yesterday";
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
    while (seen.size() < count && stream->Read(&response))
      if (response.has_transition()) seen.push_back(response.transition());  // else: the server is there
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
  // Those that come while somebody watches: new cards are shown until the watcher has seen two, from whichever on.
  std::atomic<bool> seen_live{false};
  std::thread till([&] {
    for (std::int64_t card = 2'600'008'000; !seen_live && card < 2'600'009'000; ++card) Scan(std::to_string(card));
  });
  const auto live = watch(-1, 2);
  seen_live = true;
  till.join();
  ASSERT_EQ(live.size(), 2);
  for (const auto& move : live) {
    EXPECT_EQ(move.cause(), v1::TRANSITION_CAUSE_RECEIPT);
    EXPECT_EQ(move.from().stage(), v1::LIFECYCLE_STAGE_UNSPECIFIED);
  }
  EXPECT_GT(live[0].position(), moves.size()) << "what was there before is not told";
  EXPECT_EQ(live[1].position(), live[0].position() + 1) << "without a gap";
}

}  // namespace
}  // namespace loyalty::test
