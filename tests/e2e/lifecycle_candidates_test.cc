// Whom it is worth to win back and whom not, and the page that shows all of it.
#include <gmock/gmock.h>

#include <set>

#include "tests/e2e/browser.h"
#include "tests/e2e/lifecycle_program.h"

namespace loyalty::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST_P(Lifecycle, CandidatesAreWorthItOrSayWhyNot) {
  Apply(R"({"candidates": {"contact_cost_minor": 400}})");
  Classify();
  const auto worth = Candidates(v1::CANDIDATE_VIEW_WORTH), rest = Candidates(v1::CANDIDATE_VIEW_NOT_WORTH);
  EXPECT_GT(worth.size(), 5);
  EXPECT_GT(rest.size(), 5);
  EXPECT_EQ(static_cast<std::int64_t>(worth.size() + rest.size()),
            Number("SELECT COUNT(*) FROM members WHERE stage = 5"));
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

}  // namespace
}  // namespace loyalty::test
