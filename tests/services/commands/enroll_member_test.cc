#include "services/commands/enroll_member.h"

#include <gtest/gtest.h>

#include "storage/member_reads.h"
#include "storage/read_table.h"
#include "tests/support/batch_world.h"

namespace loyalty {
namespace {

using storage::MemberProfileRow;
using storage::MemberRow;
using test::BatchWorld;

class EnrollMemberTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  // With a card alone, as a campaign's stand hands it out; or by name, at the desk.
  Command Enroll(bool by_name, const std::string& language, const storage::AcquisitionRow& acquisition) {
    Command command = world_.Enroll({1});
    auto& enroll = std::get<EnrollMember>(command.payload);
    if (!by_name) enroll.person.reset();
    enroll.language = language;
    enroll.acquisition = acquisition;
    return command;
  }
  MemberRow Member() { return *storage::ReadByKey<MemberRow>(world_.session(), world_.MemberOf(1)); }
  MemberProfileRow Profile() { return *storage::ReadByKey<MemberProfileRow>(world_.session(), world_.MemberOf(1)); }

  BatchWorld world_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Engines, EnrollMemberTest, test::kBothEngines, test::EngineName);

TEST_P(EnrollMemberTest, WhatIsNotSaidTheSecondTimeStays) {
  world_.Must(Enroll(false, "tr", {.channel = "fair", .campaign = "spring"}));
  world_.Must(Enroll(true, "", {.channel = "", .campaign = "", .partner = "bank"}));
  EXPECT_FALSE(Member().anonymous);
  EXPECT_EQ(Member().language, "tr");
  EXPECT_EQ(Profile().acquisition.channel, "fair");
  EXPECT_EQ(Profile().acquisition.campaign, "spring");
  EXPECT_EQ(Profile().acquisition.partner, "bank");
}

TEST_P(EnrollMemberTest, WhatIsSaidTheSecondTimeHolds) {
  world_.Must(Enroll(false, "tr", {.channel = "fair"}));
  world_.Must(Enroll(true, "de", {.channel = "desk"}));
  EXPECT_EQ(Member().language, "de");
  EXPECT_EQ(Profile().acquisition.channel, "desk");
}

TEST_P(EnrollMemberTest, SomebodyNewSpeaksTheLanguageOfTheProgram) {
  world_.Must(Enroll(true, "", {}));
  EXPECT_EQ(Member().language, world_.snapshot()->language);
}

}  // namespace
}  // namespace loyalty
