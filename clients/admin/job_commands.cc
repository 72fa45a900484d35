// loyalty-admin jobs: what the server works on by itself.
#include <memory>

#include "clients/jobs.h"
#include "clients/names.h"
#include "clients/output.h"
#include "clients/pages.h"
#include "clients/program.h"
#include "clients/table.h"
#include "loyalty/v1/job_service.grpc.pb.h"

namespace loyalty::client {
namespace {

using Stub = v1::JobService::Stub;

constexpr std::int64_t kJobsShown = 20;

std::unique_ptr<Stub> StubOf(const Session& session) { return v1::JobService::NewStub(session.connection().channel()); }

std::string KindText(const v1::Job& job) { return EnumText(*v1::JobKind_descriptor(), job.kind()); }

Outcome List(Session& session, std::int64_t limit) {
  v1::ListJobsResponse list;
  if (auto failed = ReadPages(session, *StubOf(session), &Stub::ListJobs, "list jobs", v1::ListJobsRequest(), limit,
                              &list, [](const auto& page) { return page.jobs_size(); }))
    return failed;
  if (session.format() == OutputFormat::kJson) {
    PrintJson(list);
    return {};
  }
  Table table({{"job"}, {"asked for"}, {"kind"}, {"state"}});
  for (const auto& job : list.jobs())
    table.AddRow({job.name(), TimeText(true, job.create_time()), KindText(job), JobText(job)});
  Print(table.Render(StdoutWantsColour()));
  return {};
}

void ShowJob(const Session& session, const v1::Job& job) {
  if (session.format() == OutputFormat::kJson) return PrintJson(job);
  FactSheet sheet;
  sheet.Add("Job", job.name());
  sheet.Add("Kind", KindText(job));
  sheet.Add("State", JobText(job));
  sheet.Add("Asked for", TimeText(true, job.create_time()));
  sheet.Add("Moved", TimeText(true, job.update_time()));
  Print(sheet.Render());
}

Outcome Show(Session& session, const std::string& name) {
  v1::GetJobRequest request;
  request.set_name(FullName("jobs", name));
  v1::GetJobResponse response;
  if (auto failed = session.Read(*StubOf(session), &Stub::GetJob, "show job", request, &response)) return failed;
  ShowJob(session, response.job());
  return {};
}

Outcome Cancel(Session& session, const std::string& name) {
  v1::CancelJobRequest request;
  request.set_name(FullName("jobs", name));
  v1::CancelJobResponse response;
  Mutation mutation{.doing = "cancel job", .command = {}};
  if (auto failed = session.Mutate(*StubOf(session), &Stub::CancelJob, mutation, request, &response)) return failed;
  ShowJob(session, response.job());
  return {};
}

Outcome WatchToEnd(Session& session, const std::string& name) {
  v1::Job job;
  job.set_name(FullName("jobs", name));
  v1::RetentionRun run;
  if (auto failed = AwaitJob(session, job, run)) return failed;
  return Show(session, name);
}

void AddOne(const Command& group, Program& program, const char* name, const char* description,
            Outcome (*action)(Session&, const std::string&)) {
  const auto command = group.AddCommand(name, description);
  auto job = std::make_shared<std::string>();
  command.Add("job", *job, "The job").Type("jobs/J").Required();
  command.Footer(std::string("Example:\n  loyalty-admin jobs ") + name + " jobs/7");
  command.OnUse(
      [&program, job, action] { program.Choose([job, action](Session& session) { return action(session, *job); }); });
}

void AddJobCommands(Program& program) {
  const auto group = program.app().AddCommand("jobs", "What the server works on by itself");
  group.RequireCommand();
  const auto list = group.AddCommand("list", "Jobs, newest first");
  auto limit = std::make_shared<std::int64_t>(kJobsShown);
  list.Add("--limit", *limit, "At most this many").Positive().ShowDefault();
  list.Footer("Example:\n  loyalty-admin jobs list --limit 5 --output json");
  list.OnUse([&program, limit] { program.Choose([limit](Session& session) { return List(session, *limit); }); });
  AddOne(group, program, "show", "One job", Show);
  AddOne(group, program, "watch", "Wait for the end of a job; exit 1 when it failed", WatchToEnd);
  AddOne(group, program, "cancel", "End a job; what it has done stays done", Cancel);
}

const ProgramCommands kJobCommands{AddJobCommands};

}  // namespace
}  // namespace loyalty::client
