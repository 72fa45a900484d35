#include "services/commands/alerts.h"

#include <algorithm>
#include <tuple>

namespace loyalty {
namespace {

using storage::AlertRow;
using storage::AlertState;

AlertRow::Key KeyOf(const Passed& passed) {
  const bool of_terminal =
      passed.limit == Limit::kRedeemedPointsPerTerminalDay || passed.limit == Limit::kLookupsPerTerminalMinute;
  return {of_terminal ? 0 : passed.member_id, of_terminal ? passed.terminal_id : 0, static_cast<int>(passed.limit),
          passed.day};
}

}  // namespace

void NeedAlert(const Passed& passed, Needs& needs) { needs.Below<AlertRow>(KeyOf(passed)); }

void RaiseAlert(Context& context, const Passed& passed, const Bytes& request) {
  const Instant now = context.rules.now;
  AlertRow* alert = context.set.Find<AlertRow>(KeyOf(passed));
  if (alert == nullptr) {
    AlertRow row;
    std::tie(row.member_id, row.terminal_id, row.limit, row.day) = KeyOf(passed);
    row.id = context.draws.id;
    row.first_time = now;
    row.count = 0;
    alert = &context.set.Put(std::move(row));
  } else if (!request.value.empty() && alert->last_request == request) {
    return;
  }
  ++alert->count;
  alert->last_time = std::max(alert->last_time, now);
  alert->place_id = passed.terminal_id;
  alert->store_id = passed.store_id;
  alert->last_request = request;
  alert->state = AlertState::kOpen;
  alert->resolved_by = 0;
  alert->resolve_time = 0;
  alert->note.clear();
}

}  // namespace loyalty
