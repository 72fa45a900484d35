// Moves between stages.
#include "clients/output.h"
#include "clients/retention/lifecycle.h"
#include "clients/server_error.h"
#include "clients/table.h"
#include "loyalty/v1/retention_service.grpc.pb.h"

namespace loyalty::client {
namespace {

using Stub = v1::RetentionService::Stub;

constexpr std::int64_t kPageMost = 1'000;
constexpr std::chrono::hours kWatchMax{1};

v1::TransitionDirection DirectionOf(const std::string& text) {
  if (text == "forward") return v1::TRANSITION_DIRECTION_FORWARD;
  return text == "backward" ? v1::TRANSITION_DIRECTION_BACKWARD : v1::TRANSITION_DIRECTION_UNSPECIFIED;
}

v1::TransitionCause CauseOf(const std::string& text) {
  v1::TransitionCause cause = v1::TRANSITION_CAUSE_UNSPECIFIED;
  std::string name = "TRANSITION_CAUSE_";
  for (const char c : text) name += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  v1::TransitionCause_Parse(name, &cause);
  return cause;
}

std::string DirectionText(v1::TransitionDirection direction) {
  return direction == v1::TRANSITION_DIRECTION_UNSPECIFIED ? ""
                                                           : EnumText(*v1::TransitionDirection_descriptor(), direction);
}

}  // namespace

Outcome ShowMoves(Session& session, const MoveOptions& options) {
  v1::ListTransitionsRequest request;
  request.set_from_date(options.from);
  request.set_until_date(options.until);
  request.set_direction(DirectionOf(options.direction));
  request.set_cause(CauseOf(options.cause));
  v1::ListTransitionsResponse all;
  const auto stub = v1::RetentionService::NewStub(session.connection().channel());
  do {
    request.set_page_size(static_cast<std::int32_t>(std::min(options.limit - all.transitions_size(), kPageMost)));
    v1::ListTransitionsResponse page;
    if (auto failed = session.Read(*stub, &Stub::ListTransitions, "list transitions", request, &page)) return failed;
    all.mutable_transitions()->MergeFrom(page.transitions());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty() && all.transitions_size() < options.limit);
  if (session.format() == OutputFormat::kJson) {
    PrintJson(all);
    return {};
  }
  Table table({{"date"}, {"member"}, {"from"}, {"to"}, {"direction"}, {"cause"}, {"because"}});
  for (const auto& move : all.transitions())
    table.AddRow({move.date(), move.name().substr(0, move.name().find("/transitions")),
                  StageText(move.from().stage()) + ", " + SegmentText(move.from()),
                  StageText(move.to().stage()) + ", " + SegmentText(move.to()), DirectionText(move.direction()),
                  EnumText(*v1::TransitionCause_descriptor(), move.cause()), RuleText(move.rule())});
  Print(table.Render(StdoutWantsColour()));
  return {};
}

Outcome FollowMoves(Session& session, std::int64_t position) {
  const auto stub = v1::RetentionService::NewStub(session.connection().channel());
  v1::WatchTransitionsRequest request;
  request.set_resume_position(position);
  const RetryPolicy policy;
  for (int failures = 0;;) {
    grpc::ClientContext context;
    session.connection().Prepare(context, kWatchMax);
    const auto stream = stub->WatchTransitions(&context, request);
    v1::WatchTransitionsResponse response;
    bool any = false;
    while (stream->Read(&response)) {
      const auto& move = response.transition();
      any = true;
      request.set_resume_position(move.position());
      if (session.format() == OutputFormat::kJson) {
        PrintJson(move);
      } else {
        Print(move.date() + " " + move.name() + " " + StageText(move.from().stage()) + " -> " +
              StageText(move.to().stage()) + ", " + SegmentText(move.to()) + " (" +
              EnumText(*v1::TransitionCause_descriptor(), move.cause()) + ", position " +
              std::to_string(move.position()) + ")\n");
      }
    }
    ServerError error = Explain(stream->Finish());
    failures = any ? 1 : failures + 1;
    // The watch has a deadline, so that one that is forgotten ends.
    if (error.code == grpc::StatusCode::DEADLINE_EXCEEDED) failures = 0;
    if (failures > 0 && (!IsRetryable(error, true) || failures >= policy.attempts_max))
      return ToFailure(error, "watch transitions");
    session.connection().Wait(Backoff(policy, failures, error.retry_delay, RandomUnit()));
  }
}

}  // namespace loyalty::client
