// Moves between stages: a list of those that were, and those that come.
#include <deque>
#include <sstream>

#include "services/codec/names.h"
#include "services/rpc/lifecycle_codec.h"
#include "services/rpc/page_token.h"
#include "services/rpc/read_member.h"
#include "services/rpc/retention_service.h"
#include "services/rpc/watch.h"
#include "storage/member_reads.h"

namespace loyalty {
namespace {

constexpr int kReadAtOnce = 1'000;  // rows looked at for a page, whatever of them passes the filter
constexpr int kWatchedAtOnce = 200;

void FillAll(storage::Session& session, const std::vector<storage::TransitionRow>& rows, const ProgramKeys& keys,
             const std::function<void(v1::LifecycleTransition)>& take) {
  std::vector<std::int64_t> ids;
  for (const auto& row : rows) ids.push_back(row.member_id);
  const auto names = storage::ReadPublicIds(session, ids);
  for (const auto& row : rows) {
    v1::LifecycleTransition transition;
    const auto name = names.find(row.member_id);
    FillTransition(row, name == names.end() ? 0 : name->second, keys, transition);
    take(std::move(transition));
  }
}

struct Window {
  Day from = 0;
  Day until = retention::kNeverDay;
};

Result<Window> WindowOf(const v1::ListTransitionsRequest& request) {
  Window window;
  if (!request.from_date().empty()) {
    const auto day = ParseDay(request.from_date());
    if (!day) return InvalidField("from_date", "a day: YYYY-MM-DD, or empty");
    window.from = *day;
  }
  if (!request.until_date().empty()) {
    const auto day = ParseDay(request.until_date());
    if (!day || *day < window.from) return InvalidField("until_date", "a day: YYYY-MM-DD, not before from_date");
    window.until = *day;
  }
  if (!v1::TransitionDirection_IsValid(request.direction())) return InvalidField("direction", "FORWARD or BACKWARD");
  if (!v1::TransitionCause_IsValid(request.cause())) return InvalidField("cause", "unknown");
  if (!v1::LifecycleStage_IsValid(request.to_stage())) return InvalidField("to_stage", "unknown");
  if (!v1::LifecycleStage_IsValid(request.from_stage())) return InvalidField("from_stage", "unknown");
  if (!request.member().empty())
    if (const auto name = ParseMemberName("member", request.member()); !name) return name.error();
  return window;
}

// Those that are looked at for a page. Errors: kMemberUnknown.
Result<std::vector<storage::TransitionRow>> RowsOf(storage::Session& session, const v1::ListTransitionsRequest& request,
                                                   const storage::TransitionKey& after, Day until) {
  if (request.member().empty()) return storage::ReadTransitions(session, after, until, kReadAtOnce);
  const auto member = storage::FindMember(session, *ParseMemberName("member", request.member()));
  if (!member) return MemberUnknown();
  return storage::ReadTransitionsOf(session, member->id, after, until, kReadAtOnce);
}

bool Passes(const v1::ListTransitionsRequest& request, const v1::LifecycleTransition& transition) {
  return (request.direction() == v1::TRANSITION_DIRECTION_UNSPECIFIED ||
          request.direction() == transition.direction()) &&
         (request.cause() == v1::TRANSITION_CAUSE_UNSPECIFIED || request.cause() == transition.cause()) &&
         (request.to_stage() == v1::LIFECYCLE_STAGE_UNSPECIFIED || request.to_stage() == transition.to().stage()) &&
         (request.from_stage() == v1::LIFECYCLE_STAGE_UNSPECIFIED || request.from_stage() == transition.from().stage());
}

std::string TextOf(const storage::TransitionRow& row) {
  std::ostringstream text;
  text << row.transition.day << ' ' << row.member_id << ' ' << row.seq;
  return text.str();
}

storage::TransitionKey KeyOf(const std::string& text, Day from) {
  storage::TransitionKey key{.day = from, .member_id = 0, .seq = 0};
  std::istringstream in(text);
  if (!text.empty()) in >> key.day >> key.member_id >> key.seq;
  return key;
}

}  // namespace

Status ListTransitions(Call& call, const v1::ListTransitionsRequest& request, v1::ListTransitionsResponse& response) {
  const std::string scope = "transitions|" + request.from_date() + "|" + request.until_date() + "|" +
                            std::to_string(request.direction()) + "|" + std::to_string(request.cause()) + "|" +
                            request.member() + "|" + std::to_string(request.to_stage()) + "|" +
                            std::to_string(request.from_stage());
  const auto window = WindowOf(request);
  if (!window) return window.error();
  if (const Status ok = CheckPage(request, call.deps().keys, scope); !ok) return ok;
  return StartRead(
      call, [&call, &request, &response, scope, window = *window](storage::Session& session) -> Result<bool> {
        const auto size = static_cast<std::size_t>(*PageSize(request.page_size()));
        const auto after = KeyOf(*ReadPageToken(call.deps().keys, scope, request.page_token()), window.from);
        const auto found = RowsOf(session, request, after, window.until);
        if (!found) return found.error();
        const auto& rows = *found;
        response.Clear();
        std::size_t looked_at = 0;
        FillAll(session, rows, call.deps().keys, [&](v1::LifecycleTransition transition) {
          if (static_cast<std::size_t>(response.transitions_size()) == size) return;
          ++looked_at;
          if (Passes(request, transition)) *response.add_transitions() = std::move(transition);
        });
        const bool more = looked_at < rows.size() || rows.size() == kReadAtOnce;
        if (more) response.set_next_page_token(MakePageToken(call.deps().keys, scope, TextOf(rows[looked_at - 1])));
        return true;
      });
}

std::unique_ptr<Stream> WatchTransitions(StreamWire& wire, const v1::WatchTransitionsRequest& request) {
  std::int64_t position = request.resume_position();
  std::deque<v1::LifecycleTransition> waiting;
  const auto look = [position, waiting, &keys = wire.deps().keys](
                        storage::Session& session, v1::WatchTransitionsResponse& response) mutable -> Result<Sight> {
    if (position < -1) return InvalidField("resume_position", "a position, 0 or -1");
    if (position == -1) position = storage::LastTransitionPosition(session);
    if (waiting.empty())
      FillAll(session, storage::ReadTransitionsAfter(session, position, kWatchedAtOnce), keys,
              [&waiting](v1::LifecycleTransition transition) { waiting.push_back(std::move(transition)); });
    if (waiting.empty()) {
      response.Clear();
      return Sight::kNothing;
    }
    *response.mutable_transition() = std::move(waiting.front());
    waiting.pop_front();
    position = response.transition().position();
    return Sight::kMessage;
  };
  return std::make_unique<Watch<v1::WatchTransitionsResponse>>(wire, look);
}

}  // namespace loyalty
