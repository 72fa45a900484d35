// Changes to what no member owns: stores, terminals, keys, card ranges, the catalogue, jobs. Each runs alone, under the
// lock of the program's row, and leaves a row of audit.
#pragma once

#include <functional>
#include <string>

#include "services/commands/context.h"

namespace loyalty {

// What a change sees of its transaction. Its own reads are SQL; what it writes it puts into the set.
struct AdminStep {
  storage::Session& session;
  WorkingSet& set;
  const Rules& rules;
  const Draws& draws;
  std::int64_t principal_id;  // who asks

  Instant now() const { return rules.now; }
};

// What a change came to: its result, and its audit. An empty action: nothing was changed.
struct AdminOutcome {
  ResultMessage result;
  std::string action;    // for instance store.create
  std::string resource;  // the name of what was changed
  std::string detail;    // names of fields; may be empty
};

// A refusal leaves nothing behind, whatever it wrote before (RunBatch).
struct Admin {
  std::function<Result<AdminOutcome>(const AdminStep& step)> change;
};

struct AdminDecision {
  Outcome outcome;
  ResultMessage result;
};

void NeedsOf(const Admin& command, const WorkingSet& set, const Rules& rules, Needs& needs);
Subjects SubjectsOf(const Admin& command, const WorkingSet& set);
Result<AdminDecision> Decide(Context& context, const Admin& command);
ResultMessage ResultOf(const AdminDecision& decision);

}  // namespace loyalty
