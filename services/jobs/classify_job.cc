// ClassifyMembers: a new measure where it is time for one, then the members.
#include "services/catalogue/measure_codec.h"
#include "services/codec/retention_codec.h"
#include "services/jobs/classify_pass.h"
#include "services/jobs/measurement.h"
#include "services/jobs/work.h"
#include "services/queue/write_queue.h"

namespace loyalty {
namespace {

using storage::RunKind;

// Lays a new measure down and makes it known to all servers before anybody is classified by it.
bool PublishMeasure(JobContext& context, const v1::MeasureRun& run, ClassifyProgress& progress) {
  return context.Step(
      [&](StepView& view) -> Status {
        progress = {.run_id = storage::NextRetentionRun(view.session), .everybody = true};
        view.set.Put(storage::RetentionRunRow{progress.run_id, RunKind::kMeasure, 0, RunText(run), view.rules.now, 0});
        ++view.set.Find<storage::ProgramRow>(1)->generation;
        view.job->done = 0;
        view.job->result = TextOf(progress);
        return Ok{};
      },
      {.locks_program = true});
}

// From here on nobody is classified by an older measure. False: stop.
bool AwaitMeasure(JobContext& context, std::int64_t run_id) {
  context.deps().snapshots.Refresh();
  // No other server decides by a snapshot that is older; a database that is away may have kept ours.
  if (context.session().engine() != storage::Engine::kSqlite)
    context.Pause(std::chrono::milliseconds(kSnapshotAgeMax / (kSecond / 1'000)));
  const auto measure = context.snapshot()->measure;
  if (!measure || measure->run_id < run_id) return false;
  context.GiveWay({});
  // Behind the batches that may have begun with an older snapshot, on whatever lane.
  context.deps().queue.AwaitBatches();
  return true;
}

}  // namespace

JobEnd WorkOnClassification(JobContext& context) {
  v1::ClassifyMembersRequest request;
  if (!ReadRequest(context.job(), request))
    return context.Fail({Reason::kInternal, "a stored job cannot be read; is this server older?", {}});
  ClassifyProgress progress = ProgressOf(context.job().result);
  bool in_force = false;  // for as long as anybody can remember
  if (progress.run_id == 0) {
    const auto measure = context.snapshot()->measure;
    if (!measure && request.measure() == v1::MEASURE_CHOICE_KEEP)
      return context.Fail({Reason::kNotClassified, "there is no measure to keep yet", {}});
    const bool anew = !measure || request.measure() == v1::MEASURE_CHOICE_NEW ||
                      (request.measure() == v1::MEASURE_CHOICE_UNSPECIFIED && IsOutdated(context, *measure));
    // What time has changed under the old measure is no matter of the new one.
    if (measure && anew && !RunPass(context, {})) return context.ended();
    if (anew) {
      const auto run = MakeMeasure(context);
      if (!run) return context.ended();
      // Here, not in the step: its tables take milliseconds, and tills wait for the lane.
      if (const auto valid = ToMeasure(0, *run); !valid) return context.Fail(valid.error());
      if (!PublishMeasure(context, *run, progress)) return context.ended();
    } else {
      progress = {.run_id = measure->run_id, .everybody = request.everybody()};
      in_force = true;
    }
  }
  if (!in_force && !AwaitMeasure(context, progress.run_id)) return context.ended();
  const auto done = RunPass(context, progress);
  if (!done) return context.ended();
  return context.Finish([&](StepView& view) -> Result<std::string> {
    view.job->done = *done;
    view.job->total = std::max(view.job->total, view.job->done);
    return RunName(progress.run_id);
  });
}

}  // namespace loyalty
