// Moves between stages.
#include "clients/names.h"
#include "clients/output.h"
#include "clients/pages.h"
#include "clients/retention/lifecycle.h"
#include "clients/table.h"
#include "clients/watch.h"
#include "loyalty/v1/retention_service.grpc.pb.h"

namespace loyalty::client {
namespace {

using Stub = v1::RetentionService::Stub;

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

// ACQUIRE ... REACTIVATE; nothing for an empty text.
v1::LifecycleStage StageOf(const std::string& text) {
  v1::LifecycleStage stage = v1::LIFECYCLE_STAGE_UNSPECIFIED;
  v1::LifecycleStage_Parse("LIFECYCLE_STAGE_" + text, &stage);
  return stage;
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
  if (!options.member.empty()) request.set_member(FullName("members", options.member));
  request.set_from_stage(StageOf(options.from_stage));
  request.set_to_stage(StageOf(options.to_stage));
  v1::ListTransitionsResponse all;
  const auto stub = v1::RetentionService::NewStub(session.connection().channel());
  if (auto failed = ReadPages(session, *stub, &Stub::ListTransitions, "list transitions", request, options.limit, &all,
                              [](const auto& page) { return page.transitions_size(); }))
    return failed;
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
  const auto open = [&](grpc::ClientContext& context) { return stub->WatchTransitions(&context, request); };
  return Watch<v1::WatchTransitionsResponse>(session, "watch transitions", open, [&](const auto& response) {
    if (!response.has_transition()) return true;  // only says that the server is there
    const v1::LifecycleTransition& move = response.transition();
    request.set_resume_position(move.position());
    if (session.format() == OutputFormat::kJson) {
      PrintJson(move);
    } else {
      Print(move.date() + " " + move.name() + " " + StageText(move.from().stage()) + " -> " +
            StageText(move.to().stage()) + ", " + SegmentText(move.to()) + " (" +
            EnumText(*v1::TransitionCause_descriptor(), move.cause()) + ", position " +
            std::to_string(move.position()) + ")\n");
    }
    return true;
  });
}

}  // namespace loyalty::client
