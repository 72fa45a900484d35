#include "services/commands/step.h"

#include "storage/guards.h"

namespace loyalty {
namespace {

using storage::LeaseRow;

// Whether the lease is the holder's from now on. Its row is written, so that on a cluster two holders cannot both
// commit.
bool HoldLease(WorkingSet& set, const Step& command, Instant now) {
  LeaseRow* lease = set.Find<LeaseRow>(command.lease);
  if (command.hold == Step::Hold::kKeep) {
    if (lease == nullptr || (lease->holder != command.holder && storage::TheGuards().job_lease)) return false;
  } else if (lease != nullptr && lease->holder != command.holder && lease->expire_time > now) {
    return false;
  }
  if (lease == nullptr) lease = &set.Put(LeaseRow{command.lease, "", 0, 1});
  lease->holder = command.holder;
  lease->expire_time = command.until;
  return true;
}

}  // namespace

void NeedsOf(const Step& command, const WorkingSet&, const Rules&, Needs& needs) {
  if (command.locks_program) needs.Root<storage::ProgramRow>(1);
  needs.Root<LeaseRow>(command.lease);
  if (command.job_id != 0) needs.Root<storage::JobRow>(command.job_id);
  for (const std::int64_t id : command.member_ids) needs.Root<storage::MemberRow>(id);
}

Subjects SubjectsOf(const Step& command, const WorkingSet&) { return command.member_ids; }

Result<StepDecision> Decide(Context& context, const Step& command) {
  StepView view{context.session, context.set, context.rules, HoldLease(context.set, command, context.rules.now),
                command.job_id == 0 ? nullptr : context.set.Find<storage::JobRow>(command.job_id)};
  if (const Status done = command.run(view); !done) return done.error();
  StepDecision decision;
  decision.outcome.nothing = !view.held;
  return decision;
}

ResultMessage ResultOf(const StepDecision&) { return nullptr; }

}  // namespace loyalty
