// A step of a job: what the server does by itself, in a transaction of its own on the write path. It is nobody's
// request, so no answer is stored, and it may run again after one that took effect: it reads first what is still to do.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "services/commands/context.h"

namespace loyalty {

struct StepView {
  storage::Session& session;
  WorkingSet& set;
  const Rules& rules;
  bool held;             // the lease is ours
  storage::JobRow* job;  // of job_id, locked; nullptr: none
};

struct Step {
  enum class Hold : std::uint8_t {
    kTake,  // the lease, when it is free, expired or ours
    kKeep,  // it must be ours still: then nobody else has done anything under it
  };

  Hold hold = Hold::kKeep;
  std::string lease, holder;
  Instant until = 0;                  // the lease is held so long
  std::int64_t job_id = 0;            // 0: none
  std::set<std::int64_t> member_ids;  // locked
  bool locks_program = false;
  std::function<Status(StepView& view)> run;
};

struct StepDecision {
  Outcome outcome;
};

void NeedsOf(const Step& command, const WorkingSet& set, const Rules& rules, Needs& needs);
Subjects SubjectsOf(const Step& command, const WorkingSet& set);
// Errors: those of `run`; then what it wrote is undone.
Result<StepDecision> Decide(Context& context, const Step& command);
ResultMessage ResultOf(const StepDecision& decision);

}  // namespace loyalty
