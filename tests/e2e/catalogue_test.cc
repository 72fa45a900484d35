// A catalogue that is laid down for later, and one that is applied before it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "loyalty/v1/campaign_service.pb.h"
#include "tests/e2e/server.h"
#include "tests/e2e/shell.h"
#include "tests/support/database.h"

namespace loyalty::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CatalogueForLater : public ::testing::TestWithParam<storage::Engine> {
 protected:
  // Points for each euro; nothing else tells the versions apart.
  std::vector<std::string> Apply(int points, const std::vector<std::string>& more = {}) const {
    const auto file = shell_.Write(
        "catalogue.json", R"({"earning": {"per_amount_minor": "100", "points": ")" + std::to_string(points) + "\"}}");
    std::vector<std::string> arguments{"apply", "-f", file};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  v1::ApplyCatalogueResponse Applied(int points, const std::vector<std::string>& more = {}) const {
    return shell_.AdminJson<v1::ApplyCatalogueResponse>(Apply(points, more));
  }
  static std::string InHours(int hours) {
    return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::Now() + absl::Hours(hours), absl::UTCTimeZone());
  }
  std::int64_t Versions() const { return installation_.Number("SELECT COUNT(*) FROM catalogue_versions"); }

  Installation installation_{GetParam()};
  Server server_{installation_};
  Shell shell_{installation_, server_.address(), false};
};
INSTANTIATE_TEST_SUITE_P(Engines, CatalogueForLater, kBothEngines, EngineName);

TEST_P(CatalogueForLater, IsNotLostByOneThatIsAppliedBeforeIt) {
  Applied(1);
  EXPECT_EQ(Applied(2, {"--effective-time", InHours(1)}).version(), 2);
  for (const std::vector<std::string>& how : {std::vector<std::string>{}, {"--validate-only"}, {"--diff"}}) {
    const Ended refused = shell_.Admin(Apply(3, how));
    EXPECT_EQ(refused.code, 1) << refused.out;
    EXPECT_THAT(refused.err,
                AllOf(HasSubstr("CATALOGUE_SCHEDULED"), HasSubstr("version 2"), HasSubstr("--drop-scheduled")));
  }
  EXPECT_EQ(Versions(), 2);
  // What comes into force later than the one that waits takes nothing away.
  EXPECT_EQ(Applied(4, {"--effective-time", InHours(2)}).version(), 3);
  EXPECT_THAT(shell_.Admin(Apply(3)).err, AllOf(HasSubstr("version 2"), HasSubstr("version 3")));
}

TEST_P(CatalogueForLater, IsDroppedWhenThatIsSaid) {
  Applied(1);
  Applied(2, {"--effective-time", InHours(1)});
  Applied(3, {"--effective-time", InHours(2)});
  const auto checked = Applied(4, {"--drop-scheduled", "--validate-only"});
  EXPECT_THAT(checked.dropped_versions(), ElementsAre(2, 3));
  EXPECT_EQ(Versions(), 3);
  const auto applied = Applied(4, {"--drop-scheduled"});
  EXPECT_EQ(applied.version(), 4);
  EXPECT_THAT(applied.dropped_versions(), ElementsAre(2, 3));
  ASSERT_EQ(applied.changes_size(), 1);
  EXPECT_EQ(applied.changes(0).before(), "1") << "against what was in force, not against what was dropped";
  // They have been dropped once and for all.
  EXPECT_THAT(Applied(5).dropped_versions(), IsEmpty());
}

TEST_P(CatalogueForLater, IsNotAppliedOverOneThatItsWriterHasNotSeen) {
  Applied(1);
  EXPECT_EQ(Applied(2, {"--expected-version", "1"}).version(), 2);
  for (const std::vector<std::string>& how :
       {std::vector<std::string>{"--expected-version", "1"}, {"--expected-version", "1", "--diff"}}) {
    const Ended refused = shell_.Admin(Apply(3, how));
    EXPECT_EQ(refused.code, 1) << refused.out;
    EXPECT_THAT(refused.err, AllOf(HasSubstr("CATALOGUE_CHANGED"), HasSubstr("the newest version is 2")));
  }
  EXPECT_EQ(Versions(), 2);
}

// The same rules, sooner.
TEST_P(CatalogueForLater, CanBeBroughtForward) {
  Applied(1);
  Applied(2, {"--effective-time", InHours(1)});
  const auto sooner = Applied(2, {"--drop-scheduled"});
  EXPECT_EQ(sooner.version(), 3);
  EXPECT_THAT(sooner.dropped_versions(), ElementsAre(2));
  EXPECT_EQ(sooner.changes(0).before(), "1");
}

// As a person whose key is for marketing.
TEST_P(CatalogueForLater, AMarketerIsToldWhatIsNotHis) {
  Applied(1);
  const std::string file = shell_.File("marketer.key").string();
  EXPECT_EQ(shell_.Admin({"keys", "create", "keys/marketing", "--role", "marketer", "--key-file-out", file}).code, 0);
  shell_.UseKey(file);
  const auto apply = [this](const std::string& catalogue, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"apply", "-f", shell_.Write("marketing.json", catalogue)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return shell_.Admin(arguments);
  };
  const std::string reward =
      R"("rewards": [{"name": "rewards/tea", "display_name": "A cup of tea", "cost_points": 50}])";
  const std::string earning = R"("earning": {"per_amount_minor": "100", "points": "1"})";
  const Ended done = apply("{" + earning + ", " + reward + "}");
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("rewards/tea.cost_points"));
  for (const std::vector<std::string>& how : {std::vector<std::string>{}, {"--validate-only"}, {"--diff"}}) {
    const Ended refused = apply(R"({"burn": {"points": 100, "value_minor": 100}, )" + reward + "}", how);
    EXPECT_EQ(refused.code, 1) << refused.out;
    EXPECT_THAT(refused.err, AllOf(HasSubstr("CATALOGUE_NEEDS_ADMIN"), HasSubstr("earning.points"),
                                   HasSubstr("burn.value_minor"), HasSubstr("rewards and segments are for marketing")));
  }
  EXPECT_EQ(Versions(), 2);
}

}  // namespace
}  // namespace loyalty::test
