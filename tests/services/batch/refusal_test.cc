// A refusal leaves nothing behind, by construction: whatever a decision wrote before it refused, into the set or by
// SQL.
#include <gtest/gtest.h>

#include "services/batch/decide.h"
#include "tests/services/batch/recovering.h"

namespace loyalty {
namespace {

using storage::FailureKind;
using storage::LeaseRow;
using storage::OpenLotRow;
using storage::ProgramRow;
using storage::StoreRow;
using test::BatchWorld;
using test::Outcome;

class RefusalTest : public ::testing::TestWithParam<storage::Engine> {
 protected:
  // Writes everywhere, then refuses. No command of today does.
  Command WritesAndRefuses() {
    Command command = world_.CreateStore("Mitte");
    command.payload = Admin{[create = std::get<Admin>(command.payload)](const AdminStep& step) -> Result<AdminOutcome> {
      static_cast<void>(create.change(step));
      step.set.Find<ProgramRow>(1)->generation += 100;
      step.session.Run("UPDATE stores SET day_cut_minutes = 77");
      return Error{Reason::kInvalidArgument, "changed its mind", {}};
    }};
    return command;
  }

  BatchWorld world_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Engines, RefusalTest, test::kBothEngines, test::EngineName);

TEST_P(RefusalTest, ACommandThatRunsAloneAndIsRefusedLeavesNothing) {
  world_.Must(world_.CreateStore("Ost"));  // the block of ids is there
  const auto counts = world_.database().RowCounts();
  const auto generation = world_.database().Number("SELECT generation FROM program");
  EXPECT_EQ(Outcome(world_.Run(WritesAndRefuses())), "INVALID_ARGUMENT");
  EXPECT_EQ(world_.database().RowCounts(), counts);
  EXPECT_EQ(world_.database().Number("SELECT generation FROM program"), generation);
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM stores WHERE day_cut_minutes = 77"), 0);
}

TEST_P(RefusalTest, ACommandThatRunsAloneIsNotRunWithOthers) {
  const Command alone = world_.CreateStore("Mitte"), scan = world_.Scan(1, 1'000);
  for (const auto& commands : {std::vector<BatchCommand>{{&alone}, {&scan}}, {{&scan}, {&alone}}}) {
    BatchContext context = world_.Context();
    try {
      static_cast<void>(RunBatch(context, commands));
      ADD_FAILURE() << "they shared a transaction";
    } catch (const storage::Failure& failure) {
      EXPECT_EQ(failure.kind(), FailureKind::kOther);
    }
  }
}

// What shares a batch with others has no transaction of its own to go back to.
TEST_P(RefusalTest, ADecisionThatRefusesLeavesTheSetAsItWas) {
  world_.Must(world_.CreateStore("Mitte"));
  const auto counts = world_.database().RowCounts();
  const auto known = world_.database().Number("SELECT MAX(id) FROM stores");
  const auto snapshot = world_.snapshot();
  const Rules rules{*snapshot, test::TestKeys(), world_.now};
  storage::Transaction transaction(world_.session());
  WorkingSet set;
  const ProgramRow program = storage::ReadByKey<ProgramRow>(world_.session(), 1).value();
  const StoreRow store = storage::ReadByKey<StoreRow>(world_.session(), known).value();
  set.of<ProgramRow>().Take(program);
  Command command = world_.CreateStore("Ost");
  command.payload = Admin{[&](const AdminStep& step) -> Result<AdminOutcome> {
    step.set.Find<ProgramRow>(1)->generation += 100;
    step.set.of<StoreRow>().Take(store).day_cut_minutes = 77;
    StoreRow other = store;
    other.id = known + 1;
    other.name = "Ost";
    step.set.Put(other).day_cut_minutes = 78;
    step.set.Put(LeaseRow{"tests", "", 0, 1});
    step.set.of<LeaseRow>().Forget("tests");
    step.set.of<OpenLotRow>().OwnAll(1);
    step.set.of<ProgramRow>().Erase(1);
    step.set.of<ProgramRow>().Decide(1);
    return Error{Reason::kInvalidArgument, "changed its mind", {}};
  }};
  Context context{set, rules, {.id = 1, .more = {2, 3}}, world_.session(), 1};
  EXPECT_EQ(Outcome(DecideCommand(context, command, true)), "INVALID_ARGUMENT");
  ASSERT_NE(set.Find<ProgramRow>(1), nullptr);
  EXPECT_EQ(set.Find<ProgramRow>(1)->generation, program.generation);
  EXPECT_FALSE(set.of<StoreRow>().Knows(known)) << "it was read by the decision";
  EXPECT_FALSE(set.of<StoreRow>().Knows(known + 1));
  EXPECT_FALSE(set.of<OpenLotRow>().Reaches(1, storage::Reach::kFirst));
  set.Flush(world_.session(), test::TestKeys());
  transaction.Commit();
  EXPECT_EQ(world_.database().RowCounts(), counts);
  EXPECT_EQ(world_.database().Number("SELECT generation FROM program"), program.generation);
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM stores WHERE day_cut_minutes >= 77"), 0);
}

TEST_P(RefusalTest, WhatIsAcceptedIsKept) {
  const auto generation = world_.database().Number("SELECT generation FROM program");
  world_.Must(world_.CreateStore("Mitte"));
  EXPECT_EQ(world_.database().Number("SELECT COUNT(*) FROM stores WHERE name = 'Mitte'"), 1);
  EXPECT_EQ(world_.database().Number("SELECT generation FROM program"), generation + 1);
}

}  // namespace
}  // namespace loyalty
