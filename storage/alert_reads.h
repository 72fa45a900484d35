// Alerts, read back. They throw Failure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "storage/session.h"
#include "storage/tables/alerts.h"

namespace loyalty::storage {

// Which alerts; 0 or nothing: all.
struct AlertFilter {
  int state = 0;
  std::optional<AlertKind> kind;
  std::int64_t store_id = 0;
  Instant from = 0;     // passed at or after it
  Instant to = kNever;  // passed last before it
};

// At most `limit` that come behind the one with the id `before`, newest first; kNever: from the newest on. Their ids
// are no order: servers draw them from blocks.
std::vector<AlertRow> ReadAlerts(Session& session, const AlertFilter& filter, std::int64_t before, int limit);

// One, by its id.
std::optional<AlertRow> FindAlert(Session& session, std::int64_t id);

// Names of principals, by id.
std::map<std::int64_t, std::string> ReadPrincipalNames(Session& session, const std::vector<std::int64_t>& ids);

}  // namespace loyalty::storage
