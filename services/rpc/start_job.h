// Requests for what takes longer than a call.
#pragma once

#include "services/codec/names.h"
#include "services/jobs/work.h"
#include "services/queue/job_bell.h"
#include "services/rpc/admin_command.h"
#include "services/rpc/read_member.h"

namespace loyalty {

// Lays a job down and answers it. `request` was checked, its request_id too; the job finds it as it is. `check`, where
// there is one, sees the transaction.
template <typename Response, typename Request>
Status StartJob(Call& call, v1::JobKind kind, const Request& request, Response& response,
                std::function<Status(const AdminStep& step)> check = {}) {
  const auto change = [kind, request, check = std::move(check)](const AdminStep& step) -> Result<AdminOutcome> {
    if (check)
      if (const Status ok = check(step); !ok) return ok.error();
    auto row = NewJob(kind, request.request_id(), request, step.now());
    row.id = storage::NextJobId(step.session);
    step.set.Put(row);
    Response stored;
    *stored.mutable_job() = JobMessage(row);
    return AdminOutcome{Made(stored), "job.start", JobName(row.id), v1::JobKind_Name(kind)};
  };
  auto command = AdminCommandFor(call, request, change);
  return SubmitWrite(call, std::move(command), [&response, &bell = call.deps().job_bell](const Answer& answer) {
    TakeResult(answer, response);
    bell.Ring();
  });
}

// A job about one member or about all of them. Errors: kInvalidArgument (request_id, member), kMemberUnknown.
template <typename Response, typename Request>
Status StartMemberJob(Call& call, v1::JobKind kind, const Request& request, Response& response) {
  if (const Status ok = CheckRequestId(request.request_id()); !ok) return ok;
  if (request.member().empty()) return StartJob(call, kind, request, response);
  const auto name = ParseMemberName("member", request.member());
  if (!name) return name.error();
  return StartJob(call, kind, request, response, [name = *name](const AdminStep& step) -> Status {
    if (!storage::FindMember(step.session, name)) return MemberUnknown();
    return Ok{};
  });
}

}  // namespace loyalty
