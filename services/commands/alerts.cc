#include "services/commands/alerts.h"

#include <algorithm>
#include <tuple>

namespace loyalty {
namespace {

using storage::AlertRow;
using storage::AlertState;

// Whose alert it is: that of whom the limit counts.
AlertRow::Key KeyOf(const Passed& passed) {
  const int limit = static_cast<int>(passed.limit);
  if (passed.limit == Limit::kRedeemedPointsPerTerminalDay || passed.limit == Limit::kLookupsPerTerminalMinute)
    return {0, passed.terminal_id, 0, "", limit, passed.day};
  if (passed.limit == Limit::kRedeemedPointsPerStoreDay) return {0, 0, passed.store_id, "", limit, passed.day};
  if (passed.limit == Limit::kRedeemedPointsPerOperatorDay)
    return {0, 0, passed.store_id, passed.operator_id, limit, passed.day};
  return {passed.member_id, 0, 0, "", limit, passed.day};
}

}  // namespace

void NeedAlert(const Passed& passed, Needs& needs) { needs.Below<AlertRow>(KeyOf(passed)); }

void RaiseAlert(Context& context, const Passed& passed, const Bytes& request) {
  const Instant now = context.rules.now;
  AlertRow* alert = context.set.Find<AlertRow>(KeyOf(passed));
  if (alert == nullptr) {
    AlertRow row;
    std::tie(row.member_id, row.terminal_id, row.by_store_id, row.by_operator, row.limit, row.day) = KeyOf(passed);
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
