#include "services/jobs/classify_pass.h"

#include <algorithm>
#include <sstream>

#include "services/commands/lifecycle.h"
#include "services/jobs/read_ahead.h"
#include "services/queue/write_queue.h"
#include "storage/lifecycle_reads.h"

namespace loyalty {
namespace {

// Members of a step: few while tills wait for the same lane, many while it is idle.
constexpr std::size_t kStepWhenBusy = 256;
constexpr std::size_t kStepWhenIdle = 2'048;

// Members of a range of whom there is something to write.
struct Movers {
  std::vector<std::int64_t> ids;
  std::int64_t members = 0;  // of the range
};

// Members of a step that have no standing yet: whether they have been in RETAIN is in their receipts only.
void FindRetained(StepView& view, std::span<const std::int64_t> ids) {
  const retention::Judge& judge = view.rules.snapshot.measure->judge;
  std::vector<std::int64_t> fresh;
  for (const std::int64_t id : ids) {
    const storage::MemberRow* member = view.set.Find<storage::MemberRow>(id);
    if (member != nullptr && member->lifecycle.standing.stage == retention::Stage::kNone && member->summary.days > 1)
      fresh.push_back(id);
  }
  for (const auto& [id, days] : storage::ReadDaysOf(view.session, fresh))
    view.set.Find<storage::MemberRow>(id)->lifecycle.retained = judge.WasRetained(days, view.rules.today());
}

// Classifies members in one transaction; they are read again under the locks.
void ClassifyStep(StepView& view, std::span<const std::int64_t> ids, bool everybody) {
  FindRetained(view, ids);
  for (const std::int64_t id : ids) {
    storage::MemberRow* member = view.set.Find<storage::MemberRow>(id);
    if (member == nullptr) continue;
    const bool first = member->lifecycle.standing.stage == retention::Stage::kNone;
    AdvanceLifecycle(view.set, view.rules, *member);
    if (everybody || first) ReclassifyLifecycle(view.set, view.rules, *member, retention::Cause::kRefit, 0, false);
    if (!first) continue;
    // Where members stood when the program began to look is no move.
    for (std::int64_t seq = 1; seq <= member->transitions; ++seq)
      view.set.of<storage::TransitionRow>().Forget({id, seq});
    member->transitions = 0;
  }
}

// Whether ClassifyStep would write anything of a member.
bool Moves(const Snapshot& snapshot, const storage::MemberPosition& member, Day today) {
  const retention::LifecycleState& before = member.lifecycle;
  if (before.standing.stage == retention::Stage::kNone) return true;
  const retention::Judge& judge = snapshot.measure->judge;
  retention::Facts facts{.summary = member.summary, .anonymous = member.anonymous, .retained = before.retained};
  if (member.summary.days == 0) facts.enrolled_day = DayOf(member.create_time, snapshot.zone);  // else nobody asks
  retention::LifecycleState after = before;
  std::vector<retention::Transition> moves;
  retention::AdvanceTo(judge, facts, today, after, moves);
  retention::Reclassify(judge, facts, today, retention::Cause::kRefit, false, after, moves);
  return !(after == before);
}

class Pass {
 public:
  Pass(JobContext& context, const ClassifyProgress& progress) : context_(context), progress_(progress) {}

  // False: stop.
  bool Run() { return progress_.everybody ? OverEverybody() : OverThoseDue(); }
  std::int64_t done() const { return done_; }

 private:
  // Reads all, and locks only those of whom there is something to write: who is classified by other means meanwhile, by
  // a sale in particular, is so by the same measure (AwaitMeasure).
  bool OverEverybody() {
    total_ = storage::CountMembers(context_.session());
    return ReadAhead<Movers>(context_, progress_.after,
                             {.next = storage::NextMembers,
                              .read = [this](auto& session, const auto& range) { return FindMovers(session, range); },
                              .take =
                                  [this](const Movers& movers, const storage::IdRange& range) {
                                    if (!Classify(movers.ids)) return false;
                                    done_ += movers.members;
                                    progress_.after = range.last;
                                    return context_.Report(done_, std::max(total_, done_), TextOf(progress_));
                                  }});
  }

  // Called by several threads.
  Movers FindMovers(storage::Session& session, const storage::IdRange& range) const {
    const auto members = storage::ReadPositions(session, range);
    const auto snapshot = context_.snapshot();
    const Day today = DayOf(context_.now(), snapshot->zone);
    Movers movers{.ids = {}, .members = static_cast<std::int64_t>(members.size())};
    for (const auto& member : members)
      if (Moves(*snapshot, member, today)) movers.ids.push_back(member.id);
    return movers;
  }

  bool OverThoseDue() {
    const Day today = DayOf(context_.now(), context_.snapshot()->zone);
    total_ = done_ + storage::CountDueMembers(context_.session(), today);
    while (true) {
      const auto ids = storage::ReadDueMemberIds(context_.session(), today, kStepWhenIdle);
      if (ids.empty()) return true;
      if (!Classify(std::vector<std::int64_t>(ids.begin(), ids.end()))) return false;
    }
  }

  // In steps. Of a pass over everybody they say that the range is still to do: to look at it again does no harm.
  bool Classify(std::span<const std::int64_t> ids) {
    while (!ids.empty()) {
      const auto begin = std::chrono::steady_clock::now();
      const auto part = ids.first(std::min(ids.size(), busy_ ? kStepWhenBusy : kStepWhenIdle));
      ids = ids.subspan(part.size());
      const bool waiting_before = context_.deps().queue.waiting() > 0;
      if (!progress_.everybody) done_ += static_cast<std::int64_t>(part.size());
      const bool ok = context_.Step(
          [&](StepView& view) -> Status {
            ClassifyStep(view, part, progress_.everybody);
            view.job->done = done_;
            view.job->total = std::max(total_, done_);
            view.job->result = TextOf(progress_);
            return Ok{};
          },
          {.member_ids = {part.begin(), part.end()}});
      if (!ok) return false;
      busy_ = waiting_before || context_.deps().queue.waiting() > 0;
      context_.GiveWay(std::chrono::steady_clock::now() - begin);
      context_.NumberTransitions();
    }
    return true;
  }

  JobContext& context_;
  ClassifyProgress progress_;
  std::int64_t done_ = context_.job().done;
  std::int64_t total_ = 0;
  bool busy_ = false;
};

}  // namespace

std::string TextOf(const ClassifyProgress& progress) {
  std::ostringstream text;
  text << progress.run_id << ' ' << progress.everybody << ' ' << progress.after;
  return text.str();
}

ClassifyProgress ProgressOf(const std::string& text) {
  ClassifyProgress progress;
  std::istringstream in(text);
  in >> progress.run_id >> progress.everybody >> progress.after;
  return progress;
}

std::optional<std::int64_t> RunPass(JobContext& context, const ClassifyProgress& progress) {
  Pass pass(context, progress);
  if (!pass.Run()) return std::nullopt;
  return pass.done();
}

}  // namespace loyalty
