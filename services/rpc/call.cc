#include "services/rpc/call.h"

#include "services/batch/run_batch.h"
#include "services/queue/failure_error.h"
#include "services/queue/read_workers.h"
#include "services/queue/write_queue.h"
#include "storage/guards.h"

namespace loyalty {

Status FinishNow(Call& call) {
  call.Finish(Ok{});
  return Ok{};
}

Status StartRead(Call& call, std::function<Result<bool>(storage::Session&)> read) {
  call.deps().reads.Start({[&call, read = std::move(read)](storage::Session& session) {
                             const Result<bool> done = read(session);
                             // Whoever hung up, or is being stopped, waits for nothing.
                             if (done && !*done && !call.IsCancelled()) return false;
                             if (done && !*done) {
                               call.FinishCancelled();
                             } else {
                               call.Finish(done ? Status(Ok{}) : done.error());
                             }
                             return true;
                           },
                           [&call](const Error& error) { call.Finish(error); }, call.deadline, call.now + kPatience,
                           call.request_bytes, call.caller.principal_id});
  return Ok{};
}

Status StartNotedRead(Call& call, std::function<Result<std::optional<std::int64_t>>(storage::Session&)> read) {
  call.deps().reads.Start(
      {[&call, read = std::move(read)](storage::Session& session) {
         const auto member_id = read(session);
         if (member_id && !*member_id && !call.IsCancelled()) return false;
         if (member_id && !*member_id) {
           call.FinishCancelled();
           return true;
         }
         if (!member_id) {
           call.Finish(member_id.error());
           return true;
         }
         Command command;
         command.request_id = "read";
         command.principal_id = call.caller.principal_id;
         command.deadline = call.deadline;
         command.payload = NoteRead{call.caller.principal_id, **member_id, std::string(call.method())};
         if (const Status ok = SubmitWrite(call, std::move(command), [](const Answer&) {}); !ok) call.Finish(ok);
         return true;
       },
       [&call](const Error& error) { call.Finish(error); }, call.deadline, call.now + kPatience, call.request_bytes,
       call.caller.principal_id});
  return Ok{};
}

Status StartLongRead(Call& call, std::function<Status(storage::Session&)> read) {
  call.deps().reads.StartLong({[&call, read = std::move(read)](storage::Session& session) {
                                 const Status done = read(session);
                                 if (call.IsCancelled()) {
                                   call.FinishCancelled();
                                 } else {
                                   call.Finish(done);
                                 }
                                 return true;
                               },
                               [&call](const Error& error) { call.Finish(error); }, call.deadline});
  return Ok{};
}

void DecideSoon(const Deps& deps, std::shared_ptr<const Snapshot> snapshot, Command command, Done done) {
  const Instant deadline = command.deadline;
  const std::size_t bytes = command.bytes;
  const std::int64_t principal = command.principal_id;
  deps.reads.Start(
      {[&deps, snapshot = std::move(snapshot), command = std::move(command), done](storage::Session& session) {
         done(DecideOnly(session, *snapshot, deps.keys, deps.clock(), command));
         return true;
       },
       [done](const Error& error) { done(error); }, deadline, kNever, bytes, principal});
}

Status SubmitWrite(Call& call, Command command, std::function<void(const Answer&)> fill) {
  const auto done = [&call, fill = std::move(fill)](Result<Answer> answer) {
    if (!answer) return call.Finish(ForCaller(answer.error()));
    call.replayed = answer->replayed;
    fill(*answer);
    call.Finish(Ok{});
  };
  if (!command.only_decide || !storage::TheGuards().quotes_read)
    return call.deps().queue.Submit(std::move(command), done);
  DecideSoon(call.deps(), call.snapshot, std::move(command), done);
  return Ok{};
}

Status StartLongWrite(Call& call, std::function<Result<Command>(storage::Session&)> compute,
                      std::function<void(const Answer&)> fill) {
  call.deps().reads.StartLong(
      {[&call, compute = std::move(compute), fill = std::move(fill)](storage::Session& session) {
         Result<Command> command = compute(session);
         if (call.IsCancelled()) {
           call.FinishCancelled();
         } else if (const Status ok = command ? SubmitWrite(call, *std::move(command), fill) : command.error(); !ok) {
           call.Finish(ok);
         }
         return true;
       },
       [&call](const Error& error) { call.Finish(error); }, call.deadline});
  return Ok{};
}

}  // namespace loyalty
